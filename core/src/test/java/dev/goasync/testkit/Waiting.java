package dev.goasync.testkit;

import dev.goasync.GoAsync;
import java.time.Duration;
import java.util.Map;

/** Waits in tests until a condition holds or a thread has reached a wait. */
public final class Waiting {
  /** A condition that another thread or coroutine makes true. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  private Waiting() {}

  /** Polls until {@code condition} holds. The timeout of the test limits the wait. */
  public static void until(Condition condition) throws Exception {
    while (!condition.holds()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("the condition did not become true");
      }
      Thread.onSpinWait();
    }
  }

  /** Returns when {@code count} threads are inside the system call of a blocking operation. */
  public static void untilThreadsWait(int count) throws Exception {
    until(() -> threadsInPoll() == count);
  }

  private static long threadsInPoll() {
    Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
    return all.values().stream().filter(Waiting::isInPoll).count();
  }

  private static boolean isInPoll(StackTraceElement[] stack) {
    boolean inPoll = false;
    for (StackTraceElement frame : stack) {
      inPoll |= frame.getMethodName().equals("poll") || frame.getMethodName().equals("doSelect");
      if (frame.getClassName().endsWith("BlockingIo")
          || frame.getClassName().endsWith("ThreadSelector")) {
        return inPoll;
      }
    }
    return false;
  }

  /**
   * In a coroutine: returns when the other coroutines of its loop have run until their next waits
   * and their operations have been submitted to the kernel.
   */
  public static void forATurn() {
    GoAsync.sleep(Duration.ofNanos(1)); // two, since the loop may look at timers before it polls
    GoAsync.sleep(Duration.ofNanos(1));
  }
}
