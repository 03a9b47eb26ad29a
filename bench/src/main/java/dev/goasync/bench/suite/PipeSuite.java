package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.util.ArrayList;
import java.util.List;

/** Bytes and lines from one coroutine to another through a pipe of the kernel. */
public final class PipeSuite implements Suite {
  private static final String LINES = "line-ping-pong";
  private static final String JDK = "jdk-virtual-threads";

  @Override
  public String name() {
    return "pipe";
  }

  @Override
  public String purpose() {
    return "Chunks of 4 KiB and 64 KiB through a pipe: from one coroutine to another of the same"
        + " loop by a FIFO, between two virtual threads, two goroutines, and two threads of"
        + " C. Short lines back and forth through two pipes, one after the other: between"
        + " two coroutines of one loop, two virtual threads, two goroutines, and two async"
        + " procs of Nim's asyncdispatch.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 5;
  }

  @Override
  public List<String> notQuick() {
    return List.of("chunks-4k");
  }

  @Override
  public List<Trial> trials(Workplace place) {
    List<Trial> trials = new ArrayList<>();
    String milliseconds = place.quick() ? "300" : "2000";
    for (int kibibytes : List.of(4, 64)) {
      String caseName = "chunks-" + kibibytes + "k";
      String size = String.valueOf(kibibytes * 1024);
      for (Peer peer : peers(place)) {
        trials.add(peer.trial(caseName, caseName, size, milliseconds));
      }
    }
    for (Peer peer : linePeers(place)) {
      trials.add(peer.trial(LINES, LINES, milliseconds));
    }
    return trials;
  }

  private static List<Peer> peers(Workplace place) {
    return List.of(
        Peer.ofBench(place, Results.US, "program.PipeWork", Results.US),
        Peer.ofBench(place, JDK, "program.PipeWork", JDK),
        Peer.of("go", () -> List.of(place.build().go("pipe")), Tool.GO),
        Peer.of("c-threads", () -> List.of(place.build().c("pipe", "-lpthread")), Tool.GCC));
  }

  private static List<Peer> linePeers(Workplace place) {
    return List.of(
        Peer.ofBench(place, Results.US, "program.LinePingPong", Results.US),
        Peer.ofBench(place, JDK, "program.LinePingPong", JDK),
        Peer.of("go", () -> List.of(place.build().go("lines")), Tool.GO),
        Peer.of("nim", () -> List.of(place.build().nim("line_ping_pong")), Tool.GCC, Tool.NIM));
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.rate(
            "lines back and forth a second, of JDK Pipe's on virtual threads", 3, LINES, JDK),
        Target.rate("the same, of Nim's asyncdispatch", 1, LINES, "nim"));
  }
}
