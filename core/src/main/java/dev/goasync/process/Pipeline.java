package dev.goasync.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Commands of which each reads what the one before it writes. Immutable.
 *
 * <pre>{@code
 * String most = Pipeline.of(Command.of("sort"), Command.of("uniq", "-c"), Command.of("sort", "-rn"))
 *     .run().orThrow().output();
 * }</pre>
 *
 * <p>The processes have the pipes between them to themselves. What the first reads, the last writes
 * and each has as standard error say the commands.
 */
public final class Pipeline {
  private final List<Command> commands;

  private Pipeline(List<Command> commands) {
    this.commands = commands;
  }

  /**
   * A pipeline of these.
   *
   * @throws IllegalArgumentException if there is none, or one says where to read or write what
   *     another is to write or read
   */
  public static Pipeline of(Command... commands) {
    return of(List.of(commands));
  }

  /** Like {@link #of(Command...)}. */
  public static Pipeline of(List<Command> commands) {
    if (commands.isEmpty()) {
      throw new IllegalArgumentException("a pipeline of no commands");
    }
    for (int i = 0; i < commands.size(); i++) {
      Command command = commands.get(i);
      CommandSettings settings = command.settings();
      check(i == 0 || settings.stdin == null, command, "standard input");
      check(i == commands.size() - 1 || settings.stdout == null, command, "standard output");
      check(commands.size() == 1 || settings.terminal == null, command, "terminal");
    }
    return new Pipeline(List.copyOf(commands));
  }

  private static void check(boolean free, Command command, String what) {
    if (!free) {
      throw new IllegalArgumentException(
          command.program() + " has a " + what + ", where the pipeline has its pipe");
    }
  }

  /** This pipeline with one more command at its end. */
  public Pipeline pipeTo(Command next) {
    List<Command> more = new ArrayList<>(commands);
    more.add(next);
    return of(more);
  }

  /** The commands. */
  public List<Command> commands() {
    return commands;
  }

  /**
   * Starts a process for each, as {@link Command#start} does; if one cannot be started, ends those
   * that were.
   */
  public AsyncPipeline start() throws IOException {
    return AsyncPipeline.start(commands);
  }

  /**
   * Starts a process for each, waits until all have ended and returns their exit codes and what was
   * captured, as {@link Command#run} does: what the last wrote, and the errors of all.
   */
  public CommandResult run() throws IOException {
    return CommandRun.run(commands);
  }

  /** The commands, for people. */
  @Override
  public String toString() {
    return commands.stream().map(Command::toString).collect(Collectors.joining(" | "));
  }
}
