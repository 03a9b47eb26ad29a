package dev.goasync.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.GoAsync;

/** Tests that cannot run in portable mode. */
public final class Modes {
  private Modes() {}

  /** Skips the test in portable mode and prints {@code reason}. */
  public static void assumeFullMode(String reason) {
    assumeTrue(GoAsync.describe().contains("full mode"), "portable mode: " + reason);
  }
}
