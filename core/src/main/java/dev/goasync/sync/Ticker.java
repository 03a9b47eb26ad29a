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
 * A periodic timer: each {@link #await} returns at the next tick.
 *
 * <pre>{@code
 * Ticker ticker = Ticker.every(Duration.ofSeconds(1));
 * for (int i = 0; i < 10; i++) {
 *   ticker.await();
 *   System.out.println("second " + i);
 * }
 * }</pre>
 *
 * <p>Ticks do not drift: regardless of the work between them, they stay multiples of the period
 * from the start. {@link MissedTicks} selects what happens to ticks that were due during that work.
 *
 * <p>A ticker has no thread and no background activity: while no caller waits for it, it costs
 * nothing, keeps nothing alive and needs no closing. It uses the clock of its home loop, which is
 * {@linkplain dev.goasync.testing.TestLoop virtual} in a test.
 *
 * <p><b>Threads.</b> All methods can be called by any coroutine and any thread. Each tick goes to
 * one of the waiting callers.
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
      throw new IllegalArgumentException("period must be positive: " + period);
    }
    return nanos;
  }

  /**
   * Creates a ticker on the current loop that {@linkplain MissedTicks#SKIP skips} missed ticks. The
   * first tick comes after one period.
   *
   * @throws IllegalArgumentException if {@code period} is not positive
   */
  public static Ticker every(Duration period) {
    return every(period, MissedTicks.SKIP);
  }

  /**
   * Creates a ticker on the current loop. The first tick comes after one period.
   *
   * @throws IllegalArgumentException if {@code period} is not positive
   */
  public static Ticker every(Duration period, MissedTicks missed) {
    return every(EventLoop.currentOrDefault(), period, missed);
  }

  /**
   * Creates a ticker on {@code home}. The first tick comes after one period.
   *
   * @throws IllegalArgumentException if {@code period} is not positive
   */
  public static Ticker every(EventLoop home, Duration period, MissedTicks missed) {
    Objects.requireNonNull(period, "period");
    return new Ticker(Objects.requireNonNull(home, "home"), period, missed);
  }

  /**
   * Waits for the next tick and takes it; returns at once if one is due.
   *
   * @return how many periods the tick stands for: 1 and the number of ticks skipped before it
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

  /** Takes the tick that is due; returns 0 if none is. */
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

  /** Returns the readiness of the next tick, to wait for it without taking it, as in a select. */
  public Readiness due() {
    return due;
  }

  /** Restarts the schedule: the next tick comes one period from now. */
  public void reset() {
    due.set(due.now() + period);
  }

  /**
   * Restarts the schedule with another period: the next tick comes one period from now.
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
