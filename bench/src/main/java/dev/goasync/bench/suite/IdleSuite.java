package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Memory of idle coroutines and connections. */
public final class IdleSuite implements Suite {
  private static final String MILLION = "1000000";
  private static final String FEWER = "100000";

  /**
   * The peers without this case: with a thread for each connection the figures would be those of
   * thread stacks, and the memory of one carrier is the same as that of many.
   */
  private static final Set<String> NOT_FOR_CONNECTIONS =
      Set.of("kotlin", "jdk-1-carrier", "go-1-thread");

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public String purpose() {
    return "1,000,000 sleepers: heap of each after a collection, the process's peak memory, and the"
        + " time to start one and put it to sleep; 100,000 with --quick, and always of"
        + " asyncio, gevent and node, whose peak is left out, and of the two in Python each"
        + " one's resident memory instead of heap. 10,000 idle connections: resident memory"
        + " that each adds to a server of suite http, once it has been answered one"
        + " request.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 5;
  }

  @Override
  public List<String> notQuick() {
    return List.of(IdleConnections.CASE);
  }

  @Override
  public List<String> onlyOnce() {
    List<String> names = new ArrayList<>(HttpServers.BESIDE_TARGETS);
    names.addAll(List.of("goasync-epoll", "jdk-virtual-threads", "c-epoll"));
    return names;
  }

  @Override
  public int quickSeconds() {
    return 2;
  }

  @Override
  public List<Trial> trials(Workplace place) {
    List<Trial> trials = new ArrayList<>();
    for (Peer peer : sleepers(place)) {
      trials.add(peer.trial("sleepers", place.quick() ? FEWER : MILLION));
    }
    for (Peer peer : fewerSleepers(place)) {
      trials.add(peer.trial("sleepers", FEWER));
    }
    for (Peer server : HttpServers.all(place)) {
      if (!NOT_FOR_CONNECTIONS.contains(server.id())) {
        trials.add(IdleConnections.trial(place, server));
      }
    }
    return trials;
  }

  private static List<Peer> sleepers(Workplace place) {
    return List.of(
        Peer.ofBench(place, Results.US, "program.Sleepers", Results.US),
        Peer.ofBench(place, "jdk-virtual-threads", "program.Sleepers", "jdk-virtual-threads"),
        Peer.of("go", () -> List.of(place.build().go("sleepers")), Tool.GO),
        Peer.onJvm(place, "kotlin-1-thread", "KotlinSleepers"),
        Peer.of("nim", () -> List.of(place.build().nim("sleepers")), Tool.GCC, Tool.NIM));
  }

  private static List<Peer> fewerSleepers(Workplace place) {
    return List.of(
        Peer.of("asyncio", Peer.python(place, "asyncio_sleepers.py"), Tool.PYTHON),
        Peer.of("gevent", Peer.python(place, "gevent_sleepers.py"), Tool.PYTHON, Tool.GEVENT),
        Peer.of(
            "node",
            () -> List.of("node", "--expose-gc", place.peerSource("node/sleepers.js").toString()),
            Tool.NODE));
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.figure(
            "heap of each of 1,000,000 sleeping coroutines, in bytes",
            1200,
            "sleepers",
            Results.US,
            Metric.BYTES_PER_ITEM),
        Target.ratio(
            "resident memory of an idle connection, of Go's",
            1,
            IdleConnections.CASE,
            "go",
            Metric.BYTES_PER_ITEM),
        Target.ratioToLeast(
            "the same, of the better Netty transport's",
            0.25,
            IdleConnections.CASE,
            List.of("netty-uring", "netty-epoll"),
            Metric.BYTES_PER_ITEM));
  }
}
