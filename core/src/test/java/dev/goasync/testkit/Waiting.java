package dev.goasync.testkit;

import dev.goasync.GoAsync;
import java.time.Duration;
import java.util.Map;

/** Tells when somebody is inside a wait, so that a test can act on it there. */
public final class Waiting {
  /** Something that becomes true. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  private Waiting() {}

  /**
   * Returns when {@code condition} holds; looks again and again, and the test's time-out bounds it.
   */
  public static void until(Condition condition) throws Exception {
    while (!condition.holds()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("waited without a result");
      }
    }
  }

  /** Returns when so many threads are inside the system call by which blocking operations wait. */
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
   * In a coroutine: returns when the other coroutines of its loop have run as far as they can and
   * what they asked for is with the kernel.
   */
  public static void forATurn() {
    GoAsync.sleep(Duration.ofNanos(1)); // two, since the loop may look at timers before it polls
    GoAsync.sleep(Duration.ofNanos(1));
  }
}
