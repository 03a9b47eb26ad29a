package dev.goasync.testing;

import dev.goasync.internal.simulated.Choices;
import dev.goasync.internal.simulated.WorldEnd;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a run that fails simpler: searches for fewer random choices that show the same failure. The
 * choices that are left out take their simplest value, see {@link Choices}.
 *
 * <p>The search tries to leave out all choices, then halves, quarters and so on, as delta debugging
 * does (Zeller and Hildebrandt, 2002): first the random numbers of the test, with which faults are
 * drawn, then the schedule. It ends when no single choice can be left out, or after a number of
 * runs.
 */
final class Shrinker {
  /** Runs the seed again. */
  @FunctionalInterface
  interface Runner {
    WorldEnd run(Choices choices) throws InterruptedException;
  }

  /**
   * The simplest run that was found.
   *
   * @param before the number of choices of the first run
   * @param runs how many runs the search took
   */
  record Shrunk(Choices choices, WorldEnd end, int before, int runs) {}

  private final Runner runner;
  private final String failure;
  private final int maxRuns;
  private final long maxSteps;
  private int runs;
  private Choices best;
  private @Nullable WorldEnd bestEnd;

  Shrinker(Runner runner, WorldEnd failed, int maxRuns) {
    this.runner = runner;
    this.failure = kindOf(failed);
    this.maxRuns = maxRuns;
    this.maxSteps = failed.steps();
    this.best = Choices.observed();
  }

  /** Failures are the same if their exception and the beginning of their text are. */
  private static String kindOf(WorldEnd end) {
    Throwable cause = end.cause();
    String text = cause == null ? end.problem() : cause.getClass() + " " + cause.getMessage();
    return text == null ? "" : text.split("\\d|==>|\n", 2)[0];
  }

  /** Returns null if the failure did not come again. */
  @Nullable Shrunk shrink() throws InterruptedException {
    if (!accept(best)) {
      return null;
    }
    int before = best.used();
    boolean simpler = true;
    while (simpler && runs < maxRuns) {
      int last = best.used();
      var _ = accept(Choices.keeping(new BitSet(), new BitSet()));
      leaveOut(true);
      leaveOut(false);
      simpler = best.used() < last;
    }
    WorldEnd end = bestEnd;
    return end == null ? null : new Shrunk(best, end, before, runs);
  }

  /** Leaves out parts of one kind of choices, the last ones first, from all to single ones. */
  private void leaveOut(boolean ofDraws) throws InterruptedException {
    int size = ofKind(best, ofDraws).cardinality();
    for (int part = size; part > 0; part /= 2) {
      int end = ofKind(best, ofDraws).length();
      while (end > 0 && runs < maxRuns) {
        BitSet left = (BitSet) ofKind(best, ofDraws).clone();
        int from = end;
        for (int i = 0; i < part && from > 0; i++) {
          from = Math.max(0, left.previousSetBit(from - 1));
        }
        left.clear(from, end);
        var _ =
            accept(
                ofDraws
                    ? Choices.keeping(best.usedOfSchedule(), left)
                    : Choices.keeping(left, best.usedDraws()));
        end = from;
      }
    }
  }

  private static BitSet ofKind(Choices choices, boolean ofDraws) {
    return ofDraws ? choices.usedDraws() : choices.usedOfSchedule();
  }

  /**
   * Runs with these choices; they are the best ones if the failure is the same and the run is not
   * longer.
   */
  private boolean accept(Choices tried) throws InterruptedException {
    runs++;
    WorldEnd end = runner.run(tried);
    if (end.problem() == null || !kindOf(end).equals(failure) || end.steps() > maxSteps) {
      return false;
    }
    if (bestEnd == null || tried.used() < best.used()) {
      best = tried;
      bestEnd = end;
    }
    return true;
  }
}
