package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.util.ArrayList;
import java.util.List;

/** Bytes from one coroutine to another through the kernel's pipe. */
public final class PipeSuite implements Suite {
  @Override
  public String name() {
    return "pipe";
  }

  @Override
  public String purpose() {
    return "Chunks of 4 KiB and 64 KiB through a pipe: from one coroutine to another of the same"
        + " loop by a FIFO, between two virtual threads, two goroutines, and two threads of C.";
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
    return trials;
  }

  private static List<Peer> peers(Workplace place) {
    String virtual = "jdk-virtual-threads";
    return List.of(
        Peer.ofBench(place, Results.US, "program.PipeWork", Results.US),
        Peer.ofBench(place, virtual, "program.PipeWork", virtual),
        Peer.of("go", () -> List.of(place.build().go("pipe")), Tool.GO),
        Peer.of("c-threads", () -> List.of(place.build().c("pipe", "-lpthread")), Tool.GCC));
  }
}
