package dev.goasync.internal.simulated;

import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Starts the virtual threads of a host so that a crash can abandon them. The JDK keeps each started
 * virtual thread reachable until it ends, so a parked thread that never continues would stay for
 * ever. It keeps those of a thread-per-task executor in that executor only, to which it holds a
 * weak reference. So the threads, their stacks and all that these refer to are collected with the
 * host; docs/adr/0029 has the figures.
 */
final class HostThreads {
  /** What the executor must be made to run at the end of each thread, to forget it. */
  private final IdentityHashMap<Thread, Runnable> ends = new IdentityHashMap<>();

  private final Executor executor = Executors.newThreadPerTaskExecutor(this::adopt);
  private @Nullable Thread starting;

  void start(Thread thread) {
    starting = thread;
    executor.execute(() -> {});
  }

  private Thread adopt(Runnable end) {
    Thread thread = Objects.requireNonNull(starting);
    starting = null;
    ends.put(thread, end);
    return thread;
  }

  /** Called by each thread of {@link #start} at its end; others are ignored. */
  void ended(Thread thread) {
    Runnable end = ends.remove(thread);
    if (end != null && thread == Thread.currentThread()) {
      end.run();
    }
  }
}
