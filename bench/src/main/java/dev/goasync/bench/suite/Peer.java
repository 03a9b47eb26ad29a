package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A peer's program.
 *
 * @param id the peer's id
 * @param missing why it cannot run here, if so
 * @param program builds it if need be, and says how to start it
 */
record Peer(String id, Optional<String> missing, Command program) {
  /** JVM options that run all virtual threads on one platform thread. */
  static final String ONE_CARRIER = "-Djdk.virtualThreadScheduler.parallelism=1";

  private static final Set<String> JITS = Set.of("java", "node");

  /** The start of a command line. */
  @FunctionalInterface
  interface Command {
    /** The program and its first arguments. */
    List<String> get() throws Exception;
  }

  /** A peer that needs {@code tools}. */
  static Peer of(String id, Command program, Tool... tools) {
    return new Peer(id, Tool.firstMissing(tools), program);
  }

  /** A peer that is not available. */
  static Peer unavailable(String id, String why) {
    return new Peer(id, Optional.of(why), List::of);
  }

  /** A program of the bench's own. */
  static Peer ofBench(Workplace place, String id, String mainClass, String... arguments) {
    return of(id, () -> place.java(List.of(), "dev.goasync.bench." + mainClass, arguments));
  }

  /** A program of the peers' project. */
  static Peer onJvm(Workplace place, String id, String mainClass, String... arguments) {
    return new Peer(
        id, place.jvmPeersMissing(), () -> place.jvmPeer("peers." + mainClass, arguments));
  }

  /** A program for Debian's Python. */
  static Command python(Workplace place, String name) {
    return () -> List.of(Tool.DEBIAN_PYTHON, "-B", place.peerSource("python/" + name).toString());
  }

  /** The whole command line. */
  List<String> command(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(program.get());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Whether the program needs a warm-up for its JIT. */
  static boolean hasJit(List<String> command) {
    return JITS.contains(Path.of(command.getFirst()).getFileName().toString());
  }

  /** A trial of a program that prints its own figures. */
  Trial trial(String caseName, String... arguments) {
    return trial(caseName, () -> Measurement.parse(Program.run(command(arguments))));
  }

  Trial trial(String caseName, Trial.Body body) {
    return new Trial(caseName, id, missing, body);
  }
}
