package dev.goasync.bench.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process that is measured, or measures another one. It and its children are ended when this JVM
 * exits.
 */
public final class Program implements AutoCloseable {
  /** The timeout of a program that runs to its end. The longest trial takes a quarter of it. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** The timeout for a server to print that it is ready. */
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(20);

  private static final long SECONDS_TO_END = 5;

  /** The maximum number of lines of a failed program's output that its error quotes. */
  private static final int MAX_LINES = 20;

  /** The running programs; guarded by {@link #CHANGE}. */
  private static final Set<Program> RUNNING = new HashSet<>();

  /**
   * Held for ever once this JVM shuts down: no program starts after that, and the end of a program
   * is not reported as a failure.
   */
  private static final Semaphore CHANGE = new Semaphore(1);

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Program::endAll));
  }

  private final String name;
  private final Process process;
  private final BufferedReader output;

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

  /** Starts a program that inherits the standard error stream. */
  public static Program start(List<String> command) throws IOException {
    return new Program(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
  }

  /** Starts a program whose standard error stream is merged into its output. */
  public static Program startSayingAll(List<String> command) throws IOException {
    return new Program(new ProcessBuilder(command).redirectErrorStream(true));
  }

  /**
   * Runs a program to its end and returns the lines of its output and errors. It must exit with
   * code 0.
   */
  public static List<String> run(List<String> command) throws IOException, InterruptedException {
    return run(new ProcessBuilder(command), TIMEOUT);
  }

  /** The same with a timeout. */
  public static List<String> run(List<String> command, Duration timeout)
      throws IOException, InterruptedException {
    return run(new ProcessBuilder(command), timeout);
  }

  /** Runs a program to its end with a prepared {@code ProcessBuilder} and a timeout. */
  static List<String> run(ProcessBuilder builder, Duration timeout)
      throws IOException, InterruptedException {
    try (Program program = new Program(builder.redirectErrorStream(true));
        Limit limit = program.new Limit(timeout)) {
      List<String> lines = new ArrayList<>();
      for (String line = program.readLine(); line != null; line = program.readLine()) {
        lines.add(line);
      }
      int code = program.process.waitFor();
      limit.check("did not end");
      if (code != 0) {
        throw program.ended(lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size()));
      }
      return lines;
    }
  }

  /** Ends the program unless this limit is closed before the timeout. */
  private final class Limit implements AutoCloseable {
    private final Duration timeout;
    private final CompletableFuture<Boolean> overdue = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    Limit(Duration timeout) {
      this.timeout = timeout;
      CompletableFuture.delayedExecutor(timeout.toNanos(), TimeUnit.NANOSECONDS)
          .execute(() -> {
            if (overdue.complete(true)) {
              end();
              ended.complete(null);
            }
          });
    }

    /** Throws if the limit has ended the program. */
    void check(String what) throws IOException {
      if (!overdue.complete(false) && overdue.join()) {
        ended.join();
        throw new IOException(name + " " + what + " within " + timeout.toMillis() / 1e3 + " s");
      }
    }

    @Override
    public void close() {
      overdue.complete(false);
    }
  }

  /** Reads up to a line that contains {@code text}, and returns the rest of that line. */
  public String awaitLine(String text) throws IOException, InterruptedException {
    return awaitLine(text, READY_TIMEOUT);
  }

  String awaitLine(String text, Duration timeout) throws IOException, InterruptedException {
    try (Limit limit = new Limit(timeout)) {
      for (String line = readLine(); line != null; line = readLine()) {
        int at = line.indexOf(text);
        if (at >= 0) {
          return line.substring(at + text.length()).trim();
        }
      }
      process.waitFor();
      limit.check("did not print \"" + text + "\"");
      throw ended(List.of());
    }
  }

  /**
   * Reads until each of {@code texts} was on a line, in any order, and returns the rests of these
   * lines in the order of {@code texts}.
   */
  public List<String> awaitLines(List<String> texts) throws IOException, InterruptedException {
    String[] rests = new String[texts.size()];
    try (Limit limit = new Limit(READY_TIMEOUT)) {
      for (int missing = texts.size(); missing > 0; ) {
        String line = readLine();
        if (line == null) {
          process.waitFor();
          limit.check("did not print all of " + texts);
          throw ended(List.of());
        }
        for (int i = 0; i < rests.length; i++) {
          int at = rests[i] == null ? line.indexOf(texts.get(i)) : -1;
          if (at >= 0) {
            rests[i] = line.substring(at + texts.get(i).length()).trim();
            missing--;
          }
        }
      }
    }
    return List.of(rests);
  }

  /** Reads up to a server's line "listening on PORT", and returns the port. */
  public int awaitPort() throws IOException, InterruptedException {
    String port = awaitLine("listening on");
    try {
      return Integer.parseInt(port);
    } catch (NumberFormatException e) {
      throw new IOException(name + " printed a wrong port: \"" + port + "\"", e);
    }
  }

  /** Throws unless the program is running. */
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

  /** Returns the process id. */
  public long pid() {
    return process.pid();
  }

  /** Ends the program if it is running. */
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
