package dev.goasync.internal.simulated;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a simulated program does. */
@FunctionalInterface
public interface ProgramBody {
  /**
   * How a program was started.
   *
   * @param arguments without the name of the program
   * @param directory the working directory, absolute
   */
  record Start(
      SimulatedHost host,
      String name,
      List<String> arguments,
      Map<String, String> environment,
      Path directory) {}

  /** Runs the program, in its main coroutine; returns the exit code. */
  int run(Start start) throws Exception;
}
