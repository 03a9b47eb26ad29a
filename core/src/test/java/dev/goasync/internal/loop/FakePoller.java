package dev.goasync.internal.loop;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A poller without I/O that counts its calls and shows when its loop waits. */
public final class FakePoller implements Poller, PollerFactory {
  public final AtomicInteger opened = new AtomicInteger();
  public final AtomicInteger closed = new AtomicInteger();
  public final AtomicInteger polls = new AtomicInteger();
  public final AtomicInteger wakeups = new AtomicInteger();

  /** A permit for each time that the loop waited. */
  final Semaphore waits = new Semaphore(0);

  volatile int inFlight;

  /** What happens when the loop waits for I/O, in place of blocking. */
  public volatile Runnable whenWaiting = this::block;

  private final Semaphore wakeup = new Semaphore(0);

  private void block() {
    wakeup.acquireUninterruptibly();
  }

  @Override
  public Poller open(Loop loop) {
    opened.incrementAndGet();
    return this;
  }

  @Override
  public void poll(long timeoutNanos) {
    polls.incrementAndGet();
    if (timeoutNanos > 0) {
      waits.release();
      whenWaiting.run();
      wakeup.drainPermits();
    }
  }

  @Override
  public void wakeup() {
    wakeups.incrementAndGet();
    wakeup.release();
  }

  @Override
  public int inFlight() {
    return inFlight;
  }

  @Override
  public void close() {
    closed.incrementAndGet();
  }

  /** The loop's poller; opens it without fail. */
  public static Poller of(Loop loop) {
    try {
      return loop.poller();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
