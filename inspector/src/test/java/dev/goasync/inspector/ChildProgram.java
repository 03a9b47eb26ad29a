package dev.goasync.inspector;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A main class of the tests that runs in a JVM of its own until its standard input is closed. */
final class ChildProgram implements AutoCloseable {
  private final Process process;
  private final BufferedReader errors;

  private ChildProgram(Process process) {
    this.process = process;
    this.errors =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
  }

  /** Starts it in the mode of this JVM. */
  static ChildProgram start(Class<?> main, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--") || argument.startsWith("-XX:"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(Arrays.asList(options));
    if (Boolean.getBoolean("goasync.portable")) {
      command.add("-Dgoasync.portable=true");
    }
    command.add(main.getName());
    return new ChildProgram(
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start());
  }

  /** Waits for a line of its standard error stream; the last one if none has this part. */
  String errorLineWith(String part) throws IOException {
    String last = "";
    for (String line = errors.readLine(); line != null; line = errors.readLine()) {
      last = line;
      if (line.contains(part)) {
        Thread.ofVirtual().start(() -> errors.lines().forEach(_ -> {})); // a full pipe would block
        return line;
      }
    }
    return last;
  }

  /** Closes its standard input and returns its exit code. */
  int end() throws IOException, InterruptedException {
    process.getOutputStream().close();
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
