package dev.goasync.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.GoAsync;
import dev.goasync.internal.vthread.SchedulerAccess;

/** Where the portable mode legitimately differs. */
public final class Modes {
  private Modes() {}

  /** Skips the test in portable mode, and says why it cannot hold there. */
  public static void assumeFullMode(String why) {
    assumeTrue(SchedulerAccess.isFullMode(), "portable mode: " + why);
  }

  /** Skips the test in full mode, and says why there is nothing to test there. */
  public static void assumePortableMode(String why) {
    assumeTrue(!SchedulerAccess.isFullMode(), "full mode: " + why);
  }

  /** Skips the test where a loop takes only what somebody waits for. */
  public static void assumeMultishot() {
    assumeFullMode("a loop takes ahead only where it carries its coroutines");
    String backend = GoAsync.describe();
    assumeTrue(
        backend.contains("deferred task run") && !backend.contains("without multishot"),
        "only io_uring of Linux 6.1 or later takes ahead, not " + backend);
  }

  /** Skips the test where processes are the JDK's, which frees the system of them by itself. */
  public static void assumeOwnProcesses(String backend) {
    assumeTrue(!backend.equals("nio"), "nio: processes are the JDK's, each with a thread");
  }
}
