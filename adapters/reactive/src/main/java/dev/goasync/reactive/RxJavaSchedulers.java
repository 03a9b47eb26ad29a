package dev.goasync.reactive;

import dev.goasync.EventLoop;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Schedulers of RxJava 3 that run their tasks in coroutines of an event loop, with its clock.
 *
 * <pre>{@code
 * Scheduler scheduler = RxJavaSchedulers.on(loop);
 * Single.fromCallable(() -> socket.readLine()).subscribeOn(scheduler);
 * }</pre>
 *
 * <p>Needs {@code io.reactivex.rxjava3:rxjava}.
 */
public final class RxJavaSchedulers {
  private RxJavaSchedulers() {}

  /**
   * Returns a scheduler of {@code loop}. A worker runs one task at a time. The shutdown of the
   * scheduler, or the disposal of a worker or a task, interrupts the coroutines concerned and
   * leaves the loop open. A closed loop rejects tasks, which RxJava gets as disposed ones.
   */
  public static Scheduler on(EventLoop loop) {
    return new LoopScheduler(Objects.requireNonNull(loop, "loop"));
  }

  private static final class LoopScheduler extends Scheduler {
    private final EventLoop loop;
    private final Workers workers = new Workers();

    LoopScheduler(EventLoop loop) {
      this.loop = loop;
    }

    @Override
    public long now(TimeUnit unit) {
      return unit.convert(loop.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void shutdown() {
      workers.disposeAll();
    }

    @Override
    public Worker createWorker() {
      LoopWorker worker = new LoopWorker(loop, RxJavaPlugins::onError);
      try {
        workers.add(worker);
      } catch (RejectedExecutionException afterShutdown) {
        // the worker is disposed of and rejects its tasks
      }
      return new Worker() {
        @Override
        public Disposable schedule(Runnable run, long delay, TimeUnit unit) {
          try {
            return disposable(worker.schedule(RxJavaPlugins.onSchedule(run), unit.toNanos(delay)));
          } catch (RejectedExecutionException closed) {
            RxJavaPlugins.onError(closed);
            return Disposable.disposed();
          }
        }

        @Override
        public long now(TimeUnit unit) {
          return LoopScheduler.this.now(unit);
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
}
