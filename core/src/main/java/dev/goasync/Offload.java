package dev.goasync;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import java.io.Serial;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs what would block a loop on a pool of platform threads. */
final class Offload {
  private static final int THREADS = Math.max(1, Integer.getInteger("goasync.offloadThreads", 64));
  private static final int IDLE_SECONDS = 10;

  /** Made at the first use: most programs need no thread but the loop's. */
  private static final class Pool {
    private static final Handover WORK = new Handover();

    static final ThreadPoolExecutor EXECUTOR =
        new ThreadPoolExecutor(
            1,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            WORK,
            Thread.ofPlatform().daemon().name("goasync-offload-", 1).factory(),
            Pool::keep);

    static {
      EXECUTOR.allowCoreThreadTimeOut(true);
    }

    private Pool() {}

    private static void keep(Runnable work, ThreadPoolExecutor pool) {
      WORK.keep(work);
      pool.prestartCoreThread(); // if all have just ended
    }
  }

  /**
   * Has work done by a thread that waits for some. Left to itself, the pool would start a thread
   * for each piece until it has all, however many are idle.
   */
  private static final class Handover extends LinkedTransferQueue<Runnable> {
    @Serial private static final long serialVersionUID = 1;

    /** Refuses what no thread waits for: the pool starts one more, or has all and keeps it. */
    @Override
    public boolean offer(Runnable work) {
      return tryTransfer(work);
    }

    void keep(Runnable work) {
      super.offer(work);
    }
  }

  private Offload() {}

  static <T extends @Nullable Object, X extends Exception> T run(Fiber fiber, Body<T, X> body)
      throws X {
    fiber.checkCancelled();
    OffloadWait<T> wait = new OffloadWait<>(fiber, body);
    wait.begin();
    fiber.pause(wait);
    return wait.<X>result();
  }

  /**
   * One body on its way through the pool. {@code interruptible} is the thread that runs the body,
   * guarded by this object's lock so that an interrupt never strikes the thread's next work.
   */
  private static final class OffloadWait<T extends @Nullable Object> extends Wait
      implements Runnable {
    private final Fiber fiber;
    private final Body<T, ?> body;
    private boolean begun;
    private boolean withdrawn;
    private @Nullable Thread interruptible;
    private @Nullable T value;
    private @Nullable Throwable failure;

    OffloadWait(Fiber fiber, Body<T, ?> body) {
      this.fiber = fiber;
      this.body = body;
    }

    void begin() {
      Pool.EXECUTOR.execute(this);
    }

    @Override
    public void run() {
      synchronized (this) {
        if (withdrawn) {
          return;
        }
        begun = true;
        interruptible = Thread.currentThread();
      }
      try {
        value = body.run();
      } catch (Throwable thrown) {
        failure = thrown;
      } finally {
        synchronized (this) {
          interruptible = null;
          Thread.interrupted();
        }
        finish(fiber);
      }
    }

    @Override
    protected void cancel(Fiber cancelled) {
      synchronized (this) {
        if (interruptible != null) {
          interruptible.interrupt();
        } else if (!begun && !withdrawn) {
          // It stays in the queue: to remove it would take a lock that a coroutine of this loop may
          // be next to get, and then both would wait for ever, as the coroutine needs this thread.
          withdrawn = true;
          finishCancelled(fiber);
        }
      }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // X is what the body throws; T may be null itself
    <X extends Exception> T result() throws X {
      if (wasCancelled()) {
        throw fiber.cancellation();
      }
      Throwable thrown = failure;
      if (thrown == null) {
        return value;
      }
      if (isCancelAsked()) {
        var cancellation = fiber.cancellation();
        cancellation.addSuppressed(thrown);
        throw cancellation;
      }
      if (thrown instanceof Error error) {
        throw error;
      }
      throw (X) thrown;
    }

    @Override
    public String describe() {
      return "a call on the offload pool";
    }

    @Override
    public boolean isExternal() {
      return true;
    }
  }
}
