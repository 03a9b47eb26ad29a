package dev.goasync.examples;

import java.io.Console;
import java.util.Optional;

/** Draws a progress bar on the terminal's last line; draws nothing without a terminal. */
final class ProgressBar {
  private static final int CELLS = 30;
  private static final long NANOS_BETWEEN = 50_000_000;

  private final boolean shown;
  private long lastShown = System.nanoTime() - NANOS_BETWEEN;

  ProgressBar() {
    shown = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /**
   * Draws the bar, at most every 50 milliseconds.
   *
   * @param total 0 if the total is unknown
   */
  void show(long done, long total, String text) {
    long now = System.nanoTime();
    if (shown && now - lastShown >= NANOS_BETWEEN) {
      lastShown = now;
      int filled = total == 0 ? 0 : (int) Math.min(CELLS, done * CELLS / total);
      String bar = "#".repeat(filled) + ".".repeat(CELLS - filled);
      System.err.print("\r\033[K[" + bar + "] " + text);
      System.err.flush();
    }
  }

  /** Removes the bar from the terminal. */
  void remove() {
    if (shown) {
      System.err.print("\r\033[K");
      System.err.flush();
    }
  }
}
