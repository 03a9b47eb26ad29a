package dev.goasync.internal.inspect;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds calls of the JDK that block the thread of a loop for longer than a limit. */
final class BlockingCallDetector extends TurnDetector {
  BlockingCallDetector(long limitNanos) {
    super(limitNanos);
  }

  @Override
  void isTooLong(
      Loop loop, Turn turn, @Nullable Fiber running, BlockingCalls.@Nullable Call call, long now) {
    if (call == null) {
      return; // the code that runs may call it later
    }
    turn.place = call.place();
    long millis = TimeUnit.NANOSECONDS.toMillis(turn.nanosUntil(now));
    String sentence =
        subject(running)
            + " blocks loop "
            + loop.name()
            + " by "
            + call.name()
            + ", at "
            + call.place()
            + "; use "
            + call.replacement();
    String details = "\n    for " + millis + " ms so far" + Detected.lines(turn.stack);
    Detected.report("blocking call", call.place(), sentence, details, now);
  }

  @Override
  void ended(Turn turn, String place, long now) {}
}
