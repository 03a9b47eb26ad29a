package dev.goasync.internal.inspect;

import dev.goasync.inspect.DumpOptions;
import dev.goasync.internal.loop.Loop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Logs a dump of a loop whose close takes longer than a limit, once for each close. */
final class CloseDetector implements Detector {
  private static final int SAMPLES_PER_LIMIT = 4;

  private static final class Closing {
    private final long since;
    private boolean reported;

    Closing(long since) {
      this.since = since;
    }
  }

  private final long limitNanos;
  private final Map<Loop, Closing> closing = new HashMap<>();

  CloseDetector(long limitNanos) {
    this.limitNanos = limitNanos;
  }

  @Override
  public long intervalNanos() {
    return limitNanos / SAMPLES_PER_LIMIT;
  }

  @Override
  public void sample(Iterable<Loop> loops, long now) {
    Map<Loop, Closing> before = new HashMap<>(closing);
    closing.clear();
    for (Loop loop : loops) {
      if (loop.isClosing()) {
        Closing known = before.getOrDefault(loop, new Closing(now));
        closing.put(loop, known);
        if (!known.reported && now - known.since >= limitNanos) {
          known.reported = true;
          report(loop, now);
        }
      }
    }
  }

  private void report(Loop loop, long now) {
    int left = loop.fiberCount();
    String sentence =
        "the close of loop "
            + loop.name()
            + " has taken more than "
            + TimeUnit.NANOSECONDS.toMillis(limitNanos)
            + " ms: it waits for "
            + (left == 1 ? "1 coroutine" : left + " coroutines");
    String dump = Dumper.take(List.of(loop), DumpOptions.standard().withStacks()).toString();
    Detected.report("close", loop.name(), sentence, "\n" + dump.indent(2).stripTrailing(), now);
  }
}
