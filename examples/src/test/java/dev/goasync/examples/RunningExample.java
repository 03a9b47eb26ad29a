package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs an example in a JVM of its own, with the options that {@code ./run} uses. */
final class RunningExample implements AutoCloseable {
  /** The JVM option that denies native calls to the example. */
  static final String DENY_NATIVE_ACCESS = "--illegal-native-access=deny";

  private static final long TIMEOUT_SECONDS = 60;
  private static final long LIFETIME_SECONDS = 180;

  private final Process process;
  private final BufferedReader output;

  private RunningExample(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    // A wait for a line then ends and reports the output instead of hanging.
    CompletableFuture.delayedExecutor(LIFETIME_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
  }

  static RunningExample start(Class<?> example, String... arguments) throws IOException {
    return start(List.of(), example, arguments);
  }

  static RunningExample start(List<String> options, Class<?> example, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    command.add("--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED");
    if (!options.contains(DENY_NATIVE_ACCESS)) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), example.getName()));
    command.addAll(Arrays.asList(arguments));
    if (isInterruptIgnored()) {
      command.addAll(0, List.of("env", "--default-signal=HUP,INT,QUIT"));
    }
    return new RunningExample(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /**
   * Returns whether signals are ignored, as in a build started by {@code nohup} or in the
   * background of a script.
   */
  private static boolean isInterruptIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    String ignored = Files.readString(status).replaceAll("(?s).*SigIgn:\\s+(\\w+).*", "$1");
    return (Long.parseUnsignedLong(ignored, 16) & 0b111) != 0;
  }

  /** Writes to the example's standard input. */
  void type(String text) throws IOException {
    process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Ends the example's standard input. */
  void endInput() throws IOException {
    process.getOutputStream().close();
  }

  /** Reads the output up to a line that begins with {@code beginning}, and returns that line. */
  String awaitLine(String beginning) throws IOException {
    List<String> read = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(beginning)) {
        return line;
      }
      read.add(line);
    }
    throw new AssertionError(
        "the example ended without a line that begins with \""
            + beginning
            + "\"; it printed:\n"
            + String.join("\n", read));
  }

  /** Waits for the line in which a server prints its port, and returns the port. */
  int awaitPort() throws IOException {
    return Integer.parseInt(awaitLine("listening on ").replaceAll("\\D", ""));
  }

  /** Waits for the exit with {@code status}, and returns the rest of the output. */
  String awaitEnd(int status) throws Exception {
    String rest = String.join("\n", output.lines().toList());
    assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).as("ended").isTrue();
    assertThat(process.exitValue()).as(rest).isEqualTo(status);
    return rest;
  }

  /** Sends the signal of Ctrl-C and returns the exit status. */
  int interrupt() throws Exception {
    sendInterrupt();
    return awaitStatus();
  }

  /** Sends the signal of Ctrl-C. */
  void sendInterrupt() throws Exception {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  /** Waits for the exit, and returns the status. */
  int awaitStatus() throws Exception {
    assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).as("ended").isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
