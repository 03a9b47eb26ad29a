package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.util.List;

/** Simulations: steps a second, and the memory of connections. */
public final class SimulationSuite implements Suite {
  private static final String CONNECTIONS = "connections";

  @Override
  public String name() {
    return "simulation";
  }

  @Override
  public String purpose() {
    return "Steps a second of a simulation: one byte that two hosts send to each other 10,000"
        + " times, and 1,000 coroutines that sleep 20 times. Memory of 100,000 connections in one"
        + " world, which were used once; 10,000 with --quick.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 5;
  }

  @Override
  public List<Trial> trials(Workplace place) {
    Peer us = Peer.ofBench(place, Results.US, "program.Simulations");
    String count = place.quick() ? "10000" : "100000";
    return List.of(
        us.trial("echo", "echo"),
        us.trial("sleepers", "sleepers"),
        us.trial(CONNECTIONS, CONNECTIONS, count));
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.figure(
            "peak memory of 100,000 simulated connections, in MB",
            2_000,
            CONNECTIONS,
            Results.US,
            Metric.PEAK_RSS_MB));
  }
}
