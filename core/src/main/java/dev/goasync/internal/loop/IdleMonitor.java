package dev.goasync.internal.loop;

import dev.goasync.internal.util.WorkerThread;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an idle loop asks itself: is the program over, and is this a deadlock? Both hang on which
 * threads still live, of which the JVM does not tell, so a loop that has the question looks again
 * every millisecond at first, and ever more rarely up to a quarter of a second. A loop with I/O,
 * timers or waits from outside has no such question and sleeps undisturbed. Owned by the loop's
 * thread.
 */
final class IdleMonitor {
  private static final long FIRST_LOOK = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_LOOK = TimeUnit.MILLISECONDS.toNanos(250);

  /** HotSpot's name for the thread that waits, main having returned, for all others to end. */
  private static final String JVM_ENDING = "DestroyJavaVM";

  private final Loop loop;
  private long interval = FIRST_LOOK;
  private volatile boolean deadlockReported;

  IdleMonitor(Loop loop) {
    this.loop = loop;
  }

  /**
   * The loop has nothing to do and no timer.
   *
   * @return how long it may wait before it asks again, in nanoseconds
   */
  long keep() {
    if (loop.fiberCount() == 0 && loop.keepsProgramAlive() && isProgramOver()) {
      loop.retire();
      return 0;
    }
    if (!deadlockReported && (loop.isStuck() || loop.isAwaitedWhileIdle())) {
      return watchForDeadlock();
    }
    return loop.fiberCount() == 0 && loop.keepsProgramAlive() ? untilNextLook() : undisturbed();
  }

  /** Somebody new waits for the loop, and has not been told. Any thread. */
  void waiterAdded() {
    boolean unseen =
        loop.fiberCount() == 0 && !loop.keepsProgramAlive(); // then it does not look again
    if (deadlockReported || unseen) {
      loop.executeQuietly(() -> deadlockReported = false);
    }
  }

  private long undisturbed() {
    interval = FIRST_LOOK;
    return Poller.FOREVER;
  }

  /**
   * Who waits is asked before who could wake: a thread that goes on meanwhile, and waits again for
   * work that it has just left, must not be told of a deadlock that was none.
   */
  private long watchForDeadlock() {
    List<ThreadWait> waits = ThreadWait.of(loop);
    if (someThreadCouldWake() || someLoopCouldWake()) {
      return untilNextLook();
    }
    boolean nobodyWaits = loop.fiberCount() == 0 && waits.isEmpty();
    if (nobodyWaits || loop.hasMail()) { // asked last: whoever waits now has left it before
      return 0;
    }
    deadlockReported = true;
    String report = DeadlockReport.of(loop);
    waits.forEach(wait -> wait.reportDeadlock(report));
    if (waits.isEmpty()) {
      System.getLogger("dev.goasync").log(System.Logger.Level.ERROR, report);
    }
    return 0;
  }

  private long untilNextLook() {
    long now = interval;
    interval = Math.min(interval + interval / 16, LONGEST_LOOK);
    return now;
  }

  /** Whether no thread but loops' keeps the program going, and these have nothing to do. */
  private static boolean isProgramOver() {
    if (!LoopRegistry.haveNoWork()) {
      return false;
    }
    for (Thread thread : allThreads()) {
      if (thread != null && !thread.isDaemon() && !isOurs(thread)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a thread is left that could wake a coroutine; the JVM's own threads don't count. */
  private static boolean someThreadCouldWake() {
    for (Thread thread : allThreads()) {
      if (thread != null
          && !isOurs(thread)
          && !isOfSystem(thread)
          && thread != Thread.currentThread()
          && !ThreadWait.isWaiting(thread)) {
        return true;
      }
    }
    return false;
  }

  /** Whether another loop may come to use something that a fiber of this one waits at. */
  private boolean someLoopCouldWake() {
    return LoopRegistry.anotherHasFibers(loop)
        && (loop.fiberCount() == 0
            || loop.fibers().stream()
                .map(Fiber::waiting)
                .anyMatch(wait -> wait != null && wait.isShared()));
  }

  private static boolean isOurs(Thread thread) {
    return thread instanceof LoopThread
        || thread instanceof WorkerThread
        || thread.getName().equals(JVM_ENDING);
  }

  private static boolean isOfSystem(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    return group == null
        || group.getParent() == null
        || group.getName().equals("InnocuousThreadGroup");
  }

  /** The platform threads that live, with nulls behind. */
  private static @Nullable Thread[] allThreads() {
    ThreadGroup top = Thread.currentThread().getThreadGroup();
    while (top.getParent() != null) {
      top = top.getParent();
    }
    @Nullable Thread[] threads = new Thread[top.activeCount() + 16];
    while (top.enumerate(threads, true) == threads.length) {
      threads = new Thread[threads.length * 2];
    }
    return threads;
  }
}
