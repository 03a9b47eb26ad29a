package dev.goasync.internal.loop;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The wait of a coroutine for a future. A cancel ends the wait and does not cancel the future. */
public final class FutureWait extends Wait {
  private final Fiber fiber;
  private final boolean cancellable;
  private final Object what;
  private final AtomicBoolean over = new AtomicBoolean();

  private FutureWait(Fiber fiber, boolean cancellable, Object what) {
    this.fiber = fiber;
    this.cancellable = cancellable;
    this.what = what;
  }

  /**
   * Waits until the future is completed, with a value or an exception: a coroutine pauses, a thread
   * blocks.
   *
   * @param nanos the timeout; {@link Poller#FOREVER} for no limit
   * @param what the future, as the end of a sentence that begins with "waits for"
   * @return false if the timeout was over first
   */
  public static boolean await(CompletableFuture<?> future, long nanos, Object what)
      throws IOException {
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      return block(future, nanos, what);
    }
    fiber.checkCancelled();
    if (nanos == Poller.FOREVER) {
      pause(fiber, future, what);
      return true;
    }
    CancelScope limit = fiber.openLimitedScope(nanos, "the timeout is over").ofOneWait();
    try {
      pause(fiber, future, what);
      return true;
    } catch (Cancellation cancellation) {
      if (!cancellation.isFrom(limit)) {
        throw cancellation;
      }
      return future.isDone();
    } finally {
      fiber.closeScope(limit);
    }
  }

  /**
   * Waits until the future, which must not fail, is completed. A cancel or an interrupt does not
   * end the wait, and takes effect at the next one.
   */
  public static void awaitUncancellable(CompletableFuture<?> future, Object what) {
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      future.join();
    } else {
      pause(new FutureWait(fiber, false, what), future);
    }
  }

  private static void pause(Fiber fiber, CompletableFuture<?> future, Object what) {
    FutureWait wait = new FutureWait(fiber, true, what);
    pause(wait, future);
    if (wait.wasCancelled()) {
      throw fiber.cancellation();
    }
  }

  private static void pause(FutureWait wait, CompletableFuture<?> future) {
    if (!future.isDone()) {
      var _ = future.whenComplete((_, _) -> wait.end());
      wait.fiber.pause(wait);
    }
  }

  private static boolean block(CompletableFuture<?> future, long nanos, Object what)
      throws InterruptedIOException {
    try {
      if (nanos == Poller.FOREVER) {
        future.get();
      } else {
        future.get(nanos, TimeUnit.NANOSECONDS);
      }
    } catch (ExecutionException completed) {
      return true;
    } catch (TimeoutException notYet) {
      return future.isDone();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + what);
    }
    return true;
  }

  private void end() {
    if (over.compareAndSet(false, true)) {
      finish(fiber);
    }
  }

  @Override
  protected void cancel(Fiber cancelled) {
    if (cancellable && over.compareAndSet(false, true)) {
      finishCancelled(cancelled);
    }
  }

  @Override
  public String describe() {
    return what.toString();
  }

  @Override
  public Object kind() {
    return "an event outside the loop";
  }

  @Override
  public boolean isExternal() {
    return true;
  }
}
