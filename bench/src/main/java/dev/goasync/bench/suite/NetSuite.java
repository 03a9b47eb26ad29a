package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Servers beyond suite http: the Redis protocol, two loops, short connections. */
public final class NetSuite implements Suite {
  private static final String REDIS = "redis";

  /** The servers of suite http for which short connections are measured. */
  private static final Set<String> CHURNED =
      Set.of(
          Results.US,
          "goasync-epoll",
          "jdk-virtual-threads",
          "go",
          "c-epoll",
          "netty-uring",
          "netty-epoll");

  @Override
  public String name() {
    return "net";
  }

  @Override
  public String purpose() {
    return "The example redis-mini beside Redis under redis-benchmark -P 16 with 50 connections."
        + " The server of suite http with one loop and with two, at 256 connections: requests a"
        + " second of the busiest thread's processor time are what it would answer if each of its"
        + " threads had a processor, which wrk, on the same two, does not leave it. Connections"
        + " that are opened, asked once and closed. Of the same servers, suite http shows requests"
        + " and suite idle the memory of connections.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 5;
  }

  @Override
  public List<String> companions() {
    return List.of("http", "idle");
  }

  @Override
  public List<String> notQuick() {
    return List.of(LoopsLoad.CASE, "goasync-epoll", "netty-epoll");
  }

  @Override
  public List<String> onlyOnce() {
    return List.of("goasync-epoll", "jdk-virtual-threads", "netty-uring", "netty-epoll");
  }

  @Override
  public int quickSeconds() {
    return 3;
  }

  @Override
  public List<Trial> trials(Workplace place) {
    List<Trial> trials = new ArrayList<>();
    trials.add(RedisLoad.ofExample(place));
    trials.add(RedisLoad.ofRedis(place, REDIS));
    trials.addAll(LoopsLoad.trials(place));
    HttpServers.all(place).stream()
        .filter(server -> CHURNED.contains(server.id()))
        .forEach(server -> trials.add(Churn.trial(place, server)));
    return trials;
  }

  @Override
  public List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    for (String command : RedisLoad.COMMANDS) {
      String caseName = RedisLoad.caseOf(command);
      targets.add(
          Target.rate(command + " a second with redis-mini, of Redis's", 0.8, caseName, REDIS));
      targets.add(
          Target.ratio(
              "processor time of a " + command + ", of Redis's",
              1 / 0.8,
              caseName,
              REDIS,
              Metric.CPU_US_PER_OP));
    }
    targets.add(
        Target.rate(
            "two loops, requests a second with a processor each, of one loop's",
            1.6,
            LoopsLoad.CASE,
            LoopsLoad.TWO,
            LoopsLoad.ONE,
            Metric.OPS_PER_THREAD_S));
    return targets;
  }
}
