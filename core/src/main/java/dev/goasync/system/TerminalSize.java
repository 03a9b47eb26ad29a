package dev.goasync.system;

/**
 * The size of a terminal in characters.
 *
 * @param columns from 0, which means unknown, to 65,535
 * @param rows from 0, which means unknown, to 65,535
 */
public record TerminalSize(int columns, int rows) {
  private static final int MAX = 0xFFFF;

  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if a number is negative or above 65,535
   */
  public TerminalSize {
    check(columns, "columns");
    check(rows, "rows");
  }

  private static void check(int number, String name) {
    if (number < 0 || number > MAX) {
      throw new IllegalArgumentException(name + " must be from 0 to " + MAX + ": " + number);
    }
  }
}
