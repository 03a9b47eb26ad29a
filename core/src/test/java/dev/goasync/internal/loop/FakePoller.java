package dev.goasync.internal.loop;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A poller without I/O that counts, and says when its loop waits. */
final class FakePoller implements Poller, PollerFactory {
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final AtomicInteger polls = new AtomicInteger();
  final AtomicInteger wakeups = new AtomicInteger();

  /** A permit for each time that the loop went to wait. */
  final Semaphore waits = new Semaphore(0);

  volatile int inFlight;

  /** What happens when the loop waits for I/O, in place of blocking. */
  volatile Runnable whenWaiting = this::block;

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

  /** The loop's poller, which opens without fail. */
  static Poller of(Loop loop) {
    try {
      return loop.poller();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
