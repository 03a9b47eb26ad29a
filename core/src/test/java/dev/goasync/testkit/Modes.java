package dev.goasync.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.GoAsync;
import dev.goasync.internal.vthread.SchedulerAccess;

/** Where the portable mode legitimately differs. */
public final class Modes {
  private Modes() {}

  /** Skips the test in portable mode with the reason. */
  public static void assumeFullMode(String why) {
    assumeTrue(SchedulerAccess.isFullMode(), "portable mode: " + why);
  }

  /** Skips the test in full mode with the reason. */
  public static void assumePortableMode(String why) {
    assumeTrue(!SchedulerAccess.isFullMode(), "full mode: " + why);
  }

  /** Skips the test where a loop does not prefetch. */
  public static void assumeMultishot() {
    assumeFullMode("a loop prefetches in full mode only");
    String backend = GoAsync.describe();
    assumeTrue(
        backend.contains("deferred task run") && !backend.contains("without multishot"),
        "only io_uring of Linux 6.1 or later prefetches, not " + backend);
  }

  /** Skips the test where processes are the JDK's, which frees the system of them by itself. */
  public static void assumeOwnProcesses(String backend) {
    assumeTrue(!backend.equals("nio"), "nio: processes are the JDK's, each with a thread");
  }
}
