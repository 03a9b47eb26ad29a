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

/** A process of the bench. It and its children end with the bench at the latest. */
public final class Program implements AutoCloseable {
  /** The time limit of a program that runs to its end; four times the longest trial. */
  private static final Duration MOST = Duration.ofSeconds(60);

  /** The time limit for a program to report that it is ready. */
  private static final Duration MOST_TO_BE_READY = Duration.ofSeconds(20);

  private static final long SECONDS_TO_END = 5;

  /** The most characters of a failed program's last output that its error quotes. */
  private static final int MOST_LINES = 20;

  /** The programs that run; guarded by {@link #CHANGE}. */
  private static final Set<Program> RUNNING = new HashSet<>();

  /**
   * Guards {@link #RUNNING}. The shutdown hook keeps the permit: then no program starts, and no
   * caller reports the end of a program as a failure.
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
    return run(new ProcessBuilder(command), MOST);
  }

  /** Runs a program with the given environment and time limit. */
  static List<String> run(ProcessBuilder builder, Duration most)
      throws IOException, InterruptedException {
    try (Program program = new Program(builder.redirectErrorStream(true));
        Limit limit = program.new Limit(most)) {
      List<String> lines = new ArrayList<>();
      for (String line = program.readLine(); line != null; line = program.readLine()) {
        lines.add(line);
      }
      int code = program.process.waitFor();
      limit.check("did not end");
      if (code != 0) {
        throw program.ended(lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size()));
      }
      return lines;
    }
  }

  /** Ends the program unless it is closed in time. */
  private final class Limit implements AutoCloseable {
    private final Duration most;
    private final CompletableFuture<Boolean> overdue = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    Limit(Duration most) {
      this.most = most;
      CompletableFuture.delayedExecutor(most.toNanos(), TimeUnit.NANOSECONDS)
          .execute(() -> {
            if (overdue.complete(true)) {
              end();
              ended.complete(null);
            }
          });
    }

    /** Throws if the time limit ended the program. */
    void check(String what) throws IOException {
      if (!overdue.complete(false) && overdue.join()) {
        ended.join();
        throw new IOException(name + " " + what + " within " + most.toMillis() / 1e3 + " s");
      }
    }

    @Override
    public void close() {
      overdue.complete(false);
    }
  }

  /** Reads until a line that contains {@code text}, and returns what follows it in that line. */
  public String awaitLine(String text) throws IOException, InterruptedException {
    return awaitLine(text, MOST_TO_BE_READY);
  }

  String awaitLine(String text, Duration most) throws IOException, InterruptedException {
    try (Limit limit = new Limit(most)) {
      for (String line = readLine(); line != null; line = readLine()) {
        int at = line.indexOf(text);
        if (at >= 0) {
          return line.substring(at + text.length()).trim();
        }
      }
      process.waitFor();
      limit.check("did not say \"" + text + "\"");
      throw ended(List.of());
    }
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
