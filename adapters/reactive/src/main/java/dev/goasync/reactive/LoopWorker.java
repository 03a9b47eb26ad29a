package dev.goasync.reactive;

import dev.goasync.EventLoop;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks in coroutines of a loop, one at a time and in the order in which their times come: a
 * worker of a scheduler. Any thread.
 *
 * <p>A task waits for its time as a timer of the loop, then in the queue of an executor of one
 * coroutine. {@link #dispose} cancels what waits and interrupts what runs; it ends nothing that
 * other workers or the loop use.
 */
final class LoopWorker {
  private final EventLoop loop;
  private final ExecutorService coroutine;
  private final Consumer<Throwable> onFailure;
  private final Set<Scheduled> scheduled = ConcurrentHashMap.newKeySet();
  private volatile boolean disposed;

  /**
   * @param onFailure gets what a task throws
   */
  LoopWorker(EventLoop loop, Consumer<Throwable> onFailure) {
    this.loop = loop;
    this.coroutine = loop.executor(1);
    this.onFailure = onFailure;
  }

  boolean isDisposed() {
    return disposed;
  }

  /**
   * Runs {@code task} after a delay.
   *
   * @throws RejectedExecutionException if the worker was disposed of, or the loop is closed
   */
  Scheduled schedule(Runnable task, long delayNanos) {
    return begin(new Scheduled(task, 0), delayNanos);
  }

  /** Runs {@code task} after a delay, and then at a fixed rate; see {@link #schedule}. */
  Scheduled schedulePeriodically(Runnable task, long delayNanos, long periodNanos) {
    return begin(new Scheduled(task, Math.max(1, periodNanos)), delayNanos);
  }

  private Scheduled begin(Scheduled begun, long delayNanos) {
    scheduled.add(begun);
    if (disposed) {
      begun.cancel();
      throw new RejectedExecutionException("the worker was disposed of");
    }
    try {
      begun.startAt(loop.nanoTime() + Math.max(0, delayNanos));
    } catch (RejectedExecutionException closed) {
      begun.cancel();
      throw closed;
    }
    return begun;
  }

  void dispose() {
    disposed = true;
    scheduled.forEach(Scheduled::cancel);
    coroutine.shutdown();
  }

  /** A task and its next run. */
  final class Scheduled {
    private final Runnable task;
    private final long periodNanos;

    // Guarded by this.
    private boolean ended;
    private long time;
    private EventLoop.@Nullable Scheduled timer;
    private @Nullable Future<?> run;
    private @Nullable Thread runner;

    Scheduled(Runnable task, long periodNanos) {
      this.task = task;
      this.periodNanos = periodNanos;
    }

    private synchronized void startAt(long newTime) {
      time = newTime;
      long delay = newTime - loop.nanoTime();
      if (ended) {
        return;
      }
      if (delay <= 0) {
        submit();
      } else {
        timer = loop.schedule(Duration.ofNanos(delay), this::submitQuietly);
      }
    }

    private synchronized void submit() {
      if (!ended) {
        run = coroutine.submit(this::runNow);
      }
    }

    /** The loop's thread. */
    private void submitQuietly() {
      try {
        submit();
      } catch (RejectedExecutionException disposedOf) {
        cancel();
      }
    }

    private void runNow() {
      synchronized (this) {
        if (ended) {
          return;
        }
        runner = Thread.currentThread();
      }
      boolean failed = true;
      try {
        task.run();
        failed = false;
      } catch (Throwable thrown) {
        onFailure.accept(thrown);
      } finally {
        finished(failed);
      }
    }

    private void finished(boolean failed) {
      synchronized (this) {
        runner = null;
      }
      if (periodNanos == 0 || failed) {
        end();
        return;
      }
      try {
        startAt(time + periodNanos);
      } catch (RejectedExecutionException closed) {
        cancel();
      }
    }

    private synchronized void end() {
      ended = true;
      scheduled.remove(this);
    }

    synchronized boolean hasEnded() {
      return ended;
    }

    /** Cancels what waits, and interrupts the task if another thread or coroutine runs it. */
    void cancel() {
      EventLoop.Scheduled timerToCancel;
      Future<?> toCancel;
      boolean isRunner;
      synchronized (this) {
        end();
        timerToCancel = timer;
        toCancel = run;
        isRunner = runner == Thread.currentThread();
      }
      if (timerToCancel != null) {
        timerToCancel.cancel();
      }
      if (toCancel != null && !isRunner) {
        toCancel.cancel(true);
      }
    }
  }
}
