package dev.goasync.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.GoAsync;

/** Skips tests that portable mode cannot pass by design. */
final class Modes {
  private Modes() {}

  /** Skips the test in portable mode, and says why it cannot hold there. */
  static void assumeFullMode(String why) {
    assumeTrue(GoAsync.describe().contains("full mode"), "portable mode: " + why);
  }
}
