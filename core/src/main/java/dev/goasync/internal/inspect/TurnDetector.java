package dev.goasync.internal.inspect;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Inspection;
import dev.goasync.internal.loop.Loop;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds turns of a loop that run one coroutine or callback for longer than a limit. It compares the
 * counters of a loop, which the loop writes anyway, from sample to sample: a busy loop whose
 * counters stand still has run nothing else. After the limit a sample takes the stack of what runs.
 * Used by one thread.
 */
abstract class TurnDetector implements Detector {
  private static final int SAMPLES_PER_LIMIT = 4;

  private final long limitNanos;
  private final Map<Loop, Turn> turns = new HashMap<>();

  /** A turn that may become too long. */
  static final class Turn {
    private final long number;
    private final long tasksRun;
    private final long since;

    /** Set by the subclass when it has found what it looks for; null before. */
    @Nullable String place;

    StackTraceElement[] stack = {};

    Turn(Loop loop, long now) {
      this.number = loop.turns();
      this.tasksRun = loop.tasksRun();
      this.since = now;
    }

    boolean isOf(Loop loop) {
      return number == loop.turns() && tasksRun == loop.tasksRun();
    }

    long nanosUntil(long now) {
      return now - since;
    }
  }

  TurnDetector(long limitNanos) {
    this.limitNanos = limitNanos;
  }

  @Override
  public final long intervalNanos() {
    return limitNanos / SAMPLES_PER_LIMIT;
  }

  @Override
  public final void sample(Iterable<Loop> loops, long now) {
    Map<Loop, Turn> before = new HashMap<>(turns);
    turns.clear();
    for (Loop loop : loops) {
      Turn last = before.get(loop);
      if (last != null && last.isOf(loop) && Inspection.isBusy(loop)) {
        turns.put(loop, last);
        stillThere(loop, last, now);
      } else {
        if (last != null && last.place != null) {
          ended(last, last.place, now);
        }
        turns.put(loop, new Turn(loop, now));
      }
    }
  }

  private void stillThere(Loop loop, Turn turn, long now) {
    if (turn.place != null || turn.nanosUntil(now) < limitNanos) {
      return;
    }
    Fiber running = Inspection.mountedOn(loop);
    Thread thread = running != null ? running.thread() : loop.thread();
    StackTraceElement[] stack = thread.getStackTrace();
    BlockingCalls.Call call = BlockingCalls.find(stack, thread.getState());
    if (turn.isOf(loop)) { // else it went on, and the stack may be of something else
      turn.stack = stack;
      isTooLong(loop, turn, running, call, now);
    }
  }

  /** What runs, as the subject of a sentence. */
  static String subject(@Nullable Fiber running) {
    return running == null ? "its thread" : running.describe();
  }

  /** The turn has taken longer than the limit. Called at each sample until a place is set. */
  abstract void isTooLong(
      Loop loop, Turn turn, @Nullable Fiber running, BlockingCalls.@Nullable Call call, long now);

  /** A turn with a place has ended. */
  abstract void ended(Turn turn, String place, long now);
}
