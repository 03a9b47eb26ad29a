package dev.goasync.sync;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.util.Durations;
import dev.goasync.io.Readiness;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/**
 * Ticks at equal distances, which are waited for one after the other.
 *
 * <pre>{@code
 * Ticker ticker = Ticker.every(Duration.ofSeconds(1));
 * while (true) {
 *   ticker.await();
 *   report();
 * }
 * }</pre>
 *
 * <p>Ticks don't drift: however long the work between them takes, they stay multiples of the period
 * from the beginning. What becomes of those that were due meanwhile, {@link MissedTicks} says.
 *
 * <p>It does nothing by itself: a ticker that nobody waits for costs nothing, keeps nothing alive
 * and needs no closing. It goes by the clock of its home loop, which a test can make {@linkplain
 * dev.goasync.testing.TestLoop virtual}.
 *
 * <p><b>Threads.</b> All methods may be called by any coroutine and any thread; each tick goes to
 * one of those who wait.
 */
public final class Ticker {
  private final MissedTicks missed;
  private final Timer due;
  private volatile long period;

  private Ticker(EventLoop home, Duration period, MissedTicks missed) {
    this.missed = Objects.requireNonNull(missed, "missed");
    this.period = toNanos(period);
    this.due = Timer.after(home, period);
  }

  private static long toNanos(Duration period) {
    long nanos = Durations.toNanos(period, "period");
    if (nanos == 0) {
      throw new IllegalArgumentException("period is zero");
    }
    return nanos;
  }

  /**
   * A ticker of the current loop, which {@linkplain MissedTicks#SKIP skips} what nobody took. The
   * first tick comes after a period.
   *
   * @throws IllegalArgumentException if {@code period} is not positive
   */
  public static Ticker every(Duration period) {
    return every(period, MissedTicks.SKIP);
  }

  /** Like {@link #every(Duration)}, with what to do about missed ticks. */
  public static Ticker every(Duration period, MissedTicks missed) {
    return every(EventLoop.currentOrDefault(), period, missed);
  }

  /** Like {@link #every(Duration, MissedTicks)}, with a home loop that is given. */
  public static Ticker every(EventLoop home, Duration period, MissedTicks missed) {
    Objects.requireNonNull(period, "period");
    return new Ticker(Objects.requireNonNull(home, "home"), period, missed);
  }

  /**
   * Waits for the next tick and takes it; returns at once if one is due.
   *
   * @return how many periods the tick stands for: one, and those that were skipped before it
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first;
   *     no tick is taken then
   */
  public long await() {
    GoAsync.checkCancelled();
    Fiber fiber = Fiber.current();
    if (fiber != null) {
      fiber.consumeBudget();
    }
    long periods = take();
    while (periods == 0) {
      due.await();
      periods = take();
    }
    return periods;
  }

  /** Returns 0 if no tick is due. */
  private long take() {
    while (true) {
      Timer.Setting tick = due.setting();
      long now = due.now();
      long late = now - tick.nanos();
      if (late < 0) {
        return 0;
      }
      long each = period;
      long periods = missed == MissedTicks.SKIP ? 1 + late / each : 1;
      long next = missed == MissedTicks.DELAY ? now + each : tick.nanos() + periods * each;
      if (due.replace(tick, next)) {
        return periods;
      }
    }
  }

  /** Whether a tick is due, to wait for it without taking it; for a select. */
  public Readiness due() {
    return due;
  }

  /** Starts anew: the next tick comes a period from now. */
  public void reset() {
    due.set(due.now() + period);
  }

  /**
   * Starts anew with another period.
   *
   * @throws IllegalArgumentException if {@code newPeriod} is not positive
   */
  public void reset(Duration newPeriod) {
    period = toNanos(newPeriod);
    reset();
  }

  @Override
  public String toString() {
    return "ticker of " + Duration.ofNanos(period);
  }
}
