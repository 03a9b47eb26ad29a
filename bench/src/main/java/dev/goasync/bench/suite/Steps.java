package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Trials of single steps: JMH benchmarks of ours, and the same steps in Go. */
final class Steps {
  private Steps() {}

  /** A JMH benchmark, in a process of its own. */
  static Trial micro(Workplace place, String peer, String caseName, String benchmark) {
    return Trial.of(peer, caseName + " " + peer, () -> runMicro(place, caseName, benchmark));
  }

  static List<Measurement> runMicro(Workplace place, String caseName, String benchmark)
      throws Exception {
    String length = place.quick() ? "quick" : "full";
    return Measurement.parse(
        Program.run(
            place.java(List.of(), "dev.goasync.bench.micro.Micro", caseName, benchmark, length)));
  }

  /** The case in Go, with as many threads as Go likes and with one. */
  static void addGo(Workplace place, List<Trial> trials, String caseName) throws Exception {
    Path binary = place.buildGo("steps");
    Optional<String> missing = Workplace.missing("go", "golang-go");
    for (String processors : List.of("", "1")) {
      String peer = processors.isEmpty() ? "go" : "go-1-thread";
      List<String> command =
          List.of(binary.toString(), caseName, processors, place.quick() ? "3" : "10");
      trials.add(
          Trial.of(
              peer, caseName + " " + peer, missing, () -> Measurement.parse(Program.run(command))));
    }
  }
}
