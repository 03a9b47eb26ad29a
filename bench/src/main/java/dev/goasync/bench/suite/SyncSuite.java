package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.util.ArrayList;
import java.util.List;

/** Synchronization: channels, select, a lock, a scope. */
public final class SyncSuite implements Suite {
  private static final String US = "GoAsyncSync.";
  private static final String JDK = "VirtualThreadSync.";

  @Override
  public String name() {
    return "sync";
  }

  @Override
  public String purpose() {
    return "What an item costs that two coroutines of one loop pass on, and what a lock and a scope"
        + " cost.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 9;
  }

  @Override
  public List<String> notQuick() {
    return List.of("rendezvous", "select", "mutex", "scope-10000");
  }

  @Override
  public List<Trial> trials(Workplace place) {
    return new Steps(place)
        .micro("goasync", "rendezvous", US + "rendezvous")
        .micro("custom-scheduler", "rendezvous", "CustomSchedulerSwitch.handOver")
        .jdk("rendezvous", JDK + "synchronousQueue")
        .others("rendezvous")
        .micro("goasync", "channel-64", US + "channelOf64")
        .jdk("channel-64", JDK + "arrayBlockingQueue")
        .others("channel-64")
        .micro("goasync", "select", US + "selectOfTwo")
        .others("select")
        .micro("goasync", "mutex", US + "mutex")
        .micro("plain-field", "mutex", US + "plainField")
        .micro("current-thread", "mutex", US + "currentThread")
        .micro("jdk-virtual-threads", "mutex", JDK + "reentrantLock")
        .micro("jdk-monitor", "mutex", JDK + "monitor")
        .others("mutex")
        .micro("goasync", "scope-10000", US + "scope")
        .micro("goasync-without-scope", "scope-10000", US + "tasksByThemselves")
        .trials();
  }

  @Override
  public List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    targets.addAll(
        byBothTimes(
            "an item through a rendezvous channel, of Go's on one thread",
            0.85,
            "rendezvous",
            "go-1-thread"));
    targets.addAll(
        byBothTimes(
            "the same, of a SynchronousQueue's between virtual threads",
            1,
            "rendezvous",
            "jdk-virtual-threads"));
    targets.addAll(
        byBothTimes(
            "an item through a channel of 64, of Go's on one thread",
            0.4,
            "channel-64",
            "go-1-thread"));
    targets.addAll(
        byBothTimes(
            "the same, of an ArrayBlockingQueue's between virtual threads",
            0.2,
            "channel-64",
            "jdk-virtual-threads"));
    targets.add(
        Target.ratio(
            "to lock and unlock a free mutex around a field's update, of the bare update",
            2,
            "mutex",
            "plain-field",
            Metric.NS_PER_OP));
    targets.add(
        Target.ratio(
            "a scope of 10,000 children, of 10,000 goAsync",
            1.3,
            "scope-10000",
            "goasync-without-scope",
            Metric.NS_PER_OP));
    return targets;
  }

  /**
   * Adds a target by processor time: by wall time, a peer that uses several cores looks better than
   * it is.
   */
  private static List<Target> byBothTimes(
      String promise, double max, String caseName, String peer) {
    return List.of(
        Target.ratio(promise, max, caseName, peer, Metric.NS_PER_OP),
        Target.ratio(promise + ", by processor time", max, caseName, peer, Metric.CPU_NS_PER_OP));
  }
}
