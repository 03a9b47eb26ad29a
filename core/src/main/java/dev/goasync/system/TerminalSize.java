package dev.goasync.system;

/**
 * The size of a terminal in characters.
 *
 * @param columns from 0, which means that nobody knows, to 65,535
 * @param rows the same
 */
public record TerminalSize(int columns, int rows) {
  private static final int MOST = 0xFFFF;

  /** Checks the numbers. */
  public TerminalSize {
    check(columns, "columns");
    check(rows, "rows");
  }

  private static void check(int number, String name) {
    if (number < 0 || number > MOST) {
      throw new IllegalArgumentException(name + " is not from 0 to " + MOST + ": " + number);
    }
  }
}
