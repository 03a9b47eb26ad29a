package dev.goasync.reactive;

import dev.goasync.EventLoop;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Schedulers of Reactor that run their tasks in coroutines of an event loop, with its clock.
 *
 * <pre>{@code
 * Scheduler scheduler = ReactorSchedulers.on(loop);
 * Mono.fromCallable(() -> socket.readLine()).subscribeOn(scheduler);
 * }</pre>
 *
 * <p>Needs {@code io.projectreactor:reactor-core}.
 */
public final class ReactorSchedulers {
  private ReactorSchedulers() {}

  /**
   * Returns a scheduler of {@code loop}. A worker runs one task at a time. The disposal of the
   * scheduler, a worker or a task interrupts the coroutines concerned and leaves the loop open.
   */
  public static Scheduler on(EventLoop loop) {
    return new LoopScheduler(Objects.requireNonNull(loop, "loop"));
  }

  private static void report(Throwable failure) {
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
  }

  private static Disposable disposable(LoopWorker.Scheduled task) {
    return new Disposable() {
      @Override
      public void dispose() {
        task.cancel();
      }

      @Override
      public boolean isDisposed() {
        return task.hasEnded();
      }
    };
  }

  private static final class LoopScheduler implements Scheduler {
    private final EventLoop loop;
    private final Workers workers = new Workers();

    LoopScheduler(EventLoop loop) {
      this.loop = loop;
    }

    @Override
    public Disposable schedule(Runnable task) {
      return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    /** Tasks without a worker may run at once, so each gets its own. */
    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      LoopWorker worker = newWorker();
      return ofWorker(
          worker, worker.schedule(() -> workers.runLast(worker, task), unit.toNanos(delay)));
    }

    @Override
    public Disposable schedulePeriodically(
        Runnable task, long initialDelay, long period, TimeUnit unit) {
      LoopWorker worker = newWorker();
      return ofWorker(
          worker,
          worker.schedulePeriodically(task, unit.toNanos(initialDelay), unit.toNanos(period)));
    }

    private LoopWorker newWorker() {
      return workers.add(new LoopWorker(loop, ReactorSchedulers::report));
    }

    /** A task that owns its worker. */
    private Disposable ofWorker(LoopWorker worker, LoopWorker.Scheduled task) {
      return new Disposable() {
        @Override
        public void dispose() {
          workers.dispose(worker);
        }

        @Override
        public boolean isDisposed() {
          return task.hasEnded();
        }
      };
    }

    @Override
    public Worker createWorker() {
      LoopWorker worker = newWorker();
      return new Worker() {
        @Override
        public Disposable schedule(Runnable task) {
          return disposable(worker.schedule(task, 0));
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
          return disposable(worker.schedule(task, unit.toNanos(delay)));
        }

        @Override
        public Disposable schedulePeriodically(
            Runnable task, long initialDelay, long period, TimeUnit unit) {
          return disposable(
              worker.schedulePeriodically(task, unit.toNanos(initialDelay), unit.toNanos(period)));
        }

        @Override
        public void dispose() {
          workers.dispose(worker);
        }

        @Override
        public boolean isDisposed() {
          return worker.isDisposed();
        }
      };
    }

    @Override
    public long now(TimeUnit unit) {
      return unit.convert(loop.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void dispose() {
      workers.disposeAll();
    }

    @Override
    public boolean isDisposed() {
      return workers.isDisposed();
    }
  }
}
