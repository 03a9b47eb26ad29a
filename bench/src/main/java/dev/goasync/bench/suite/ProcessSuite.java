package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.util.List;

/** Starting processes and waiting for their ends. */
public final class ProcessSuite implements Suite {
  private static final String CASE = "true-32";
  private static final String AT_ONCE = "32";
  private static final String JDK = "jdk-virtual-threads";

  @Override
  public String name() {
    return "process";
  }

  @Override
  public String purpose() {
    return "/bin/true started and waited for, 32 at once, with the parent's own streams: how many a"
        + " second, and the processor time of one, its own included.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 5;
  }

  @Override
  public int quickSeconds() {
    return 2;
  }

  @Override
  public List<Trial> trials(Workplace place) {
    String milliseconds = place.quick() ? "500" : "2000";
    return peers(place).stream()
        .map(peer -> peer.trial(CASE, CASE, AT_ONCE, milliseconds))
        .toList();
  }

  private static List<Peer> peers(Workplace place) {
    Peer.Command node = () -> List.of("node", place.peerSource("node/processes.js").toString());
    return List.of(
        Peer.ofBench(place, Results.US, "program.ProcessWork", Results.US),
        Peer.ofBench(place, JDK, "program.ProcessWork", JDK),
        Peer.of("go", () -> List.of(place.build().go("processes")), Tool.GO),
        Peer.of("c-epoll", () -> List.of(place.build().c("processes")), Tool.GCC),
        Peer.of("asyncio", Peer.python(place, "asyncio_processes.py"), Tool.PYTHON),
        Peer.of("node", node, Tool.NODE));
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.rate("processes a second, of ProcessBuilder's on virtual threads", 1.5, CASE, JDK));
  }
}
