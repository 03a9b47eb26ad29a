package dev.goasync.bench.program;

import static dev.goasync.GoAsync.goAsync;

import dev.goasync.EventLoopGroup;
import dev.goasync.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.IntFunction;

/** Runs work concurrently, in coroutines or in virtual threads. */
@FunctionalInterface
interface Crew {
  /** Work that counts its operations. */
  @FunctionalInterface
  interface Work {
    long run() throws Exception;
  }

  /** Waits for the end of the work, and returns the number of operations. */
  @FunctionalInterface
  interface Ending {
    long await() throws Exception;
  }

  /** Returns the crew of a peer. */
  static Crew of(String peer) {
    return switch (peer) {
      case "goasync" -> Crew::startCoroutine;
      case "goasync-2-loops" -> onLoopsOf(EventLoopGroup.start(2));
      default -> Crew::startThread;
    };
  }

  /** Starts work concurrently. */
  Ending start(Work work);

  /** Runs all work, and returns the total number of operations. */
  default long run(int atOnce, IntFunction<Work> works) throws Exception {
    List<Ending> endings = new ArrayList<>();
    for (int i = 0; i < atOnce; i++) {
      endings.add(start(works.apply(i)));
    }
    long done = 0;
    for (Ending ending : endings) {
      done += ending.await();
    }
    return done;
  }

  private static Ending startCoroutine(Work work) {
    Task<Long> task = goAsync(work::run);
    return task::await;
  }

  private static Crew onLoopsOf(EventLoopGroup group) {
    return work -> {
      Task<Long> task = group.goAsync(work::run);
      return task::await;
    };
  }

  private static Ending startThread(Work work) {
    FutureTask<Long> task = new FutureTask<>(work::run);
    Thread.startVirtualThread(task);
    return task::get;
  }
}
