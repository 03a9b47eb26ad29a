package dev.goasync.internal.task;

import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.LoopTimer;
import dev.goasync.internal.loop.Poller;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A task of a {@link ScheduledExecutor}.
 *
 * <p>It is created, queued with a timer on the loop, run by a coroutine, and queued again if it is
 * periodic. {@code result} is completed once: by the last run or by a cancel, whichever comes
 * first. The executor has the sets of queued and running tasks and makes the transitions.
 */
final class ScheduledRun<V extends @Nullable Object> implements RunnableScheduledFuture<V> {
  private final ScheduledExecutor executor;
  private final Callable<? extends V> work;

  /** 0: runs once; positive: nanoseconds between starts; negative: from an end to a start. */
  private final long period;

  private final CompletableFuture<V> result = new CompletableFuture<>();
  private volatile long deadline;
  private volatile @Nullable Thread runner;

  /** Guarded by the executor's lock. */
  boolean everQueued;

  private final LoopTimer timer =
      new LoopTimer() {
        @Override
        protected void fire() {
          executor.start(ScheduledRun.this);
        }
      };

  ScheduledRun(ScheduledExecutor executor, Callable<? extends V> work, long deadline, long period) {
    this.executor = executor;
    this.work = work;
    this.deadline = deadline;
    this.period = period;
  }

  // ---- loop's thread or its current fiber ----

  void arm() {
    executor.loop().addTimer(timer, deadline);
  }

  void disarm() {
    executor.loop().cancelTimer(timer);
  }

  /** The coroutine of one run. */
  final class RunFiber extends Fiber {
    RunFiber() {
      super(executor.loop());
      thread().setName(executor.loop().name() + "-scheduled");
    }

    @Override
    protected void execute() {
      call();
      executor.hasRun(ScheduledRun.this);
    }

    @Override
    protected void neverRan(Cancellation cause) {
      fail(cause);
      executor.hasRun(ScheduledRun.this);
    }

    @Override
    protected void abandoned(Throwable cause) {
      fail(cause);
      executor.hasRun(ScheduledRun.this);
    }

    @Override
    public String describe() {
      return "scheduled task of " + work.getClass().getName();
    }
  }

  private void call() {
    runner = Thread.currentThread();
    try {
      V value = work.call();
      if (!isPeriodic()) {
        result.complete(value);
      }
    } catch (Throwable failure) {
      fail(failure);
    } finally {
      runner = null;
    }
  }

  /** A wrapped failure, since a bare CancellationException would count as a cancel. */
  void fail(Throwable failure) {
    result.completeExceptionally(new CompletionException(failure));
  }

  /** Sets the time of the next run of a periodic task. */
  void moveOn() {
    deadline = period > 0 ? deadline + period : executor.now() - period;
  }

  // ---- any thread ----

  boolean belongsTo(ScheduledExecutor candidate) {
    return executor == candidate;
  }

  /** Called by {@code invokeAny}; a task that was queued is run by its executor only. */
  @Override
  public void run() {
    if (executor.wasQueued(this)) {
      cancel(false);
    } else if (!isDone()) {
      call();
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (!result.completeExceptionally(new CancellationException("the task was cancelled"))) {
      return false;
    }
    executor.remove(this);
    Thread running = runner;
    if (mayInterruptIfRunning && running != null) {
      running.interrupt();
    }
    return true;
  }

  void interrupt() {
    Thread running = runner;
    if (running != null) {
      running.interrupt();
    }
  }

  @Override
  public boolean isPeriodic() {
    return period != 0;
  }

  @Override
  public boolean isCancelled() {
    return result.isCancelled();
  }

  @Override
  public boolean isDone() {
    return result.isDone();
  }

  @Override
  public V get() throws InterruptedException, ExecutionException {
    HomeFutureWait.await(result, executor.loop(), Poller.FOREVER, "a scheduled task");
    return result.get();
  }

  @Override
  public V get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    long nanos = Math.max(0, unit.toNanos(timeout));
    if (!HomeFutureWait.await(result, executor.loop(), nanos, "a scheduled task")) {
      throw new TimeoutException("the scheduled task did not end in time");
    }
    return result.get();
  }

  @Override
  public long getDelay(TimeUnit unit) {
    return unit.convert(deadline - executor.now(), TimeUnit.NANOSECONDS);
  }

  @Override
  public int compareTo(Delayed other) {
    return other instanceof ScheduledRun<?> run && run.executor == executor
        ? Long.signum(deadline - run.deadline)
        : Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
  }
}
