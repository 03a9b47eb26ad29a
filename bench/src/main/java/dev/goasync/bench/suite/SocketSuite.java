package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.util.List;

/** Messages between two coroutines over one connection: time and allocated bytes. */
public final class SocketSuite implements Suite {
  private static final String CASE = "ping-pong";

  @Override
  public String name() {
    return "socket";
  }

  @Override
  public String purpose() {
    return "A 64-byte message over loopback, sent by one coroutine and received by another of the"
        + " same loop: wall time and allocated bytes of a send and a receive.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 5;
  }

  @Override
  public int quickSeconds() {
    return 3;
  }

  @Override
  public List<Trial> trials(Workplace place) {
    return List.of(
        trial(place, Results.US, "SocketPingPong.pingPong"),
        trial(place, "jdk-virtual-threads", "ThreadPingPong.pingPong"));
  }

  private static Trial trial(Workplace place, String peer, String benchmark) {
    return Trial.of(CASE, peer, () -> Steps.runMicro(place, CASE, benchmark));
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.figure(
            "bytes allocated by a send and a receive, in steady state (1 is the error of the"
                + " measurement)",
            1,
            CASE,
            Results.US,
            Metric.BYTES_PER_ITEM));
  }
}
