package dev.goasync.process;

import java.io.IOException;
import java.io.Serial;

/**
 * Thrown when a command ended with an exit code other than 0. The message contains the end of the
 * captured standard error, at most 1,000 characters.
 */
public final class CommandFailedException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  private static final int MAX_ERROR_CHARS = 1_000;

  private final transient CommandResult result;

  CommandFailedException(String name, CommandResult result) {
    super(name + " ended with " + codes(result) + endOf(result.error().strip()));
    this.result = result;
  }

  private static String codes(CommandResult result) {
    return result.exitCodes().size() == 1
        ? "exit code " + result.exitCode()
        : "exit codes " + result.exitCodes();
  }

  private static String endOf(String error) {
    if (error.isEmpty()) {
      return "";
    }
    return error.length() <= MAX_ERROR_CHARS
        ? ": " + error
        : ": ..." + error.substring(error.length() - MAX_ERROR_CHARS);
  }

  /** Returns the result of the command: exit codes and captured output. */
  public CommandResult result() {
    return result;
  }
}
