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
 * A moment that is waited for, and can be moved while others wait.
 *
 * <pre>{@code
 * Timer idle = Timer.after(Duration.ofSeconds(30));
 * goAsync(() -> {
 *   idle.await();
 *   connection.close();
 * });
 * for (String line; (line = connection.readLine()) != null; ) {
 *   idle.reset(Duration.ofSeconds(30));
 *   answer(line);
 * }
 *
 * Timer.at(Instant.parse("2030-01-01T00:00:00Z")).await();
 * Select.first().onReady(idle, () -> giveUp()).onReceive(commands, c -> obey(c)).run();
 * }</pre>
 *
 * <p>One that is {@linkplain #at set to an instant} goes by the wall clock: if that is set, the
 * timer is over when the clock says so, which is noticed within a second. Any other goes by the
 * time that passes.
 *
 * <p>A timer that nobody waits for costs nothing and keeps nothing alive; there is nothing to
 * close. It goes by the clock of its home loop, which a test can make {@linkplain
 * dev.goasync.testing.TestLoop virtual}.
 *
 * <p><b>Threads.</b> All methods may be called by any coroutine and any thread. For waiting holds
 * what the {@linkplain dev.goasync.sync package of events} says.
 */
public final class Timer implements Readiness {
  /**
   * What the timer is set to; replaced, never changed.
   *
   * @param never whether it is stopped
   * @param nanos when it is over, by {@link TimeSource#nanoTime}
   * @param instant when it is over by the wall clock, which then counts
   * @param undercut is set when a setting is made that may be over earlier
   */
  record Setting(boolean never, long nanos, @Nullable Instant instant, Event undercut) {
    boolean isNotBefore(Setting other) {
      return !never
          && !other.never
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
   * A timer of the current loop that is over after a time.
   *
   * @throws IllegalArgumentException if {@code delay} is negative
   */
  public static Timer after(Duration delay) {
    return after(EventLoop.currentOrDefault(), delay);
  }

  /** Like {@link #after(Duration)}, with a home loop that is given. */
  public static Timer after(EventLoop home, Duration delay) {
    Timer made = new Timer(home);
    made.reset(delay);
    return made;
  }

  /** A timer of the current loop that is over when the wall clock shows {@code instant}. */
  public static Timer at(Instant instant) {
    return at(EventLoop.currentOrDefault(), instant);
  }

  /** Like {@link #at(Instant)}, with a home loop that is given. */
  public static Timer at(EventLoop home, Instant instant) {
    Timer made = new Timer(home);
    made.reset(instant);
    return made;
  }

  // ---- setting ----

  /**
   * Sets it anew, be it over, stopped or running; who waits goes on waiting. Never waits.
   *
   * @throws IllegalArgumentException if {@code delay} is negative
   */
  public void reset(Duration delay) {
    set(time.nanoTime() + Durations.toNanos(delay, "delay"));
  }

  /** Like {@link #reset(Duration)}, to an instant of the wall clock. */
  public void reset(Instant instant) {
    Objects.requireNonNull(instant, "instant");
    replaceAny(false, 0, instant);
  }

  /** Stops it: it is not over until it is set anew, and nor are the waits of those who wait. */
  public void stop() {
    replaceAny(true, 0, null);
  }

  void set(long nanos) {
    replaceAny(false, nanos, null);
  }

  private void replaceAny(boolean never, long nanos, @Nullable Instant instant) {
    Setting old;
    do {
      old = setting.get();
    } while (!replace(old, never, nanos, instant));
  }

  /** Who waits for the old setting looks again when that is over, or at once if it must be. */
  private boolean replace(Setting old, boolean never, long nanos, @Nullable Instant instant) {
    Setting replacement = new Setting(never, nanos, instant, old.undercut);
    if (!replacement.isNotBefore(old)) {
      replacement = new Setting(never, nanos, instant, Event.manualReset(home));
    }
    if (!setting.compareAndSet(old, replacement)) {
      return false;
    }
    if (replacement.undercut != old.undercut) {
      old.undercut.set();
    }
    return true;
  }

  /** Sets it anew unless somebody else has done so. */
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

  /** Whether it is over. */
  @Override
  public boolean isReady() {
    Setting current = setting.get();
    return !current.never && left(current) <= 0;
  }

  /**
   * Waits until it is over; returns at once if it is.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   */
  @Override
  public void await() {
    for (Setting current = setting.get(); ; current = setting.get()) {
      if (current.never) {
        current.undercut.await();
        continue;
      }
      long left = left(current);
      if (left <= 0) {
        return;
      }
      long trusted = current.instant == null ? left : Math.min(left, time.wallClockTrustNanos());
      current.undercut.await(Duration.ofNanos(trusted));
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
    return current.never
        ? "timer, stopped"
        : current.instant != null
            ? "timer for " + current.instant
            : "timer for " + Duration.ofNanos(left(current)) + " from now";
  }
}
