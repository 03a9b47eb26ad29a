package dev.goasync.reactive;

import dev.goasync.EventLoop;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Executors on an event loop for libraries that shut down what they were given, such as Mutiny.
 *
 * <pre>{@code
 * Infrastructure.setDefaultExecutor(LoopExecutors.permanent(loop)); // of Mutiny
 * }</pre>
 */
public final class LoopExecutors {
  private LoopExecutors() {}

  /**
   * Returns an executor that runs each task as a coroutine of {@code loop}, after a delay or
   * periodically, by the loop's clock. Its shutdown and close have no effect; it works until the
   * loop is closed.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
   */
  public static ScheduledExecutorService permanent(EventLoop loop) {
    return new Permanent(Objects.requireNonNull(loop, "loop").scheduledExecutor());
  }

  private static final class Permanent extends AbstractExecutorService
      implements ScheduledExecutorService {
    private final ScheduledExecutorService executor;

    Permanent(ScheduledExecutorService executor) {
      this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
      executor.execute(task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      return executor.schedule(task, delay, unit);
    }

    @Override
    public <V extends @Nullable Object> ScheduledFuture<V> schedule(
        Callable<V> task, long delay, TimeUnit unit) {
      return executor.schedule(task, delay, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
        Runnable task, long delay, long period, TimeUnit unit) {
      return executor.scheduleAtFixedRate(task, delay, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable task, long delay, long pause, TimeUnit unit) {
      return executor.scheduleWithFixedDelay(task, delay, pause, unit);
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public void close() {}

    @Override
    public boolean isShutdown() {
      return executor.isShutdown();
    }

    @Override
    public boolean isTerminated() {
      return executor.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
      return executor.awaitTermination(timeout, unit);
    }
  }
}
