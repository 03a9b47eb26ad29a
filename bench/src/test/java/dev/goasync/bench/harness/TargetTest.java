package dev.goasync.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows of targets. */
class TargetTest {
  private final Results results = new Results();

  private void add(String peer, Metric metric, double value) {
    results.add(peer, List.of(new Measurement("c1", metric, value)));
  }

  @Test
  void aTimeMeetsATargetUpToItsLimit() {
    add(Results.US, Metric.CPU_US_PER_OP, 8);
    add("go", Metric.CPU_US_PER_OP, 10);

    assertThat(Target.ratio("time", 0.8, "c1", "go", Metric.CPU_US_PER_OP).row(results))
        .isEqualTo("| time | at most 0.80 | 0.80 | met |");
    assertThat(Target.ratio("time", 0.7, "c1", "go", Metric.CPU_US_PER_OP).row(results))
        .isEqualTo("| time | at most 0.70 | 0.80 | **not met** |");
  }

  @Test
  void aRateMeetsATargetFromItsLimitOn() {
    add(Results.US, Metric.OPS_PER_S, 3000);
    add("go", Metric.OPS_PER_S, 2000);

    assertThat(Target.rate("rate", 1.5, "c1", "go").row(results))
        .isEqualTo("| rate | at least 1.50 | 1.50 | met |");
    assertThat(Target.rate("rate", 1.6, "c1", "go").row(results))
        .isEqualTo("| rate | at least 1.60 | 1.50 | **not met** |");
  }

  @Test
  void theBestOfSeveralPeersCounts() {
    add(Results.US, Metric.CPU_US_PER_OP, 6);
    add("netty-uring", Metric.CPU_US_PER_OP, 12);
    add("netty-epoll", Metric.CPU_US_PER_OP, 10);
    List<String> peers = List.of("netty-uring", "netty-epoll", "netty-nio");

    assertThat(Target.ratioToLeast("time", 0.5, "c1", peers, Metric.CPU_US_PER_OP).row(results))
        .isEqualTo("| time | at most 0.50 | 0.60 | **not met** |");
  }

  @Test
  void aTargetWithoutAFigureIsNotMeasured() {
    add(Results.US, Metric.OPS_PER_S, 3000);

    assertThat(Target.rate("rate", 1.5, "c1", "go").row(results))
        .isEqualTo("| rate | at least 1.50 | not measured | |");
  }
}
