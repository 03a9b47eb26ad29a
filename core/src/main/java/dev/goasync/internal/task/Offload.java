package dev.goasync.internal.task;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.StepHooks;
import dev.goasync.internal.loop.Tracer;
import dev.goasync.internal.loop.Tracing;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.loop.WaitDetails;
import dev.goasync.internal.util.ElasticPool;
import dev.goasync.internal.vthread.ScopedValues;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Runs blocking calls of coroutines on a pool of platform threads. */
public final class Offload {
  private static final int MAX_THREADS =
      Math.max(1, Integer.getInteger("goasync.offloadThreads", 64));

  private static volatile boolean used;

  /** Created at the first use, since most programs need no thread but the loop's. */
  private static final class Pool {
    static final ElasticPool THREADS =
        new ElasticPool(
            MAX_THREADS,
            Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false) // those of an arbitrary coroutine
                .name("goasync-offload-", 1)
                .factory());

    static {
      used = true;
    }

    private Pool() {}
  }

  private Offload() {}

  /** The threads of the pool and its calls: none if it has not been used. */
  public static ElasticPool.Statistics statistics() {
    return used ? Pool.THREADS.statistics() : new ElasticPool.Statistics(MAX_THREADS, 0, 0, 0, 0);
  }

  /**
   * Runs {@code body} on a thread of the pool while {@code fiber}, the current one, pauses. A
   * cancel interrupts the thread and waits for the end of the body.
   *
   * @throws X what the body throws
   */
  public static <T extends @Nullable Object, X extends Exception> T run(
      Fiber fiber, Callable<? extends T> body) throws X {
    StepHooks simulation = fiber.loop().hooks();
    if (simulation != null) {
      return SimulatedOffload.run(fiber, simulation, body);
    }
    fiber.checkCancelled();
    OffloadWait<T> wait = new OffloadWait<>(fiber, Contexts.wrap(body));
    wait.begin();
    fiber.pause(wait);
    return wait.<X>result();
  }

  /**
   * The wait for one body in the pool. {@code interruptible} is the thread that runs the body. This
   * object's lock guards it, so that an interrupt never reaches the thread's next work.
   */
  private static final class OffloadWait<T extends @Nullable Object> extends Wait
      implements Runnable {
    private final Fiber fiber;
    private final Callable<? extends T> body;
    private final @Nullable Object scopedValues = ScopedValues.current();
    private boolean begun;
    private boolean withdrawn;
    private @Nullable Thread interruptible;
    private @Nullable T value;
    private @Nullable Throwable failure;

    OffloadWait(Fiber fiber, Callable<? extends T> body) {
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
      Tracer tracer = Tracing.ofRecording();
      Object recorded = tracer == null ? null : tracer.offloadBegins(fiber);
      try {
        value = ScopedValues.call(scopedValues, body);
      } catch (Throwable thrown) {
        failure = thrown;
      } finally {
        synchronized (this) {
          interruptible = null;
          Thread.interrupted();
        }
        if (tracer != null) {
          tracer.offloadEnded(recorded);
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
          // It stays in the queue. Removing it takes the queue's lock. If a paused coroutine of
          // this
          // loop is the next owner of that lock, it needs this thread to run, and both wait for
          // ever.
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
    public WaitDetails details() {
      synchronized (this) {
        return WaitDetails.of(begun ? describe() : "a free thread of the offload pool")
            .withThread(interruptible);
      }
    }

    @Override
    public boolean isExternal() {
      return true;
    }
  }
}
