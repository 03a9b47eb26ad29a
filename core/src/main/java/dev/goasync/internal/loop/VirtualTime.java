package dev.goasync.internal.loop;

import dev.goasync.internal.util.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A virtual clock for tests: it stands still while anything runs, and jumps to the next timer when
 * nothing can happen before it. Written by its loop's thread or current fiber.
 *
 * <p>While a coroutine waits for something outside the loop the clock must not jump, since the
 * event may come at any moment. If it does not come within five seconds, a warning names the
 * coroutine: often it waits for a future that only a coroutine behind a timer would complete.
 */
public final class VirtualTime implements TimeSource {
  /** A second before the largest long, so that each test crosses the overflow of nanoTime. */
  private static final long ORIGIN = Long.MAX_VALUE - 1_000_000_000L;

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private static final long REPORT_AFTER = TimeUnit.SECONDS.toNanos(5);
  private static final int MAX_REPORTED_WAITS = 5;

  private final long reportNanos;
  private volatile long elapsedNanos;

  // Owned by the loop's thread.
  private long tasksRunBefore = -1;
  private long stillSince;
  private boolean reported;

  public VirtualTime() {
    this(REPORT_AFTER);
  }

  /**
   * @param reportNanos how long the clock may stand still, in real time, before a warning
   */
  VirtualTime(long reportNanos) {
    this.reportNanos = reportNanos;
  }

  @Override
  public long nanoTime() {
    return ORIGIN + elapsedNanos;
  }

  @Override
  public Instant instant() {
    return EPOCH.plusNanos(elapsedNanos);
  }

  @Override
  public long wallClockTrustNanos() {
    return Poller.FOREVER; // this clock is never set
  }

  @Override
  public boolean jumpTo(long nanoTime) {
    elapsedNanos = Math.max(elapsedNanos, nanoTime - ORIGIN);
    return true;
  }

  @Override
  public long limitWait(Loop loop, long timeoutNanos) {
    long now = TimeSource.SYSTEM.nanoTime();
    if (tasksRunBefore != loop.tasksRun()) {
      tasksRunBefore = loop.tasksRun();
      stillSince = now;
      reported = false;
    } else if (!reported && now - stillSince >= reportNanos) {
      reported = true;
      report(loop, timeoutNanos);
      return 0; // a log handler of the user may have made a coroutine ready
    }
    return timeoutNanos == 0 || reported ? timeoutNanos : Math.min(timeoutNanos, reportNanos);
  }

  private static void report(Loop loop, long timerNanos) {
    String waits =
        loop.fibers().stream()
            .filter(VirtualTime::waitsOutside)
            .limit(MAX_REPORTED_WAITS)
            .map(VirtualTime::describe)
            .collect(Collectors.joining("; "));
    Log.warning(
        "the virtual clock of "
            + loop.name()
            + " stands still, and its next timer, due in "
            + Duration.ofNanos(timerNanos)
            + ", does not fire, because a coroutine waits for something outside the loop: "
            + waits,
        null);
  }

  private static boolean waitsOutside(Fiber fiber) {
    Wait wait = fiber.waiting();
    return wait == null || wait.isExternal();
  }

  private static String describe(Fiber fiber) {
    Wait wait = fiber.waiting();
    return fiber.describe() + " waits for " + (wait == null ? "the JDK" : wait.describe());
  }

  /** Nanoseconds since the clock was created. */
  public long elapsedNanos() {
    return elapsedNanos;
  }
}
