package dev.goasync.micrometer;

import dev.goasync.EventLoop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.RejectedExecutionException;

/**
 * Measures a loop by a callback: how long the loop takes to run it, and on which thread.
 *
 * <p>A measurement is RUNNING from the submission of the callback until the loop's thread runs it,
 * and DONE then. Each read of {@link #lagNanos} returns the result of the last measurement and
 * submits the next one; while one is running, it returns the time so far. So the lag of a loop that
 * stands still grows from scrape to scrape.
 */
final class LoopProbe {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long UNKNOWN = -1;

  private final EventLoop loop;
  private boolean running; // guarded by this
  private long submitted; // guarded by this
  private double lag = Double.NaN; // guarded by this
  private long threadId = UNKNOWN; // guarded by this

  LoopProbe(EventLoop loop) {
    this.loop = loop;
    var _ = lagNanos();
  }

  /** The lag in nanoseconds; not a number before the first measurement. */
  synchronized double lagNanos() {
    long now = System.nanoTime();
    if (running) {
      return now - submitted;
    }
    double last = lag;
    submitted = now;
    try {
      running = true;
      loop.execute(this::measured);
    } catch (RejectedExecutionException closed) {
      running = false;
    }
    return last;
  }

  /** The loop's thread. */
  private synchronized void measured() {
    lag = System.nanoTime() - submitted;
    threadId = Thread.currentThread().threadId();
    running = false;
  }

  /** The processor time of the loop's thread; not a number if that is unknown. */
  double cpuSeconds() {
    long id = threadId();
    long nanos = id == UNKNOWN ? UNKNOWN : THREADS.getThreadCpuTime(id);
    return nanos == UNKNOWN ? Double.NaN : nanos / 1e9;
  }

  private synchronized long threadId() {
    return threadId;
  }
}
