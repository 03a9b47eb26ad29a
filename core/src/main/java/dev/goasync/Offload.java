package dev.goasync;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.util.ElasticPool;
import org.jspecify.annotations.Nullable;

/** Runs what would block a loop on a pool of platform threads. */
final class Offload {
  private static final int MOST = Math.max(1, Integer.getInteger("goasync.offloadThreads", 64));

  /** Made at the first use: most programs need no thread but the loop's. */
  private static final class Pool {
    static final ElasticPool THREADS =
        new ElasticPool(MOST, Thread.ofPlatform().daemon().name("goasync-offload-", 1).factory());

    private Pool() {}
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
      Pool.THREADS.execute(this);
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
      if (isCancelRequested()) {
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
