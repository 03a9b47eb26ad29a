package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Trials of single steps: JMH benchmarks on the JVM, and the same steps in other languages. */
final class Steps {
  private static final Set<String> GO =
      Set.of(
          "spawn-await",
          "spawn-100-await",
          "yield",
          "park-unpark",
          "rendezvous",
          "channel-64",
          "select",
          "mutex");
  private static final Set<String> KOTLIN =
      Set.of(
          "spawn-await",
          "spawn-100-await",
          "yield",
          "park-unpark",
          "generator-step",
          "rendezvous",
          "channel-64",
          "select",
          "mutex",
          "chain-3",
          "depth-10");
  private static final Set<String> PYTHON =
      Set.of(
          "spawn-await",
          "spawn-100-await",
          "yield",
          "park-unpark",
          "generator-step",
          "channel-64",
          "mutex",
          "chain-3",
          "depth-10");
  private static final Set<String> FUTURES =
      Set.of("spawn-await", "spawn-100-await", "yield", "generator-step", "chain-3", "depth-10");
  private static final Set<String> NETTY = Set.of("chain-3", "depth-10");

  private record Steppers(Peer peer, Set<String> cases) {}

  private final Workplace place;
  private final List<Steppers> others;
  private final List<Trial> trials = new ArrayList<>();

  Steps(Workplace place) {
    this.place = place;
    this.others = others(place);
  }

  private static List<Steppers> others(Workplace place) {
    Peer.Command node = () -> List.of("node", place.peerSource("node/steps.js").toString());
    Peer.Command nim = () -> List.of(place.build().nim("steps"));
    return List.of(
        new Steppers(Peer.of("go", () -> List.of(place.build().go("steps"), "0"), Tool.GO), GO),
        new Steppers(
            Peer.of("go-1-thread", () -> List.of(place.build().go("steps"), "1"), Tool.GO), GO),
        new Steppers(Peer.onJvm(place, "kotlin", "KotlinSteps", "many"), KOTLIN),
        new Steppers(Peer.onJvm(place, "kotlin-1-thread", "KotlinSteps", "one"), KOTLIN),
        new Steppers(Peer.onJvm(place, "netty-callbacks", "NettySteps"), NETTY),
        new Steppers(Peer.of("nim", nim, Tool.GCC, Tool.NIM), FUTURES),
        new Steppers(
            Peer.of("asyncio", Peer.python(place, "asyncio_steps.py"), Tool.PYTHON), PYTHON),
        new Steppers(
            Peer.of("gevent", Peer.python(place, "gevent_steps.py"), Tool.PYTHON, Tool.GEVENT),
            PYTHON),
        new Steppers(Peer.of("node", node, Tool.NODE), FUTURES));
  }

  /** Adds a JMH benchmark, which runs in its own process. */
  Steps micro(String peer, String caseName, String benchmark, String... options) {
    trials.add(Trial.of(caseName, peer, () -> runMicro(place, caseName, benchmark, options)));
    return this;
  }

  /** Adds a benchmark of the JDK's virtual threads, on all cores and on one. */
  Steps jdk(String caseName, String benchmark) {
    return micro("jdk-virtual-threads", caseName, benchmark)
        .micro("jdk-1-carrier", caseName, benchmark, Peer.ONE_CARRIER);
  }

  static List<Measurement> runMicro(
      Workplace place, String caseName, String benchmark, String... options) throws Exception {
    String main = "dev.goasync.bench.micro.Micro";
    String length = place.quick() ? "quick" : "full";
    return Measurement.parse(
        Program.run(place.java(List.of(options), main, caseName, benchmark, length)));
  }

  /** Adds the case in all other languages that have it. */
  Steps others(String caseName) {
    for (Steppers each : others) {
      if (each.cases().contains(caseName)) {
        trials.add(each.peer().trial(caseName, caseName, place.quick() ? "2" : "10"));
      }
    }
    return this;
  }

  List<Trial> trials() {
    return List.copyOf(trials);
  }
}
