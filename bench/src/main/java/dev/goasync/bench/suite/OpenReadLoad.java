package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.util.ArrayList;
import java.util.List;

/** Opening, reading and closing a cached file of 1 kB, by 1 and by 64 at a time. */
final class OpenReadLoad {
  private static final String C = "c-3-calls";
  private static final String JDK = "jdk-virtual-threads";
  private static final double TARGET = 1.3;

  /** A case and its concurrency; C makes one call after another in both. */
  private record Use(String caseName, String atOnce) {}

  private static final List<Use> USES =
      List.of(new Use("open-read-close", "1"), new Use("open-read-close-64", "64"));

  private OpenReadLoad() {}

  static List<Trial> trials(Workplace place) {
    List<Trial> trials = new ArrayList<>();
    for (Use use : USES) {
      trials.add(ofBench(place, Results.US, use));
      trials.add(ofBench(place, JDK, use));
      Peer c = Peer.of(C, () -> List.of(place.build().c("open_read")), Tool.GCC);
      trials.add(
          c.trial(use.caseName, () -> c.trial("", use.caseName, file(place), "2000").body().run()));
    }
    return trials;
  }

  static List<Target> targets() {
    return USES.stream()
        .map(use ->
            Target.ratio(
                "processor time of " + use.caseName + ", of C's three calls",
                TARGET,
                use.caseName,
                C,
                Metric.CPU_US_PER_OP))
        .toList();
  }

  private static Trial ofBench(Workplace place, String id, Use use) {
    Peer peer = Peer.ofBench(place, id, "program.OpenRead", id);
    return peer.trial(
        use.caseName,
        () -> peer.trial("", use.caseName, file(place), use.atOnce, "2000").body().run());
  }

  private static String file(Workplace place) throws Exception {
    return ServedFiles.directory(place).resolve("file-1k").toString();
  }
}
