package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.util.List;

/** Single steps: start and await, yield, hand-over, a generator's step. */
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
    return "The costs of starting a coroutine and of switching between coroutines, on one loop.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 9;
  }

  @Override
  public List<String> notQuick() {
    return List.of(
        "spawn-100-await",
        "yield",
        "park-unpark",
        "generator-step",
        "current",
        "jdk-from-platform-thread",
        "jdk-1-carrier");
  }

  @Override
  public List<Trial> trials(Workplace place) {
    return new Steps(place)
        .micro("goasync", "spawn-await", US + "startAwait")
        .micro("custom-scheduler", "spawn-await", CUSTOM + "startAwait")
        .jdk("spawn-await", JDK + "startAwait")
        .micro("jdk-from-platform-thread", "spawn-await", JDK + "startAwaitFromThread")
        .others("spawn-await")
        .micro("goasync", "spawn-100-await", US + "startManyAwait")
        .others("spawn-100-await")
        .micro("goasync", "yield", US + "yieldToOther")
        .micro("custom-scheduler", "yield", CUSTOM + "yieldToOther")
        .jdk("yield", JDK + "yieldToOther")
        .others("yield")
        .micro("goasync", "park-unpark", US + "handOver")
        .micro("custom-scheduler", "park-unpark", CUSTOM + "handOver")
        .jdk("park-unpark", JDK + "handOver")
        .others("park-unpark")
        .micro("goasync", "generator-step", US + "generatorStep")
        .micro("bare-continuation", "generator-step", BARE + "generatorStep")
        .others("generator-step")
        .micro("goasync", "current", US + "current")
        .micro("thread-local", "current", JDK + "threadLocal")
        .trials();
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
