package dev.goasync.internal.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds a cycle of waits that leads through several loops, which no loop sees alone.
 *
 * <p>Protocol, after Chandy, Misra and Haas (1983): whoever pauses in a wait that leads to another
 * loop sends a probe along. It goes from the fiber to the one that it waits for, and so on, as a
 * task of each one's loop: there what a fiber waits for can be read, for it does not run meanwhile.
 * Of the waits of a cycle one is entered last, and its probe comes back. As a wait on the way may
 * have ended behind the probe's back, it goes round twice, and only if the same waits were met is
 * it a cycle.
 */
public final class CycleProbe {
  private static final int LONGEST = 1000;

  private final Fiber origin;
  private final Wait wait;
  private final Consumer<String> found;
  private List<Wait> firstRound = List.of();
  private List<Wait> met = new ArrayList<>();

  private CycleProbe(Fiber origin, Wait wait, Consumer<String> found) {
    this.origin = origin;
    this.wait = wait;
    this.found = found;
  }

  /**
   * Sends a probe off; {@code origin} pauses, or is about to, in {@code wait}. Its own loop, or the
   * home of what it waits for.
   *
   * @param next whom the wait is for
   * @param found told of the cycle, in words, on {@code origin}'s loop while it still waits
   */
  public static void send(Fiber origin, Wait wait, Fiber next, Consumer<String> found) {
    new CycleProbe(origin, wait, found).goTo(next);
  }

  private void goTo(Fiber next) {
    next.loop().executeQuietly(() -> visit(next));
  }

  private void visit(Fiber fiber) {
    Wait entered = fiber.waiting();
    if (entered == null || entered.isFinished() || entered.cancelRequested) {
      return;
    }
    if (fiber == origin) {
      if (entered == wait) {
        comeBack();
      }
    } else if (met.size() < LONGEST && !met.contains(entered)) {
      met.add(entered);
      entered.visitBlocker(this::goTo);
    }
  }

  private void comeBack() {
    if (firstRound.isEmpty()) {
      firstRound = met;
      met = new ArrayList<>();
      wait.visitBlocker(this::goTo);
    } else if (met.equals(firstRound)) {
      found.accept(
          origin.describe()
              + " waits for "
              + wait.describe()
              + ", which waits for it, through "
              + met.size()
              + " wait(s) on several loops");
    }
  }
}
