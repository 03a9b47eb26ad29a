package dev.goasync.coroutine;

import dev.goasync.internal.vthread.CoroutineImplementation;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/** The implementations that this JVM allows, and threads to use them on. */
final class Kinds {
  private Kinds() {}

  static Stream<CoroutineImplementation> all() {
    return Arrays.stream(CoroutineImplementation.values())
        .filter(CoroutineImplementation::isAvailable);
  }

  static Stream<CoroutineImplementation> movable() {
    return all().filter(CoroutineImplementation::canMove);
  }

  /** Runs {@code work} on a new platform thread and waits for it. */
  static <T> T onNewThread(Callable<T> work) throws Exception {
    return onNewThread(0, work);
  }

  static <T> T onNewThread(long stackSize, Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    new Thread(null, task, "test", stackSize).start();
    return task.get();
  }

  static <T> T onVirtualThread(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task.get();
  }
}
