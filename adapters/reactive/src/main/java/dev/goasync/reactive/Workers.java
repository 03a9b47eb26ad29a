package dev.goasync.reactive;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/** The workers of a scheduler that were not disposed of. Any thread. */
final class Workers {
  private final Set<LoopWorker> workers = ConcurrentHashMap.newKeySet();
  private volatile boolean disposed;

  /**
   * Adds a worker and returns it.
   *
   * @throws RejectedExecutionException if the scheduler was disposed of
   */
  LoopWorker add(LoopWorker worker) {
    workers.add(worker);
    if (disposed) {
      dispose(worker);
      throw new RejectedExecutionException("the scheduler was disposed of");
    }
    return worker;
  }

  /** Runs the only task of {@code worker}, and then disposes of the worker. */
  void runLast(LoopWorker worker, Runnable task) {
    try {
      task.run();
    } finally {
      dispose(worker);
    }
  }

  void dispose(LoopWorker worker) {
    workers.remove(worker);
    worker.dispose();
  }

  void disposeAll() {
    disposed = true;
    workers.forEach(this::dispose);
  }

  boolean isDisposed() {
    return disposed;
  }
}
