package dev.goasync.sync;

import dev.goasync.EventLoop;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.task.SharedSecrets;
import dev.goasync.internal.util.Durations;
import dev.goasync.io.Readiness;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A timer that callers wait for, and that can be reset or stopped while they wait.
 *
 * <pre>{@code
 * Channel<String> lines = Channel.bounded(10);
 * Timer idle = Timer.after(Duration.ofSeconds(30));
 * GoAsync.goAsync(() -> {
 *   idle.await();
 *   lines.close();                        // after 30 seconds without a line
 * });
 * for (String line : lines) {
 *   idle.reset(Duration.ofSeconds(30));
 *   System.out.println(line);
 * }
 *
 * Timer.at(Instant.parse("2030-01-01T00:00:00Z")).await();
 * Select.first().onReady(idle, () -> System.out.println("expired")).run();
 * }</pre>
 *
 * <p>A timer {@linkplain #at set to an instant} uses the wall clock: if the clock is set, the timer
 * expires when the clock shows the instant; the change is noticed within a second. Any other timer
 * uses elapsed time.
 *
 * <p>While no caller waits, a timer costs nothing and keeps nothing alive; it needs no closing. It
 * uses the clock of its home loop, which is {@linkplain dev.goasync.testing.TestLoop virtual} in a
 * test.
 *
 * <p><b>Threads.</b> All methods can be called by any coroutine and any thread. Waiting follows the
 * rules of the {@linkplain dev.goasync.sync package}.
 */
public final class Timer implements Readiness {
  /**
   * What the timer is set to. Immutable; a reset replaces it.
   *
   * @param stopped whether the timer is stopped
   * @param nanos when the timer expires, by {@link TimeSource#nanoTime}
   * @param instant when the timer expires by the wall clock; {@code nanos} is ignored then
   * @param replacedByEarlier is set when a new setting can expire earlier than this one
   */
  record Setting(boolean stopped, long nanos, @Nullable Instant instant, Event replacedByEarlier) {
    boolean isNotBefore(Setting other) {
      return !stopped
          && !other.stopped
          && instant == null
          && other.instant == null
          && nanos - other.nanos >= 0;
    }
  }

  private final EventLoop home;
  private final TimeSource time;
  private final AtomicReference<Setting> setting;

  private Timer(EventLoop home) {
    this.home = Objects.requireNonNull(home, "home");
    this.time = SharedSecrets.get().loopOf(home).time();
    this.setting = new AtomicReference<>(new Setting(true, 0, null, Event.manualReset(home)));
  }

  /**
   * Creates a timer on the current loop that expires after {@code delay}.
   *
   * @throws IllegalArgumentException if {@code delay} is negative
   */
  public static Timer after(Duration delay) {
    return after(EventLoop.currentOrDefault(), delay);
  }

  /**
   * Creates a timer on {@code home} that expires after {@code delay}.
   *
   * @throws IllegalArgumentException if {@code delay} is negative
   */
  public static Timer after(EventLoop home, Duration delay) {
    Timer made = new Timer(home);
    made.reset(delay);
    return made;
  }

  /** Creates a timer on the current loop that expires when the wall clock shows {@code instant}. */
  public static Timer at(Instant instant) {
    return at(EventLoop.currentOrDefault(), instant);
  }

  /** Creates a timer on {@code home} that expires when the wall clock shows {@code instant}. */
  public static Timer at(EventLoop home, Instant instant) {
    Timer made = new Timer(home);
    made.reset(instant);
    return made;
  }

  // ---- setting ----

  /**
   * Restarts the timer, whether it is running, stopped or expired, to expire after {@code delay}.
   * Callers that wait wait for the new time. Never waits.
   *
   * @throws IllegalArgumentException if {@code delay} is negative
   */
  public void reset(Duration delay) {
    set(time.nanoTime() + Durations.toNanos(delay, "delay"));
  }

  /**
   * Restarts the timer, whether it is running, stopped or expired, to expire when the wall clock
   * shows {@code instant}. Callers that wait wait for the new time. Never waits.
   */
  public void reset(Instant instant) {
    Objects.requireNonNull(instant, "instant");
    replaceAny(false, 0, instant);
  }

  /** Stops the timer: it does not expire, and callers that wait go on waiting, until a reset. */
  public void stop() {
    replaceAny(true, 0, null);
  }

  void set(long nanos) {
    replaceAny(false, nanos, null);
  }

  private void replaceAny(boolean stopped, long nanos, @Nullable Instant instant) {
    Setting old;
    do {
      old = setting.get();
    } while (!replace(old, stopped, nanos, instant));
  }

  /**
   * Callers that wait for the old setting check the new one when the old one expires. If the new
   * one can expire earlier, they are woken at once.
   */
  private boolean replace(Setting old, boolean stopped, long nanos, @Nullable Instant instant) {
    Setting replacement = new Setting(stopped, nanos, instant, old.replacedByEarlier);
    if (!replacement.isNotBefore(old)) {
      replacement = new Setting(stopped, nanos, instant, Event.manualReset(home));
    }
    if (!setting.compareAndSet(old, replacement)) {
      return false;
    }
    if (replacement.replacedByEarlier != old.replacedByEarlier) {
      old.replacedByEarlier.set();
    }
    return true;
  }

  /** Replaces the setting {@code old}; returns false if it was replaced by another thread. */
  boolean replace(Setting old, long nanos) {
    return replace(old, false, nanos, null);
  }

  Setting setting() {
    return setting.get();
  }

  long now() {
    return time.nanoTime();
  }

  // ---- waiting ----

  /** Returns whether the timer has expired. */
  @Override
  public boolean isReady() {
    Setting current = setting.get();
    return !current.stopped && left(current) <= 0;
  }

  /**
   * Waits until the timer expires; returns at once if it has.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   */
  @Override
  public void await() {
    for (Setting current = setting.get(); ; current = setting.get()) {
      if (current.stopped) {
        current.replacedByEarlier.await();
        continue;
      }
      long left = left(current);
      if (left <= 0) {
        return;
      }
      long trusted = current.instant == null ? left : Math.min(left, time.wallClockTrustNanos());
      current.replacedByEarlier.tryAwait(Duration.ofNanos(trusted));
    }
  }

  private long left(Setting current) {
    Instant instant = current.instant;
    if (instant == null) {
      return current.nanos - time.nanoTime();
    }
    Instant now = time.instant();
    try {
      return now.until(instant, ChronoUnit.NANOS);
    } catch (ArithmeticException centuries) {
      return now.isBefore(instant) ? Long.MAX_VALUE : 0;
    }
  }

  @Override
  public String toString() {
    Setting current = setting.get();
    return current.stopped
        ? "timer, stopped"
        : current.instant != null
            ? "timer for " + current.instant
            : "timer for " + Duration.ofNanos(left(current)) + " from now";
  }
}
