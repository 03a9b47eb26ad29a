package dev.goasync.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program of a {@link Simulation} that other programs start by {@code Command}. Its body runs as
 * a process of its own on the host of the caller: with coroutines, event loops, standard streams,
 * signals, open files and a working directory of its own. Static fields belong to the JVM.
 *
 * <pre>{@code
 * Simulation.with().run(world -> {
 *   world.program("upper", call -> {
 *     String line = StandardStream.in().readLine();
 *     StandardStream.out().writeAll(line.toUpperCase(Locale.ROOT) + "\n");
 *     return 0;
 *   });
 *   CommandResult result = Command.of("upper").stdin(Redirect.of("text\n")).run();
 *   assertEquals("TEXT\n", result.output());
 * });
 * }</pre>
 *
 * <p><b>End.</b> The process ends with its body, also if other coroutines of it are left, and its
 * exit code is the result. An exception becomes exit code 1 and a line in the standard error; an
 * {@link Error}, such as a failed assertion, fails the run.
 *
 * <p><b>Signals.</b> {@code Signals.listen} gets them. Without a listener {@code TERM}, {@code INT}
 * and {@code HUP} cancel the body, and others end the process at once. {@code KILL} always does: no
 * {@code finally} block runs then, but the kernel closes what is open. The exit code is 128 plus
 * the signal's number.
 */
@FunctionalInterface
public interface SimulatedProgram {
  /**
   * How a program was started.
   *
   * @param host the host on which it runs
   * @param name the name by which it was started
   * @param arguments without the name
   * @param environment the environment variables
   * @param directory the working directory, to which relative paths are resolved; {@code
   *     Path.toAbsolutePath} does not know it
   */
  record Call(
      Host host,
      String name,
      List<String> arguments,
      Map<String, String> environment,
      Path directory) {}

  /** Runs the program; returns the exit code, of which the last eight bits count. */
  int run(Call call) throws Exception;
}
