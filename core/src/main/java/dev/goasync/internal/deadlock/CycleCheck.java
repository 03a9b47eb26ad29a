package dev.goasync.internal.deadlock;

import dev.goasync.internal.loop.Conclusions;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.util.Log;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Refuses a wait that would close a cycle in the wait-for graph which nothing can break. */
public final class CycleCheck {
  private static final int NO_CYCLE = -1;
  private static final int CROSSES_LOOPS = -2;

  private CycleCheck() {}

  /**
   * To be called before {@code fiber} pauses in {@code wait}. Loop of the fiber, or the home of the
   * primitive that it waits for.
   *
   * @param blocker the fiber that must make progress first, if it is known
   * @param foundLater receives the report of a cycle through several loops, on the fiber's loop,
   *     while the fiber waits
   * @return the report of a cycle on this loop, for which the caller must throw; else null
   */
  public static @Nullable String check(
      Fiber fiber, Wait wait, @Nullable Fiber blocker, Consumer<String> foundLater) {
    DeadlockOption option = DeadlockOption.chosen();
    if (blocker == null || option == DeadlockOption.OFF || fiber.isCancelDue()) {
      return null;
    }
    int length = cycleLength(fiber, wait);
    if (length == CROSSES_LOOPS) {
      CycleProbe.send(
          fiber, wait, blocker, option == DeadlockOption.LOG ? CycleCheck::log : foundLater);
    }
    if (length < 0) {
      return null;
    }
    var report = new StringBuilder(fiber.describe()).append(" would wait for ");
    report.append(wait.describe()).append(", which waits for it, through ");
    report.append(length).append(" wait(s)");
    Conclusions.appendRecent(report, fiber.loop());
    if (option == DeadlockOption.LOG) {
      log(report.toString());
      return null;
    }
    return report.toString();
  }

  private static void log(String report) {
    Log.error(report, null);
  }

  /**
   * Follows the wait-for graph from {@code entered}, as far as each wait has one known blocker on
   * the loop of {@code origin}.
   *
   * @return how many waits lead back to {@code origin}; {@link #NO_CYCLE}; or {@link
   *     #CROSSES_LOOPS} if another loop knows the next blocker
   */
  private static int cycleLength(Fiber origin, Wait entered) {
    Wait link = entered;
    for (int steps = 0; link != null && steps <= origin.loop().fiberCount(); steps++) {
      if (link.isKnownToAnotherLoop()) {
        return CROSSES_LOOPS;
      }
      if (link.isBlockedBy(origin)) {
        return steps;
      }
      Fiber blocker = link.blocker();
      if (blocker != null && blocker.loop() != origin.loop()) {
        return CROSSES_LOOPS;
      }
      if (blocker == null || blocker.isCancelDue()) {
        return NO_CYCLE;
      }
      link = blocker.waiting();
      if (link != null && link.isFinished()) {
        return NO_CYCLE;
      }
    }
    return NO_CYCLE;
  }
}
