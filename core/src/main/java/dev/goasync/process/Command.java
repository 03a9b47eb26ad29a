package dev.goasync.process;

import dev.goasync.system.TerminalSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A program to run as a child process, with its arguments, environment and redirections. Immutable:
 * each method that changes something returns another command.
 *
 * <pre>{@code
 * Path repository = Path.of(".");
 * String branch = Command.of("git", "branch", "--show-current").directory(repository)
 *     .run().orThrow().output().strip();
 * }</pre>
 *
 * <p>{@link #run} waits for the exit code and captures the output. {@link #start} returns at once
 * and gives access to the process's streams. The program is searched in the PATH of the process's
 * own environment, unless its name contains a slash. No shell is involved, so arguments need no
 * quotes; use {@code Command.of("sh", "-c", script)} for a shell script.
 *
 * <p>The process inherits this program's environment with the requested changes. It starts with
 * default signal handlers, and of this program's open files it has only its standard input, output
 * and error.
 */
public final class Command {
  /** The default of {@link #captureLimit}: 16 MiB. */
  public static final int DEFAULT_CAPTURE_LIMIT = 16 << 20;

  /** The default of {@link #grace}: two seconds. */
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(2);

  private final List<String> words;
  private final CommandSettings settings;

  private Command(List<String> words, CommandSettings settings) {
    this.words = words;
    this.settings = settings;
  }

  /**
   * Returns a command for a program, given by name or path, and its arguments.
   *
   * @throws IllegalArgumentException if a word contains a NUL, or {@code program} is empty
   */
  public static Command of(String program, String... arguments) {
    Objects.requireNonNull(program, "program");
    String[] words = new String[arguments.length + 1];
    words[0] = program;
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return of(Arrays.asList(words));
  }

  /**
   * Returns a command from a list: the program's name or path, then its arguments.
   *
   * @throws IllegalArgumentException if {@code words} is empty, a word contains a NUL, or the first
   *     word is empty
   */
  public static Command of(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = Objects.requireNonNull(words.get(i), "words[" + i + "]");
      if (word.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("words[" + i + "] contains a NUL: " + word);
      }
    }
    if (words.isEmpty() || words.getFirst().isEmpty()) {
      throw new IllegalArgumentException("words must begin with the name of a program: " + words);
    }
    return new Command(List.copyOf(words), new CommandSettings());
  }

  /** Sets the working directory. The default is the working directory of this program. */
  public Command directory(Path directory) {
    Objects.requireNonNull(directory, "directory");
    return with(changed -> changed.directory = directory);
  }

  /**
   * Sets an environment variable.
   *
   * @throws IllegalArgumentException if {@code name} is empty or contains {@code =}, or either
   *     argument contains a NUL
   */
  public Command environment(String name, String value) {
    Objects.requireNonNull(value, "value");
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("value contains a NUL: the value of " + name);
    }
    return change(name, value);
  }

  /**
   * Removes an environment variable, if it is set.
   *
   * @throws IllegalArgumentException if {@code name} is empty or contains {@code =} or a NUL
   */
  public Command withoutEnvironment(String name) {
    return change(name, null);
  }

  /** Starts from an empty environment instead of this program's, and drops earlier changes. */
  public Command emptyEnvironment() {
    return with(changed -> {
      changed.inheritsEnvironment = false;
      changed.changes = Map.of();
    });
  }

  private Command change(String name, @Nullable String value) {
    Objects.requireNonNull(name, "name");
    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "name is not the name of an environment variable: \"" + name + "\"");
    }
    Map<String, @Nullable String> changes = new TreeMap<>(settings.changes);
    changes.put(name, value);
    return with(changed -> changed.changes = Collections.unmodifiableMap(changes));
  }

  /**
   * Redirects standard input. The default is {@link Redirect#DISCARD} for {@link #run} and {@link
   * Redirect#PIPE} for {@link #start}.
   *
   * @throws IllegalArgumentException if {@code redirect} is for output only
   */
  public Command stdin(Redirect redirect) {
    if (redirect == Redirect.CAPTURE
        || redirect instanceof Redirect.Tee
        || redirect instanceof Redirect.ToFile
        || redirect instanceof Redirect.ToProcess) {
      throw new IllegalArgumentException(
          "redirect is for output only, not for standard input: " + redirect);
    }
    Objects.requireNonNull(redirect, "redirect");
    return with(changed -> changed.stdin = redirect);
  }

  /**
   * Redirects standard output. The default is {@link Redirect#CAPTURE} for {@link #run} and {@link
   * Redirect#PIPE} for {@link #start}.
   *
   * @throws IllegalArgumentException if {@code redirect} is for input only
   */
  public Command stdout(Redirect redirect) {
    checkOutput(redirect);
    return with(changed -> changed.stdout = redirect);
  }

  /**
   * Redirects standard error. The default is {@link Redirect#CAPTURE} for {@link #run} and {@link
   * Redirect#INHERIT} for {@link #start}, so that the process cannot block on an unread pipe.
   *
   * @throws IllegalArgumentException if {@code redirect} is for input only
   */
  public Command stderr(Redirect redirect) {
    checkOutput(redirect);
    return with(changed -> {
      changed.stderr = redirect;
      changed.mergesStderr = false;
    });
  }

  /** Sends standard error to the same place as standard output, in the order of writing. */
  public Command mergeStderr() {
    return with(changed -> {
      changed.stderr = null;
      changed.mergesStderr = true;
    });
  }

  private static void checkOutput(Redirect redirect) {
    Objects.requireNonNull(redirect, "redirect");
    if (redirect instanceof Redirect.FromFile
        || redirect instanceof Redirect.FromProcess
        || redirect instanceof Redirect.Bytes) {
      throw new IllegalArgumentException("redirect is for standard input only: " + redirect);
    }
  }

  /**
   * Makes the process the leader of a new process group, so that its descendants are signalled and
   * ended together with it; see {@link AsyncProcess#group}. In a terminal such a group runs in the
   * background: Ctrl-C does not reach it, and it is stopped if it reads from the terminal.
   */
  public Command ownGroup() {
    return with(changed -> changed.ownGroup = true);
  }

  /**
   * Runs the process in a pseudo terminal of the given size, which is its standard input, output
   * and error. {@link AsyncProcess#terminal} is the master side.
   */
  public Command terminal(TerminalSize size) {
    Objects.requireNonNull(size, "size");
    return with(changed -> changed.terminal = size);
  }

  /**
   * Sets the grace period: the time between SIGTERM and SIGKILL when the process is closed or its
   * scope ends. With zero the process is killed at once.
   *
   * @throws IllegalArgumentException if {@code grace} is negative
   */
  public Command grace(Duration grace) {
    Objects.requireNonNull(grace, "grace");
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace is negative: " + grace);
    }
    return with(changed -> changed.grace = grace);
  }

  /**
   * Sets the maximum number of bytes of each captured output. If the process writes more, {@link
   * #run} ends it and throws {@link dev.goasync.io.TooLongException}.
   *
   * @throws IllegalArgumentException if {@code maxBytes} is negative
   */
  public Command captureLimit(int maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes is negative: " + maxBytes);
    }
    return with(changed -> changed.captureLimit = maxBytes);
  }

  /**
   * Returns a pipeline in which {@code next} reads the output of this command.
   *
   * @throws IllegalArgumentException as {@link Pipeline#of(Command...)} throws it
   */
  public Pipeline pipeTo(Command next) {
    return Pipeline.of(this, next);
  }

  /**
   * Starts a process, and returns when its program runs. Inside a {@link dev.goasync.TaskScope},
   * the process is ended when the scope ends.
   *
   * @throws java.nio.file.NoSuchFileException if the program, the interpreter of a script, the
   *     working directory or a file to read does not exist; the message names it
   * @throws java.nio.file.AccessDeniedException if the program is not executable, or a file cannot
   *     be opened
   * @throws java.nio.file.FileSystemException for any other reason, which the message gives:
   *     arguments and environment too long, too many processes or open files
   * @throws IllegalStateException if a redirection is available for {@link #run} only
   * @throws UnsupportedOperationException if the backend lacks a requested feature; see
   *     docs/BACKENDS.md
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled before the
   *     process was started
   */
  public AsyncProcess start() throws IOException {
    return AsyncProcess.start(this);
  }

  /**
   * Starts a process, waits until it has ended, and returns its exit code and captured output.
   *
   * <p>The captured output is what the process had written when it ended. Background processes that
   * it started and that still have the output open are not waited for. If the coroutine is
   * cancelled, by a timeout for example, or the thread is interrupted, the process is ended as
   * {@link AsyncProcess#close} ends it.
   *
   * <p>Outside coroutines, the calling thread waits for a coroutine that does the work.
   *
   * @throws dev.goasync.io.TooLongException if a captured output exceeds {@link #captureLimit}
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled or the thread
   *     is interrupted
   * @throws IllegalStateException if something is redirected to {@link Redirect#PIPE}: the caller
   *     would have no access to that pipe
   * @throws IOException as {@link #start} throws it
   */
  public CommandResult run() throws IOException {
    return CommandRun.run(List.of(this));
  }

  /** Returns the program and its arguments. */
  public List<String> words() {
    return words;
  }

  String program() {
    return words.getFirst();
  }

  /** Read-only: the settings of a command never change. */
  CommandSettings settings() {
    return settings;
  }

  private Command with(Consumer<CommandSettings> change) {
    CommandSettings changed = new CommandSettings(settings);
    change.accept(changed);
    return new Command(words, changed);
  }

  /** Returns the program and its arguments, separated by spaces and without quotes. */
  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
