package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The targets for the server of suite http. */
final class HttpTargets {
  private static final List<String> NETTY = List.of("netty-uring", "netty-epoll");

  private HttpTargets() {}

  static List<Target> all(List<Integer> connections) {
    List<Target> targets = new ArrayList<>();
    for (int count : connections) {
      targets.addAll(at(count));
    }
    targets.add(
        Target.ratio(
            "on epoll, processor time a request at 64 connections, of C epoll's",
            1.3,
            "c64",
            "goasync-epoll",
            "c-epoll",
            Metric.CPU_US_PER_OP));
    targets.add(
        Target.ratio(
            "on nio, processor time a request at 64 connections, of C epoll's",
            1.5,
            "c64",
            "goasync-nio",
            "c-epoll",
            Metric.CPU_US_PER_OP));
    return targets;
  }

  private static List<Target> at(int connections) {
    Metric cpu = Metric.CPU_US_PER_OP;
    String caseName = "c" + connections;
    String at = String.format(Locale.ROOT, " at %,d", connections);
    String time = "processor time a request" + at + ", of ";
    return List.of(
        Target.ratio(time + "C epoll's", 1.0, caseName, "c-epoll", cpu),
        Target.ratioToLeast(time + "the better Netty transport's", 0.9, caseName, NETTY, cpu),
        Target.ratio(time + "Go's", 0.7, caseName, "go", cpu),
        Target.ratio(time + "JDK virtual threads'", 0.4, caseName, "jdk-virtual-threads", cpu),
        Target.ratioToLeast(
            "the same in user mode" + at + ", of the better Netty transport's",
            0.5,
            caseName,
            NETTY,
            Metric.USER_US_PER_OP));
  }
}
