package dev.goasync.internal.deadlock;

import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.ThreadWait;
import dev.goasync.internal.util.WorkerThread;
import dev.goasync.internal.vthread.JvmCallbacks;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The live platform threads of the JVM, judged by whether they could wake a coroutine or keep the
 * program alive. The rules are in docs/adr/0027; a thread without a rule could wake a coroutine.
 */
final class LiveThreads {
  /** HotSpot's name for the thread that waits, after main has returned, for all others to end. */
  private static final String JVM_ENDING = "DestroyJavaVM";

  /** Threads of the JDK that run no code of the user. */
  private static final Set<String> JDK_INTERNAL =
      Set.of(
          JVM_ENDING,
          "Reference Handler",
          "Finalizer",
          "Signal Dispatcher",
          "Notification Thread",
          "Common-Cleaner",
          "Attach Listener",
          "VirtualThread-unblocker");

  /** The JDK's group of the carriers of virtual threads, and of their timers. */
  private static final String CARRIERS = "CarrierThreads";

  private LiveThreads() {}

  /** Whether a thread other than those of loops keeps the JVM from ending. */
  static boolean keepProgramAlive() {
    for (Thread thread : all()) {
      if (thread != null
          && !thread.isDaemon()
          && !Loop.isLoopThread(thread)
          && !thread.getName().equals(JVM_ENDING)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a thread, or a callback of the JVM, could wake a coroutine. */
  static boolean couldWake() {
    return JvmCallbacks.areRegistered() || couldThreadWake(Set.of());
  }

  /** The platform threads that are alive. */
  static Set<Thread> snapshot() {
    Set<Thread> threads = new HashSet<>();
    for (Thread thread : all()) {
      if (thread != null) {
        threads.add(thread);
      }
    }
    return threads;
  }

  /** Whether a thread other than the ignored ones could wake a coroutine. */
  static boolean couldThreadWake(Set<Thread> ignored) {
    for (Thread thread : all()) {
      if (thread != null && !ignored.contains(thread) && couldWake(thread)) {
        return true;
      }
    }
    return false;
  }

  private static boolean couldWake(Thread thread) {
    if (thread == Thread.currentThread()
        || Loop.isLoopThread(thread)
        || thread instanceof WorkerThread
        || ThreadWait.isBlocked(thread)) {
      return false;
    }
    ThreadGroup group = thread.getThreadGroup();
    if (group == null) {
      return false; // it has ended
    }
    boolean ofJdk = !group.getName().equals("main");
    if (ofJdk && group.getName().equals(CARRIERS)) {
      return !isIdleCarrier(thread);
    }
    return !(ofJdk && thread.isDaemon() && JDK_INTERNAL.contains(thread.getName()))
        && !thread.getName().equals(JVM_ENDING);
  }

  /** Whether the carrier mounts no virtual thread, or the timer thread has no timer. */
  private static boolean isIdleCarrier(Thread carrier) {
    if (carrier.getState() != Thread.State.WAITING
        && carrier.getState() != Thread.State.TIMED_WAITING) {
      return false;
    }
    for (StackTraceElement frame : carrier.getStackTrace()) {
      switch (frame.getMethodName()) {
        case "awaitWork" -> {
          return true;
        }
        case "runContinuation" -> {
          return false;
        }
        default -> {}
      }
    }
    return carrier.getName().endsWith("delayScheduler")
        && carrier.getState() == Thread.State.WAITING;
  }

  /** The live platform threads, followed by nulls. */
  private static @Nullable Thread[] all() {
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
