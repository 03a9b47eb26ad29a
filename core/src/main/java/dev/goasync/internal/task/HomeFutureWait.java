package dev.goasync.internal.task;

import dev.goasync.internal.loop.CancelScope;
import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.ThreadWait;
import dev.goasync.internal.loop.Wait;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The wait of a coroutine for a future that work of one loop, its home, completes. Coroutines of
 * that loop wait inside the loop, so that a virtual clock moves meanwhile.
 */
final class HomeFutureWait extends Wait {
  private final Fiber fiber;
  private final Loop home;
  private final String what;
  private final AtomicBoolean over = new AtomicBoolean();

  private HomeFutureWait(Fiber fiber, Loop home, String what) {
    this.fiber = fiber;
    this.home = home;
    this.what = what;
  }

  /**
   * Waits until the future is completed: a coroutine pauses, a thread blocks or runs its loop.
   *
   * @param nanos {@link Poller#FOREVER} for no limit
   * @return false if the time was over first
   * @throws InterruptedException if the thread is interrupted; a coroutine gets a {@link
   *     Cancellation}
   */
  static boolean await(CompletableFuture<?> future, Loop home, long nanos, String what)
      throws InterruptedException {
    if (future.isDone()) {
      return true;
    }
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      return block(future, home, nanos, what);
    }
    fiber.checkCancelled();
    CancelScope limit =
        nanos == Poller.FOREVER ? null : fiber.openLimitedScope(nanos, what).ofOneWait();
    try {
      new HomeFutureWait(fiber, home, what).pause(future);
      return true;
    } catch (Cancellation cancellation) {
      if (limit == null || !cancellation.isFrom(limit)) {
        throw cancellation;
      }
      return future.isDone();
    } finally {
      if (limit != null) {
        fiber.closeScope(limit);
      }
    }
  }

  private void pause(CompletableFuture<?> future) {
    var _ = future.whenComplete((_, _) -> end());
    fiber.pause(this);
    if (wasCancelled()) {
      throw fiber.cancellation();
    }
  }

  private static boolean block(CompletableFuture<?> future, Loop home, long nanos, String what)
      throws InterruptedException {
    Fiber inSync = Fiber.currentIncludingSync();
    if (inSync != null && inSync.loop() == home) {
      throw new IllegalStateException(
          "inside sync, a coroutine cannot wait for " + what + ": sync blocks its loop");
    }
    ThreadWait wait = new ThreadWait(home);
    var _ = future.whenComplete((_, _) -> wait.signal());
    return switch (wait.await(nanos)) {
      case SIGNALLED -> true;
      case TIMED_OUT -> future.isDone();
      case INTERRUPTED -> {
        Thread.interrupted();
        throw new InterruptedException("interrupted while waiting for " + what);
      }
      case DEADLOCKED -> throw SharedSecrets.get().deadlock(String.valueOf(wait.deadlockReport()));
    };
  }

  private void end() {
    if (over.compareAndSet(false, true)) {
      finish(fiber);
    }
  }

  @Override
  protected void cancel(Fiber cancelled) {
    if (over.compareAndSet(false, true)) {
      finishCancelled(cancelled);
    }
  }

  @Override
  public String describe() {
    return what;
  }

  @Override
  public Object kind() {
    return "an event of a loop";
  }

  @Override
  public boolean isExternal() {
    return fiber.loop() != home;
  }
}
