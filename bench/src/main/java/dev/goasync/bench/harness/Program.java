package dev.goasync.bench.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A process that is measured, or measures. Neither it nor what it started outlives us. */
public final class Program implements AutoCloseable {
  private static final long MOST_SECONDS = 600;
  private static final long SECONDS_TO_END = 5;

  /** Of a program that failed, so much of what it printed last is told. */
  private static final int MOST_LINES = 20;

  /** The programs that run; only who holds {@link #CHANGE} looks. */
  private static final Set<Program> RUNNING = new HashSet<>();

  /**
   * Taken for good once we are told to end: nothing starts then, and nobody goes on to call the end
   * of a program a failure.
   */
  private static final Semaphore CHANGE = new Semaphore(1);

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Program::endAll));
  }

  private final String name;
  private final Process process;
  private final BufferedReader output;
  private volatile boolean overdue;

  private Program(ProcessBuilder builder) throws IOException {
    this.name = String.valueOf(Path.of(builder.command().getFirst()).getFileName());
    CHANGE.acquireUninterruptibly();
    try {
      this.process = builder.start();
      RUNNING.add(this);
    } finally {
      CHANGE.release();
    }
    this.output = process.inputReader();
  }

  /** Starts a program, whose errors are shown. */
  public static Program start(List<String> command) throws IOException {
    return new Program(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
  }

  /** Starts a program whose errors are read as its output is. */
  public static Program startSayingAll(List<String> command) throws IOException {
    return new Program(new ProcessBuilder(command).redirectErrorStream(true));
  }

  /**
   * Runs a program to its end and returns the lines that it printed, errors too; it must succeed.
   */
  public static List<String> run(List<String> command) throws IOException, InterruptedException {
    return run(new ProcessBuilder(command));
  }

  /** The same with more said about how. */
  static List<String> run(ProcessBuilder builder) throws IOException, InterruptedException {
    try (Program program = new Program(builder.redirectErrorStream(true))) {
      program.endIfOverdue();
      List<String> lines = new ArrayList<>();
      for (String line = program.readLine(); line != null; line = program.readLine()) {
        lines.add(line);
      }
      int code = program.process.waitFor();
      if (program.overdue) {
        throw new IOException(program.name + " did not end within " + MOST_SECONDS + " s");
      }
      if (code != 0) {
        throw program.ended(lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size()));
      }
      return lines;
    }
  }

  private void endIfOverdue() {
    var _ =
        process
            .onExit()
            .orTimeout(MOST_SECONDS, TimeUnit.SECONDS)
            .exceptionally(_ -> {
              overdue = true;
              end();
              return process;
            });
  }

  /** Reads until a line that begins with {@code start}, and returns the rest of that line. */
  public String awaitLine(String start) throws IOException, InterruptedException {
    for (String line = readLine(); line != null; line = readLine()) {
      if (line.startsWith(start)) {
        return line.substring(start.length()).trim();
      }
    }
    process.waitFor();
    throw ended(List.of());
  }

  /** Reads until a server's line "listening on PORT". */
  public int awaitPort() throws IOException, InterruptedException {
    String port = awaitLine("listening on");
    try {
      return Integer.parseInt(port);
    } catch (NumberFormatException e) {
      throw new IOException(name + " listens on no port: \"" + port + "\"", e);
    }
  }

  /** Throws unless the program still runs. */
  public void checkRuns() throws IOException {
    if (!process.isAlive()) {
      throw ended(List.of());
    }
  }

  private IOException ended(List<String> lines) {
    String what = name + " ended with exit code " + process.exitValue();
    return new IOException(lines.isEmpty() ? what : what + ":\n" + String.join("\n", lines));
  }

  private @Nullable String readLine() throws IOException {
    return output.readLine();
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** Ends the program, if it still runs. */
  @Override
  public void close() {
    end();
    CHANGE.acquireUninterruptibly();
    RUNNING.remove(this);
    CHANGE.release();
  }

  private static void endAll() {
    CHANGE.acquireUninterruptibly();
    RUNNING.forEach(Program::end);
  }

  private void end() {
    if (process.isAlive()) {
      List<ProcessHandle> family =
          Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
      family.forEach(ProcessHandle::destroy);
      family.forEach(Program::awaitEnd);
    }
  }

  private static void awaitEnd(ProcessHandle ending) {
    try {
      ending.onExit().get(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      ending.destroyForcibly();
    } catch (InterruptedException e) {
      ending.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
