package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Single steps: start and await, yield, hand over, a generator's step. */
public final class SwitchSuite implements Suite {
  private static final String US = "GoAsyncSwitch.";
  private static final String CUSTOM = "CustomSchedulerSwitch.";
  private static final String BARE = "BareContinuation.";
  private static final String JDK = "VirtualThreadSwitch.";

  @Override
  public String name() {
    return "switch";
  }

  @Override
  public String purpose() {
    return "What starting a coroutine and switching between coroutines costs, on one loop.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 9;
  }

  @Override
  public List<Trial> trials(Workplace place) throws Exception {
    List<Trial> trials = new ArrayList<>();
    trials.add(micro(place, "goasync", "spawn-await", US + "startAwait"));
    trials.add(micro(place, "custom-scheduler", "spawn-await", CUSTOM + "startAwait"));
    trials.add(micro(place, "jdk-virtual-threads", "spawn-await", JDK + "startAwait"));
    trials.add(
        micro(place, "jdk-from-platform-thread", "spawn-await", JDK + "startAwaitFromThread"));
    addGo(place, trials, "spawn-await");
    trials.add(micro(place, "goasync", "spawn-100-await", US + "startManyAwait"));
    addGo(place, trials, "spawn-100-await");
    trials.add(micro(place, "goasync", "yield", US + "yieldToOther"));
    trials.add(micro(place, "custom-scheduler", "yield", CUSTOM + "yieldToOther"));
    trials.add(micro(place, "jdk-virtual-threads", "yield", JDK + "yieldToOther"));
    addGo(place, trials, "yield");
    trials.add(micro(place, "goasync", "park-unpark", US + "handOver"));
    trials.add(micro(place, "custom-scheduler", "park-unpark", CUSTOM + "handOver"));
    trials.add(micro(place, "jdk-virtual-threads", "park-unpark", JDK + "handOver"));
    addGo(place, trials, "park-unpark");
    trials.add(micro(place, "goasync", "generator-step", US + "generatorStep"));
    trials.add(micro(place, "bare-continuation", "generator-step", BARE + "generatorStep"));
    trials.add(micro(place, "goasync", "current", US + "current"));
    trials.add(micro(place, "thread-local", "current", JDK + "threadLocal"));
    return trials;
  }

  private static Trial micro(Workplace place, String peer, String caseName, String benchmark) {
    return Trial.of(peer, caseName + " " + peer, () -> runMicro(place, caseName, benchmark));
  }

  static List<Measurement> runMicro(Workplace place, String caseName, String benchmark)
      throws Exception {
    String length = place.quick() ? "quick" : "full";
    return Measurement.parse(
        Program.run(
            place.java(List.of(), "dev.goasync.bench.micro.Micro", caseName, benchmark, length)));
  }

  private static void addGo(Workplace place, List<Trial> trials, String caseName) throws Exception {
    Path binary = place.buildGo("switch");
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

  @Override
  public List<Target> targets() {
    Metric time = Metric.NS_PER_OP;
    return List.of(
        Target.ratio(
            "start + await, of a bare thread on a custom scheduler",
            2,
            "spawn-await",
            "custom-scheduler",
            time),
        Target.ratio(
            "start + await, of startVirtualThread + join by a platform thread",
            0.1,
            "spawn-await",
            "jdk-from-platform-thread",
            time),
        Target.ratio(
            "start + await, of startVirtualThread + join by a virtual thread",
            0.1,
            "spawn-await",
            "jdk-virtual-threads",
            time),
        Target.ratio("start + await, of Go's", 0.8, "spawn-await", "go", time),
        Target.ratio(
            "start + await, of Go's on one thread", 0.8, "spawn-await", "go-1-thread", time),
        Target.ratio(
            "park + unpark, of a bare thread's on a custom scheduler",
            1.2,
            "park-unpark",
            "custom-scheduler",
            time));
  }
}
