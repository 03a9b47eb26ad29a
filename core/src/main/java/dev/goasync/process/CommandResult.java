package dev.goasync.process;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The exit codes and the captured output of a command or a {@link Pipeline} that has ended.
 * Immutable.
 */
public final class CommandResult {
  private final String name;
  private final List<Integer> exitCodes;
  private final byte[] output;
  private final byte[] error;

  CommandResult(String name, List<Integer> exitCodes, byte[] output, byte[] error) {
    this.name = name;
    this.exitCodes = List.copyOf(exitCodes);
    this.output = output;
    this.error = error;
  }

  /**
   * Returns the exit code of the command, or of the last command of a pipeline; see {@link
   * AsyncProcess#await}.
   */
  public int exitCode() {
    return exitCodes.getLast();
  }

  /** Returns the exit code of each command, in pipeline order. */
  public List<Integer> exitCodes() {
    return exitCodes;
  }

  /** Returns whether every exit code is 0. */
  public boolean isSuccess() {
    return exitCodes.stream().allMatch(code -> code == 0);
  }

  /**
   * Returns this result if every exit code is 0.
   *
   * @throws CommandFailedException if an exit code is not 0; the message contains the codes and the
   *     end of the captured standard error
   */
  public CommandResult orThrow() throws CommandFailedException {
    if (!isSuccess()) {
      throw new CommandFailedException(name, this);
    }
    return this;
  }

  /** Returns the captured standard output as UTF-8 text. Malformed bytes become U+FFFD. */
  public String output() {
    return new String(output, StandardCharsets.UTF_8);
  }

  /**
   * Returns the captured standard error as UTF-8 text; of a pipeline, the output of each command
   * follows that of the command before it. Malformed bytes become U+FFFD.
   */
  public String error() {
    return new String(error, StandardCharsets.UTF_8);
  }

  /** Returns the captured standard output. */
  public byte[] outputBytes() {
    return output.clone();
  }

  /** Returns the captured standard error. */
  public byte[] errorBytes() {
    return error.clone();
  }

  @Override
  public String toString() {
    return "CommandResult[" + name + ", exit codes " + exitCodes + "]";
  }
}
