package dev.goasync.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A sequence of commands, each of which reads the output of the command before it, like {@code a |
 * b | c} in a shell. Immutable.
 *
 * <pre>{@code
 * String counts = Pipeline.of(Command.of("sort"), Command.of("uniq", "-c"), Command.of("sort", "-rn"))
 *     .run().orThrow().output();
 * }</pre>
 *
 * <p>The pipes connect the processes directly: on Linux the bytes do not pass through this program.
 * The first command sets the standard input of the pipeline, the last one its standard output, and
 * each command its own standard error.
 */
public final class Pipeline {
  private final List<Command> commands;

  private Pipeline(List<Command> commands) {
    this.commands = commands;
  }

  /**
   * Returns a pipeline of the given commands.
   *
   * @throws IllegalArgumentException if {@code commands} is empty, or a command redirects a stream
   *     that the pipeline connects
   */
  public static Pipeline of(Command... commands) {
    return of(List.of(commands));
  }

  /**
   * Returns a pipeline of the given commands.
   *
   * @throws IllegalArgumentException if {@code commands} is empty, or a command redirects a stream
   *     that the pipeline connects
   */
  public static Pipeline of(List<Command> commands) {
    if (commands.isEmpty()) {
      throw new IllegalArgumentException("commands is empty");
    }
    for (int i = 0; i < commands.size(); i++) {
      Command command = commands.get(i);
      CommandSettings settings = command.settings();
      check(i == 0 || settings.stdin == null, command, "standard input");
      check(i == commands.size() - 1 || settings.stdout == null, command, "standard output");
      check(commands.size() == 1 || settings.terminal == null, command, "streams to a terminal");
    }
    return new Pipeline(List.copyOf(commands));
  }

  private static void check(boolean isFree, Command command, String what) {
    if (!isFree) {
      throw new IllegalArgumentException(
          "commands: "
              + command.program()
              + " redirects its "
              + what
              + ", which the pipeline connects; remove that redirection");
    }
  }

  /**
   * Returns this pipeline with one more command at its end.
   *
   * @throws IllegalArgumentException if the last command redirects its standard output, or {@code
   *     next} its standard input
   */
  public Pipeline pipeTo(Command next) {
    List<Command> more = new ArrayList<>(commands);
    more.add(next);
    return of(more);
  }

  /** Returns the commands, in pipeline order. */
  public List<Command> commands() {
    return commands;
  }

  /**
   * Starts a process for each command. If one cannot be started, ends those that were started.
   * Errors are as for {@link Command#start}.
   */
  public AsyncPipeline start() throws IOException {
    return AsyncPipeline.start(commands);
  }

  /**
   * Starts a process for each command, waits until all have ended, and returns their exit codes,
   * the captured output of the last command and the captured errors of all. Cancellation and errors
   * are as for {@link Command#run}.
   */
  public CommandResult run() throws IOException {
    return CommandRun.run(commands);
  }

  /** Returns the commands, separated by {@code " | "}. */
  @Override
  public String toString() {
    return commands.stream().map(Command::toString).collect(Collectors.joining(" | "));
  }
}
