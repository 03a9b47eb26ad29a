package dev.goasync.internal.task;

import dev.goasync.internal.loop.CancelScope;
import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.util.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Runs bodies with a time limit, and bodies that are shielded from cancels. */
public final class TimeLimits {
  private TimeLimits() {}

  /**
   * Runs {@code body} in the current fiber and cancels it when the time is over.
   *
   * @throws X what the body throws
   */
  public static <T extends @Nullable Object, X extends Exception> T withTimeout(
      Fiber fiber, Duration timeout, long nanos, StartSite site, Callable<? extends T> body)
      throws X {
    CancelScope scope = fiber.openLimitedScope(nanos, "the work at " + site + " had " + timeout);
    try {
      return TimeLimits.<T, X>call(body);
    } catch (Cancellation cancellation) {
      if (!cancellation.isFrom(scope)) {
        throw cancellation;
      }
      RuntimeException exceeded =
          SharedSecrets.get().deadlineExceeded("the work at " + site, timeout);
      exceeded.initCause(cancellation);
      throw exceeded;
    } finally {
      fiber.closeScope(scope);
    }
  }

  /**
   * Runs {@code body} in the current fiber and cancels it at {@code deadline}, a time of the loop's
   * clock.
   *
   * @throws X what the body throws
   */
  public static <T extends @Nullable Object, X extends Exception> T withDeadline(
      Fiber fiber, Instant deadline, StartSite site, Callable<? extends T> body) throws X {
    Duration left = Duration.between(fiber.loop().time().instant(), deadline);
    Duration timeout = left.isNegative() ? Duration.ZERO : left;
    long nanos = Durations.toNanos(timeout, "deadline");
    return TimeLimits.<T, X>withTimeout(fiber, timeout, nanos, site, body);
  }

  /**
   * Runs {@code body} in the current fiber behind a shield, which holds for {@code graceNanos}
   * after a cancel has come.
   *
   * @throws X what the body throws
   */
  public static <T extends @Nullable Object, X extends Exception> T shielded(
      Fiber fiber, long graceNanos, Callable<? extends T> body) throws X {
    CancelScope shield = fiber.openShield(graceNanos);
    try {
      return TimeLimits.<T, X>call(body);
    } finally {
      fiber.closeScope(shield);
    }
  }

  /**
   * Blocks the current thread for {@code nanos} nanoseconds.
   *
   * @throws CancellationException if the thread is interrupted
   * @throws IllegalStateException on the thread of a running loop
   */
  public static void sleepOnThread(long nanos) {
    Loop.refuseOnRunningLoop();
    try {
      Thread.sleep(Duration.ofNanos(nanos));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the thread was interrupted while it slept");
    }
  }

  /** Calls a body whose declared exception is X. */
  @SuppressWarnings({"unchecked", "CatchingUnchecked"})
  private static <T extends @Nullable Object, X extends Exception> T call(
      Callable<? extends T> body) throws X {
    try {
      return body.call();
    } catch (Exception thrown) {
      throw (X) thrown;
    }
  }
}
