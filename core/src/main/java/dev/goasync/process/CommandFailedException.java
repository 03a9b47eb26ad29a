package dev.goasync.process;

import java.io.IOException;
import java.io.Serial;

/** A command ended with an exit code other than 0. The message ends as its captured errors do. */
public final class CommandFailedException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  private static final int MAX_OF_ERROR = 1_000;

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
    return error.length() <= MAX_OF_ERROR
        ? ": " + error
        : ": ..." + error.substring(error.length() - MAX_OF_ERROR);
  }

  /** All that is known of the command. */
  public CommandResult result() {
    return result;
  }
}
