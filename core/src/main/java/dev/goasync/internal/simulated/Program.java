package dev.goasync.internal.simulated;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a simulated program has got from its parent.
 *
 * @param name for messages
 * @param directory the working directory, absolute
 */
record Program(
    String name, Path directory, Map<String, String> environment, ProgramStreams streams) {
  /** The main program of a host. */
  static Program mainOf(SimulatedHost host) {
    return new Program(
        host.name(), Path.of("").toAbsolutePath(), host.environment(), host.streams().ofPrograms());
  }
}
