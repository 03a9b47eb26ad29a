package dev.goasync.process;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** How a command, or each of a {@link Pipeline}, ended, and what was captured. Immutable. */
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

  /** The command's exit code, the last one's of a pipeline; see {@link AsyncProcess#await()}. */
  public int exitCode() {
    return exitCodes.getLast();
  }

  /** The exit code of each command, in their order. */
  public List<Integer> exitCodes() {
    return exitCodes;
  }

  /** Whether every exit code is 0. */
  public boolean isSuccess() {
    return exitCodes.stream().allMatch(code -> code == 0);
  }

  /**
   * This, if every exit code is 0.
   *
   * @throws CommandFailedException if not: with the codes and the end of the captured errors
   */
  public CommandResult orThrow() throws CommandFailedException {
    if (!isSuccess()) {
      throw new CommandFailedException(name, this);
    }
    return this;
  }

  /** What was captured of standard output, as UTF-8; malformed bytes become U+FFFD. */
  public String output() {
    return new String(output, StandardCharsets.UTF_8);
  }

  /** What was captured of standard error, of one command after the other. */
  public String error() {
    return new String(error, StandardCharsets.UTF_8);
  }

  /** What was captured of standard output. */
  public byte[] outputBytes() {
    return output.clone();
  }

  /** What was captured of standard error. */
  public byte[] errorBytes() {
    return error.clone();
  }

  @Override
  public String toString() {
    return "CommandResult[" + name + ", exit codes " + exitCodes + "]";
  }
}
