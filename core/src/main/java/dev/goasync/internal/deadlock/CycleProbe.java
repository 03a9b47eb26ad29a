package dev.goasync.internal.deadlock;

import dev.goasync.internal.loop.Conclusions;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Wait;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds a cycle of waits that leads through several loops, which no loop sees alone.
 *
 * <p>Protocol, after Chandy, Misra and Haas (1983): a fiber that pauses in a wait which leads to
 * another loop sends a probe. The probe goes from the fiber to its blocker, and so on, as a task of
 * each blocker's loop: there the wait of a fiber can be read, since the fiber does not run
 * meanwhile. Of the waits of a cycle one is entered last, and its probe returns to its origin. As a
 * wait on the way may have ended after the probe passed, the probe goes round twice; only if it
 * meets the same waits is it a cycle. A wait that a pending cancel or a time limit will end stops
 * the probe.
 */
final class CycleProbe {
  private static final int MAX_WAITS = 1000;

  private final Fiber origin;
  private final Wait wait;
  private final Consumer<String> found;
  private List<Wait> firstRound = List.of();
  private List<Wait> met = new ArrayList<>();

  /** The loops on the way, but that of the origin. */
  private final Set<Loop> loops = new LinkedHashSet<>();

  private CycleProbe(Fiber origin, Wait wait, Consumer<String> found) {
    this.origin = origin;
    this.wait = wait;
    this.found = found;
  }

  /**
   * Sends a probe; {@code origin} pauses, or is about to, in {@code wait}. On the loop of {@code
   * origin} or the home of the primitive that it waits for.
   *
   * @param next the blocker of the wait
   * @param found receives the report of a cycle, on the loop of {@code origin}, while it still
   *     waits
   */
  static void send(Fiber origin, Wait wait, Fiber next, Consumer<String> found) {
    new CycleProbe(origin, wait, found).goTo(next);
  }

  private void goTo(Fiber next) {
    next.loop().executeQuietly(() -> visit(next));
  }

  private void visit(Fiber fiber) {
    Wait entered = fiber.waiting();
    if (entered == null || entered.isFinished() || fiber.isCancelDue()) {
      return;
    }
    if (fiber.loop() != origin.loop()) {
      loops.add(fiber.loop());
    }
    if (fiber == origin) {
      if (entered == wait) {
        returned();
      }
    } else if (met.size() < MAX_WAITS && !met.contains(entered)) {
      met.add(entered);
      entered.visitBlocker(this::goTo);
    }
  }

  private void returned() {
    if (firstRound.isEmpty()) {
      firstRound = met;
      met = new ArrayList<>();
      wait.visitBlocker(this::goTo);
    } else if (met.equals(firstRound)) {
      var report = new StringBuilder(origin.describe()).append(" waits for ");
      report.append(wait.describe()).append(", which waits for it, through ");
      report.append(met.size()).append(" wait(s) on several loops");
      Conclusions.appendRecent(report, origin.loop());
      loops.forEach(loop -> Conclusions.appendRecent(report, loop));
      found.accept(report.toString());
    }
  }
}
