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
 * @param missing the reason why it cannot run here, if there is one
 * @param program builds the program if necessary, and returns the command that starts it
 */
record Peer(String id, Optional<String> missing, Command program) {
  /** JVM options that make the JDK run all virtual threads on one platform thread. */
  static final String ONE_CARRIER = "-Djdk.virtualThreadScheduler.parallelism=1";

  private static final Set<String> JITS = Set.of("java", "node");

  /** The start of a command line. */
  @FunctionalInterface
  interface Command {
    /** Returns the program and its first arguments. */
    List<String> get() throws Exception;
  }

  /** Creates a peer that needs {@code tools}. */
  static Peer of(String id, Command program, Tool... tools) {
    return new Peer(id, Tool.firstMissing(tools), program);
  }

  /** Creates a peer that is not available. */
  static Peer unavailable(String id, String why) {
    return new Peer(id, Optional.of(why), List::of);
  }

  /** Creates a peer from a program of the bench. */
  static Peer ofBench(Workplace place, String id, String mainClass, String... arguments) {
    return of(id, () -> place.java(List.of(), "dev.goasync.bench." + mainClass, arguments));
  }

  /** Creates a peer from a program of the peers' project. */
  static Peer onJvm(Workplace place, String id, String mainClass, String... arguments) {
    return new Peer(
        id, place.jvmPeersMissing(), () -> place.jvmPeer("peers." + mainClass, arguments));
  }

  /** Returns the command of a Python program. */
  static Command python(Workplace place, String name) {
    return () -> List.of(Tool.DEBIAN_PYTHON, "-B", place.peerSource("python/" + name).toString());
  }

  /** Returns the whole command line. */
  List<String> command(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(program.get());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Returns whether the program needs a warm-up for its JIT. */
  static boolean hasJit(List<String> command) {
    return JITS.contains(Path.of(command.getFirst()).getFileName().toString());
  }

  /** Creates a trial of a program that prints its own figures. */
  Trial trial(String caseName, String... arguments) {
    return trial(caseName, () -> Measurement.parse(Program.run(command(arguments))));
  }

  Trial trial(String caseName, Trial.Body body) {
    return new Trial(caseName, id, missing, body);
  }
}
