package dev.goasync;

import dev.goasync.internal.loop.CancelScope;
import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Work with a time limit, and work that is shielded from cancels. */
final class TimeLimits {
  private TimeLimits() {}

  static <T extends @Nullable Object, X extends Exception> T withTimeout(
      Fiber fiber, Duration limit, long nanos, StartSite place, Body<T, X> body) throws X {
    CancelScope scope = fiber.openLimitedScope(nanos, "the work at " + place + " had " + limit);
    try {
      return body.run();
    } catch (Cancellation cancellation) {
      if (!cancellation.isFrom(scope)) {
        throw cancellation;
      }
      var exceeded = new DeadlineExceededException("the work at " + place, limit);
      exceeded.initCause(cancellation);
      throw exceeded;
    } finally {
      fiber.closeScope(scope);
    }
  }

  static <T extends @Nullable Object, X extends Exception> T shielded(
      Fiber fiber, long graceNanos, Body<T, X> body) throws X {
    CancelScope shield = fiber.openShield(graceNanos);
    try {
      return body.run();
    } finally {
      fiber.closeScope(shield);
    }
  }
}
