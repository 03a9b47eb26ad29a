package dev.goasync.bench.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process that is measured, or measures. It does not outlive us. */
public final class Program implements AutoCloseable {
  private static final long MOST_SECONDS = 600;

  private final List<String> command;
  private final Process process;
  private final BufferedReader output;

  private Program(ProcessBuilder builder) throws IOException {
    this.command = builder.command();
    this.process = builder.start();
    this.output = process.inputReader();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
  }

  /** Starts a program, whose errors are shown. */
  public static Program start(List<String> command) throws IOException {
    return new Program(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
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
      List<String> lines = new ArrayList<>();
      for (String line = program.readLine(); line != null; line = program.readLine()) {
        lines.add(line);
      }
      if (!program.process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(program.command + " did not end");
      }
      if (program.process.exitValue() != 0) {
        throw new IOException(
            program.command
                + " failed: "
                + program.process.exitValue()
                + "\n"
                + String.join("\n", lines));
      }
      return lines;
    }
  }

  /** Reads until a line that begins with {@code start}, and returns the rest of that line. */
  public String awaitLine(String start) throws IOException {
    for (String line = readLine(); line != null; line = readLine()) {
      if (line.startsWith(start)) {
        return line.substring(start.length()).trim();
      }
    }
    throw new IOException(command + " ended without the line \"" + start + "\"");
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
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
