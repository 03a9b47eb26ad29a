package dev.goasync;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Signals when a number of tasks have ended, or at the first failure if asked to. */
final class Countdown implements Consumer<Task<?>> {
  private final AtomicInteger left;
  private final boolean failFast;
  private final Runnable signal;

  Countdown(int count, boolean failFast, Runnable signal) {
    this.left = new AtomicInteger(count);
    this.failFast = failFast;
    this.signal = signal;
  }

  @Override
  public void accept(Task<?> ended) {
    if (left.decrementAndGet() == 0 || (failFast && ended.hasFailed())) {
      signal.run();
    }
  }
}
