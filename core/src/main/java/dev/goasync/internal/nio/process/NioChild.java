package dev.goasync.internal.nio.process;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.FutureWait;
import dev.goasync.internal.platform.ChildHandle;
import dev.goasync.internal.platform.LaunchSpec;
import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.platform.Stdio;
import dev.goasync.internal.platform.TerminalHandle;
import dev.goasync.internal.util.ThreadLimit;
import dev.goasync.internal.worker.Workers;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A child process by the JDK's {@link Process}, for which the JDK uses one thread each. */
public final class NioChild implements ChildHandle {
  private static final int SIGKILL = 9;
  private static final int SIGTERM = 15;

  /** The longest pause before a retry; all pauses together are twice as long. */
  private static final long MAX_BUSY_MILLIS = 1024;

  /** The JDK puts the errno, ETXTBSY, into the message. */
  private static final Pattern TEXT_FILE_BUSY = Pattern.compile("error[=:] ?26\\b");

  private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");
  private static final Workers WORKERS = new Workers("goasync-start-");

  private final Process process;
  private final String name;
  private final @Nullable PipeHandle input;
  private final @Nullable PipeHandle output;
  private final @Nullable PipeHandle error;

  private NioChild(Process process, LaunchSpec spec) {
    String command = spec.command().getFirst();
    this.process = process;
    this.name = command + " (process " + process.pid() + ")";
    this.input =
        spec.input() == Stdio.Plain.PIPE
            ? new NioPipe(process.getOutputStream(), "standard input of " + command)
            : null;
    this.output =
        spec.output() == Stdio.Plain.PIPE
            ? new NioPipe(process.getInputStream(), "standard output of " + command)
            : null;
    this.error =
        spec.error() == Stdio.Plain.PIPE
            ? new NioPipe(process.getErrorStream(), "standard error of " + command)
            : null;
  }

  public static NioChild launch(LaunchSpec spec) throws IOException {
    Path directory = spec.directory();
    if (directory != null && directory.getFileSystem() != FileSystems.getDefault()) {
      throw new ProviderMismatchException(
          "directory is not a path of the default file system: " + directory);
    }
    if (spec.ownGroup() || spec.terminal() != null) {
      throw new UnsupportedOperationException(
          "the nio backend has no "
              + (spec.ownGroup() ? "process groups" : "pseudo terminals")
              + ", since the JDK has none; use a Linux backend");
    }
    return Fiber.current() == null
        ? start(spec)
        : WORKERS.run(
            Workers.Duration.BOUNDED,
            "the start of " + spec.command().getFirst(),
            () -> start(spec));
  }

  private static NioChild start(LaunchSpec spec) throws IOException {
    List<String> command = new ArrayList<>(spec.command());
    String program = WINDOWS ? command.getFirst() : spec.findProgram();
    command.set(0, program);
    ProcessBuilder builder = new ProcessBuilder(command);
    if (spec.directory() != null) {
      builder.directory(spec.directory().toFile());
    }
    if (!spec.inheritsEnvironment()) {
      builder.environment().clear();
    }
    changeEnvironment(builder.environment(), spec.changes());
    builder.redirectInput(redirectInput(spec.input()));
    builder.redirectOutput(redirectOutput(spec.output()));
    if (spec.error() == Stdio.Plain.MERGE) {
      builder.redirectErrorStream(true);
    } else {
      builder.redirectError(redirectOutput(spec.error()));
    }
    Process process = start(builder, spec, program);
    joinPipes(process, spec);
    return new NioChild(process, spec);
  }

  /**
   * Starts the process, and tries again for about two seconds if the program's file is open for
   * writing. A file that this process has just written and closed may be open in a sibling: another
   * child, started at the same time, has a copy of every descriptor until it executes its own
   * program.
   */
  private static Process start(ProcessBuilder builder, LaunchSpec spec, String program)
      throws IOException {
    String name = spec.command().getFirst();
    for (long millis = 1; ; millis *= 2) {
      try {
        return builder.start();
      } catch (IOException refused) {
        String message = String.valueOf(refused.getMessage());
        if (millis > MAX_BUSY_MILLIS || !TEXT_FILE_BUSY.matcher(message).find()) {
          FileSystemException reason = WINDOWS ? null : spec.explainFailure(program);
          throw reason != null ? reason : new FileSystemException(name, null, message);
        }
      } catch (OutOfMemoryError noThread) {
        if (!ThreadLimit.isReachedBy(noThread)) {
          throw noThread;
        }
        throw new FileSystemException(name, null, ThreadLimit.MESSAGE);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }

  /** The JDK cannot connect two processes directly, so threads copy the bytes. */
  private static void joinPipes(Process process, LaunchSpec spec) throws IOException {
    if (spec.input() instanceof Stdio.OfPipe(NioPipe upstream)) {
      NioPipe.copyInBackground(upstream.takeOverInput(), process.getOutputStream());
    }
    if (spec.output() instanceof Stdio.OfPipe(NioPipe downstream)) {
      NioPipe.copyInBackground(process.getInputStream(), downstream.takeOverOutput());
    }
    if (spec.error() instanceof Stdio.OfPipe(NioPipe downstream)) {
      NioPipe.copyInBackground(process.getErrorStream(), downstream.takeOverOutput());
    }
  }

  private static void changeEnvironment(
      Map<String, String> environment, Map<String, @Nullable String> changes) {
    changes.forEach((name, value) -> {
      if (value == null) {
        environment.remove(name);
      } else {
        environment.put(name, value);
      }
    });
  }

  private static ProcessBuilder.Redirect redirectInput(Stdio stdio) throws IOException {
    return switch (stdio) {
      case Stdio.Plain.INHERIT -> ProcessBuilder.Redirect.INHERIT;
      case Stdio.Plain.DISCARD ->
          ProcessBuilder.Redirect.from(ProcessBuilder.Redirect.DISCARD.file());
      case Stdio.OfFile file -> {
        FileChannel.open(file.path()).close(); // throws the right exception
        yield ProcessBuilder.Redirect.from(file.path().toFile());
      }
      default -> ProcessBuilder.Redirect.PIPE;
    };
  }

  private static ProcessBuilder.Redirect redirectOutput(Stdio stdio) throws IOException {
    return switch (stdio) {
      case Stdio.Plain.INHERIT -> ProcessBuilder.Redirect.INHERIT;
      case Stdio.Plain.DISCARD -> ProcessBuilder.Redirect.DISCARD;
      case Stdio.OfFile file -> {
        FileChannel.open(file.path(), StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
        yield file.append()
            ? ProcessBuilder.Redirect.appendTo(file.path().toFile())
            : ProcessBuilder.Redirect.to(file.path().toFile());
      }
      default -> ProcessBuilder.Redirect.PIPE;
    };
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public @Nullable PipeHandle input() {
    return input;
  }

  @Override
  public @Nullable PipeHandle output() {
    return output;
  }

  @Override
  public @Nullable PipeHandle error() {
    return error;
  }

  @Override
  public TerminalHandle.@Nullable Master terminal() {
    return null;
  }

  @Override
  public boolean awaitExit(long nanos) throws IOException {
    return !process.isAlive() || FutureWait.await(process.onExit(), nanos, name);
  }

  @Override
  public int exitCode() {
    return process.isAlive() ? RUNNING : process.exitValue();
  }

  /** Uses the ProcessHandle, since {@link Process#destroy} would also close the pipes. */
  @Override
  public void signal(int number, boolean group) {
    switch (number) {
      case SIGTERM -> process.toHandle().destroy();
      case SIGKILL -> process.toHandle().destroyForcibly();
      default ->
          throw new UnsupportedOperationException(
              "the nio backend cannot send signal "
                  + number
                  + ": the JDK can only terminate and kill; use a Linux backend");
    }
  }

  @Override
  public void killGroupAtEnd() {
    // the JDK has no process groups
  }

  @Override
  public void close() {
    // the JDK reaps its children itself
  }

  @Override
  public String toString() {
    return name;
  }
}
