package dev.goasync.internal.worker;

import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.util.ElasticPool;
import dev.goasync.internal.util.WorkerThread;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Worker threads for blocking system calls: a coroutine pauses meanwhile, a plain thread blocks.
 * Threads start on demand, end when idle, and are never interrupted. Any thread.
 *
 * <p>There are two kinds of calls, as in io_uring. Bounded calls share a limited number of threads.
 * Each unbounded call, which may wait without end for another process, gets its own thread, so that
 * it does not starve others.
 *
 * <p>A call that is cancelled before it begins never runs. A call that runs is awaited to its end,
 * and its result counts.
 */
public final class Workers {
  private static final int MAX_BOUNDED = 4 * Runtime.getRuntime().availableProcessors();

  /** A blocking call. */
  @FunctionalInterface
  public interface Call<R extends @Nullable Object> {
    R run() throws IOException;
  }

  /** How long a call may take. */
  public enum Duration {
    /** The call ends by itself: a device answers. */
    BOUNDED,
    /** The call may wait without end, for another process. */
    UNBOUNDED
  }

  /** The workers for I/O calls that the kernel offers only in blocking form. */
  public static final Workers OF_IO = new Workers("goasync-io-");

  private final ElasticPool bounded;
  private final ElasticPool unbounded;

  /**
   * @param name the name of the threads; a number is appended
   */
  public Workers(String name) {
    this(name, MAX_BOUNDED);
  }

  Workers(String name, int maxBounded) {
    ThreadFactory factory = work -> new WorkerThread(work, name);
    bounded = new ElasticPool(maxBounded, factory);
    unbounded = new ElasticPool(Integer.MAX_VALUE, factory);
  }

  /** The threads for bounded calls, and these calls. */
  public ElasticPool.Statistics statistics() {
    return bounded.statistics();
  }

  /**
   * Runs {@code call} on a worker thread and returns its result, or throws its exception with the
   * caller's stack trace. An interrupt of a plain thread takes effect at its next wait.
   *
   * @param what the call, as the end of a sentence that begins with "waits for"
   * @throws Cancellation if the coroutine was cancelled before the call began
   * @throws IOException if the call fails, or the system refuses a thread and there is none
   */
  public <R extends @Nullable Object> R run(Duration duration, Object what, Call<R> call)
      throws IOException {
    Fiber fiber = Fiber.current();
    if (fiber != null) {
      refuseInSimulation(fiber, what);
      fiber.checkCancelled();
    }
    return finish(fiber, duration, new Job<>(fiber, true, what, call));
  }

  /** Runs {@code call} as {@link #run} does, but a cancel does not stop it. */
  public <R extends @Nullable Object> R runUncancellable(
      Duration duration, Object what, Call<R> call) throws IOException {
    Fiber fiber = Fiber.current();
    refuseInSimulation(fiber, what);
    return finish(fiber, duration, new Job<>(fiber, false, what, call));
  }

  /** A simulated host must not touch files of this machine, nor wait for a real thread. */
  private static void refuseInSimulation(@Nullable Fiber fiber, Object what) {
    if (fiber != null && fiber.loop().hooks() != null) {
      throw new UnsupportedOperationException(
          "a simulation has no file system yet, and does not touch that of this machine: " + what);
    }
  }

  /** Runs a bounded call: for a coroutine on a worker thread, else on the caller's thread. */
  public static <R extends @Nullable Object> R offLoop(Object what, Call<R> call)
      throws IOException {
    refuseInSimulation(Fiber.currentIncludingSync(), what);
    return Fiber.current() == null ? call.run() : OF_IO.run(Duration.BOUNDED, what, call);
  }

  /** Runs a bounded call as {@link #offLoop} does, but a cancel does not stop it. */
  public static <R extends @Nullable Object> R offLoopUncancellable(Object what, Call<R> call)
      throws IOException {
    refuseInSimulation(Fiber.currentIncludingSync(), what);
    return Fiber.current() == null
        ? call.run()
        : OF_IO.runUncancellable(Duration.BOUNDED, what, call);
  }

  private <R extends @Nullable Object> R finish(
      @Nullable Fiber fiber, Duration duration, Job<R> job) throws IOException {
    try {
      (duration == Duration.BOUNDED ? bounded : unbounded).execute(job);
    } catch (RejectedExecutionException noThread) {
      throw new IOException(noThread.getMessage() + ", for " + job.describe(), noThread);
    }
    if (fiber != null) {
      fiber.pause(job);
      if (job.wasCancelled()) {
        throw fiber.cancellation();
      }
    } else {
      job.block();
    }
    return job.result();
  }

  /** A call and the wait for its end. */
  private static final class Job<R extends @Nullable Object> extends Wait implements Runnable {
    private final @Nullable Fiber fiber;
    private final Thread thread = Thread.currentThread();
    private final boolean cancellable;
    private final Object what;
    private final Call<R> call;
    private boolean begun; // guarded by this
    private boolean withdrawn; // guarded by this
    private volatile boolean done;
    private @Nullable R value;
    private @Nullable Throwable failure;

    Job(@Nullable Fiber fiber, boolean cancellable, Object what, Call<R> call) {
      this.fiber = fiber;
      this.cancellable = cancellable;
      this.what = what;
      this.call = call;
    }

    @Override
    public void run() {
      synchronized (this) {
        if (withdrawn) {
          return;
        }
        begun = true;
      }
      try {
        value = call.run();
      } catch (Throwable thrown) {
        failure = thrown;
      }
      if (fiber != null) {
        finish(fiber);
      } else {
        done = true;
        LockSupport.unpark(thread);
      }
    }

    @Override
    protected void cancel(Fiber cancelled) {
      synchronized (this) {
        if (!cancellable || begun) {
          return;
        }
        withdrawn = true;
      }
      finishCancelled(cancelled);
    }

    void block() {
      boolean interrupted = false;
      while (!done) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        thread.interrupt();
      }
    }

    @SuppressWarnings("NullAway") // R may be null itself
    R result() throws IOException {
      return switch (failure) {
        case null -> value;
        case IOException thrown -> throw withCallersTrace(thrown);
        case RuntimeException thrown -> throw withCallersTrace(thrown);
        case Error thrown -> throw thrown;
        case Throwable other -> throw new IllegalStateException(other);
      };
    }

    private static <X extends Exception> X withCallersTrace(X thrown) {
      thrown.fillInStackTrace();
      return thrown;
    }

    @Override
    public String describe() {
      return what.toString();
    }

    @Override
    public Object kind() {
      return "a call on a worker thread";
    }

    @Override
    public boolean isExternal() {
      return true;
    }
  }
}
