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
 * A program to start, with its arguments and all that it is to have. Immutable: each method that
 * changes something returns another command.
 *
 * <pre>{@code
 * String branch = Command.of("git", "branch", "--show-current").directory(repository)
 *     .run().orThrow().output().strip();
 * }</pre>
 *
 * <p>{@link #run} is for programs that are asked something, {@link #start} for those that one talks
 * to, or that are to go on. The program is looked for in the PATH that it will have itself, unless
 * its name contains a slash. No shell is involved, so arguments need no quotes; for a shell's
 * language say {@code Command.of("sh", "-c", script)}.
 *
 * <p>The process has this program's environment with the changes that were asked for, default
 * actions for signals, and of our open files none but the standard three.
 */
public final class Command {
  /** How many bytes each captured output may have, if nothing else is said: 16 MiB. */
  public static final int DEFAULT_CAPTURE_LIMIT = 16 << 20;

  /** How long a process may take to end when it is told to, if nothing else is said. */
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(2);

  private final List<String> words;
  private final CommandSettings settings;

  private Command(List<String> words, CommandSettings settings) {
    this.words = words;
    this.settings = settings;
  }

  /**
   * A program, by name or path, and its arguments.
   *
   * @throws IllegalArgumentException if a word contains a NUL, or the program's name is empty
   */
  public static Command of(String program, String... arguments) {
    Objects.requireNonNull(program, "program");
    String[] words = new String[arguments.length + 1];
    words[0] = program;
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return of(Arrays.asList(words));
  }

  /**
   * Like {@link #of(String, String...)}, the program being the first of {@code words}.
   *
   * @throws IllegalArgumentException also if there is no word
   */
  public static Command of(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = Objects.requireNonNull(words.get(i), "words[" + i + "]");
      if (word.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("words[" + i + "] contains a NUL: " + word);
      }
    }
    if (words.isEmpty() || words.getFirst().isEmpty()) {
      throw new IllegalArgumentException("no program is named: " + words);
    }
    return new Command(List.copyOf(words), new CommandSettings());
  }

  /** Where the program works; else where this one does. */
  public Command directory(Path directory) {
    Objects.requireNonNull(directory, "directory");
    return with(changed -> changed.directory = directory);
  }

  /**
   * Sets a variable of the environment.
   *
   * @throws IllegalArgumentException if the name is empty or contains {@code =}, or either a NUL
   */
  public Command environment(String name, String value) {
    Objects.requireNonNull(value, "value");
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("the value of " + name + " contains a NUL");
    }
    return change(name, value);
  }

  /** Removes a variable from the environment, if it is there. */
  public Command withoutEnvironment(String name) {
    return change(name, null);
  }

  /** Begins with an empty environment instead of this program's. */
  public Command emptyEnvironment() {
    return with(
        changed -> {
          changed.inheritsEnvironment = false;
          changed.changes = Map.of();
        });
  }

  private Command change(String name, @Nullable String value) {
    Objects.requireNonNull(name, "name");
    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("no name of a variable: \"" + name + "\"");
    }
    Map<String, @Nullable String> changes = new TreeMap<>(settings.changes);
    changes.put(name, value);
    return with(changed -> changed.changes = Collections.unmodifiableMap(changes));
  }

  /**
   * What its standard input is. Without this, {@link #run} gives it {@link Redirect#DISCARD} and
   * {@link #start} a {@link Redirect#PIPE}.
   *
   * @throws IllegalArgumentException if that is for output only
   */
  public Command stdin(Redirect redirect) {
    if (redirect == Redirect.CAPTURE
        || redirect instanceof Redirect.Tee
        || redirect instanceof Redirect.ToFile
        || redirect instanceof Redirect.ToProcess) {
      throw new IllegalArgumentException("not for standard input: " + redirect);
    }
    Objects.requireNonNull(redirect, "redirect");
    return with(changed -> changed.stdin = redirect);
  }

  /**
   * What its standard output is. Without this, {@link #run} gives it {@link Redirect#CAPTURE} and
   * {@link #start} a {@link Redirect#PIPE}.
   *
   * @throws IllegalArgumentException if that is for input only
   */
  public Command stdout(Redirect redirect) {
    checkOutput(redirect);
    return with(changed -> changed.stdout = redirect);
  }

  /**
   * What its standard error is. Without this, {@link #run} gives it {@link Redirect#CAPTURE} and
   * {@link #start} {@link Redirect#INHERIT}, so that a pipe which nobody reads cannot fill.
   *
   * @throws IllegalArgumentException if that is for input only
   */
  public Command stderr(Redirect redirect) {
    checkOutput(redirect);
    return with(
        changed -> {
          changed.stderr = redirect;
          changed.mergesStderr = false;
        });
  }

  /** Its standard error goes where its standard output goes, in the order of writing. */
  public Command mergeStderr() {
    return with(
        changed -> {
          changed.stderr = null;
          changed.mergesStderr = true;
        });
  }

  private static void checkOutput(Redirect redirect) {
    Objects.requireNonNull(redirect, "redirect");
    if (redirect instanceof Redirect.FromFile
        || redirect instanceof Redirect.FromProcess
        || redirect instanceof Redirect.Bytes) {
      throw new IllegalArgumentException("for standard input only: " + redirect);
    }
  }

  /**
   * It begins a process group, so that what it starts can be signalled, and is ended, together with
   * it; see {@link AsyncProcess#group}. Such a group is in the background of a terminal: Ctrl-C
   * does not reach it, and it may not read there.
   */
  public Command ownGroup() {
    return with(changed -> changed.ownGroup = true);
  }

  /**
   * It gets a terminal of that size, a pseudo terminal whose other end is {@link
   * AsyncProcess#terminal}, as all of the standard three.
   */
  public Command terminal(TerminalSize size) {
    Objects.requireNonNull(size, "size");
    return with(changed -> changed.terminal = size);
  }

  /**
   * How long it may take to end when it is told to by SIGTERM, before it is killed; zero kills at
   * once.
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
   * How many bytes each captured output may have; one that has more ends the process.
   *
   * @throws IllegalArgumentException if {@code maxBytes} is negative
   */
  public Command captureLimit(int maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes is negative: " + maxBytes);
    }
    return with(changed -> changed.captureLimit = maxBytes);
  }

  /** A pipeline in which what this command writes is what {@code next} reads. */
  public Pipeline pipeTo(Command next) {
    return Pipeline.of(this, next);
  }

  /**
   * Starts a process, and returns when it runs its program. Inside a {@link dev.goasync.TaskScope},
   * it is ended with the scope.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such program, directory or file to
   *     read; the message names it
   * @throws java.nio.file.AccessDeniedException if the program may not be executed, or a file not
   *     be opened so
   * @throws java.nio.file.FileSystemException for any other reason, which it gives: arguments and
   *     environment too large, too many processes or open files
   * @throws IllegalStateException if something is redirected as {@link #run} alone can do it
   * @throws UnsupportedOperationException if the backend cannot do what was asked for, see
   *     docs/BACKENDS.md
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled before
   */
  public AsyncProcess start() throws IOException {
    return AsyncProcess.start(this);
  }

  /**
   * Starts a process, waits until it has ended, and returns its exit code and what it wrote.
   *
   * <p>What is captured is what the process had written when it ended: processes that it has left
   * behind are not waited for, even if they have its output open. If the coroutine is cancelled, a
   * time limit say, or the thread interrupted, the process is ended as {@link AsyncProcess#close}
   * does it.
   *
   * <p>Outside coroutines the work is done by a coroutine for which the thread waits.
   *
   * @throws dev.goasync.io.TooLongException if a captured output is longer than its limit
   * @throws java.util.concurrent.CancellationException if cancelled or interrupted
   * @throws IllegalStateException if something is redirected to a {@link Redirect#PIPE}, which
   *     nobody could use
   * @throws IOException as {@link #start} throws it
   */
  public CommandResult run() throws IOException {
    return CommandRun.run(List.of(this));
  }

  /** The program and its arguments. */
  public List<String> words() {
    return words;
  }

  String program() {
    return words.getFirst();
  }

  /** To be read only. */
  CommandSettings settings() {
    return settings;
  }

  private Command with(Consumer<CommandSettings> change) {
    CommandSettings changed = new CommandSettings(settings);
    change.accept(changed);
    return new Command(words, changed);
  }

  /** The program and its arguments, for people. */
  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
