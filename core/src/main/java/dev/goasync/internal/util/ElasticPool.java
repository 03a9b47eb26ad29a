package dev.goasync.internal.util;

import java.io.Serial;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A thread pool that starts a thread only if all of its threads are busy, up to a maximum, and ends
 * idle threads after 10 s. Beyond the maximum, and if the system refuses another thread, tasks
 * queue for the threads that exist. Any thread.
 */
public final class ElasticPool implements Executor {
  private static final int IDLE_SECONDS = 10;

  private final DirectHandoff queue = new DirectHandoff();
  private final ThreadPoolExecutor threads;

  /**
   * @param maxThreads the maximum; {@link Integer#MAX_VALUE} for no limit
   */
  public ElasticPool(int maxThreads, ThreadFactory factory) {
    threads =
        new ThreadPoolExecutor(
            1,
            maxThreads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            queue,
            factory,
            (rejected, _) -> enqueue(rejected));
    threads.allowCoreThreadTimeOut(true);
  }

  /** The threads of a pool and its calls; see {@code RuntimeStatistics.Pool}. */
  public record Statistics(int maxThreads, int threads, int busy, int queued, long completed) {}

  /** The threads and calls of this moment. Takes the lock of the pool: not on a loop's thread. */
  public Statistics statistics() {
    return new Statistics(
        threads.getMaximumPoolSize(),
        threads.getPoolSize(),
        threads.getActiveCount(),
        queue.size(),
        threads.getCompletedTaskCount());
  }

  /**
   * Runs the task on a thread of the pool, at once or later.
   *
   * @throws RejectedExecutionException if the system refuses a thread and the pool has none
   */
  @Override
  public void execute(Runnable task) {
    try {
      threads.execute(task);
    } catch (OutOfMemoryError noThread) {
      if (!ThreadLimit.isReachedBy(noThread)) {
        throw noThread;
      }
      enqueueForExistingThreads(task, noThread);
    }
  }

  private void enqueue(Runnable task) {
    queue.enqueue(task);
    threads.prestartCoreThread(); // in case all threads have just ended
  }

  /** The JDK's pool keeps its last thread while the queue is not empty. */
  private void enqueueForExistingThreads(Runnable task, OutOfMemoryError noThread) {
    queue.enqueue(task);
    if (threads.getPoolSize() == 0 && queue.remove(task)) {
      throw new RejectedExecutionException(
          "no thread can be started: " + ThreadLimit.MESSAGE, noThread);
    }
  }

  /**
   * Hands a task to a thread that waits for one. A plain queue would make the JDK's pool start a
   * thread for each task until the maximum, however many threads are idle.
   */
  private static final class DirectHandoff extends LinkedTransferQueue<Runnable> {
    @Serial private static final long serialVersionUID = 1;

    /** False if no thread waits: the pool then starts a thread, or rejects at its maximum. */
    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }

    void enqueue(Runnable task) {
      super.offer(task);
    }
  }
}
