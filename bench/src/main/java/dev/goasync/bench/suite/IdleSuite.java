package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.nio.file.Path;
import java.util.List;

/** Memory of what only waits. */
public final class IdleSuite implements Suite {
  private static final String COUNT = "1000000";

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public String purpose() {
    return "1,000,000 sleepers: heap of each after a collection, the process's peak memory, and"
        + " the time to start one and put it to sleep.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 5;
  }

  @Override
  public List<Trial> trials(Workplace place) throws Exception {
    Path go = place.buildGo("sleepers");
    return List.of(
        ofJava(place, "goasync"),
        ofJava(place, "jdk-virtual-threads"),
        Trial.of(
            "go",
            "sleepers go",
            Workplace.missing("go", "golang-go"),
            () -> Measurement.parse(Program.run(List.of(go.toString(), COUNT)))));
  }

  private static Trial ofJava(Workplace place, String peer) {
    return Trial.of(
        peer,
        "sleepers " + peer,
        () ->
            Measurement.parse(
                Program.run(
                    place.java(List.of(), "dev.goasync.bench.program.Sleepers", peer, COUNT))));
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.figure(
            "heap of each of 1,000,000 sleeping coroutines, in bytes",
            1200,
            "sleepers",
            Results.US,
            Metric.BYTES_PER_ITEM));
  }
}
