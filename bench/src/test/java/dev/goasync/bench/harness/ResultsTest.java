package dev.goasync.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Medians and ratios. */
class ResultsTest {
  private final Results results = new Results();

  private void add(String peer, double... values) {
    for (double value : values) {
      results.add(peer, List.of(new Measurement("c1", Metric.NS_PER_OP, value)));
    }
  }

  private Results.Row row(String peer) {
    return results.rows("c1", Metric.NS_PER_OP).stream()
        .filter(row -> row.peer().equals(peer))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void medianOfOddAndEvenRounds() {
    add("go", 9, 1, 5);
    add("nim", 4, 1, 2, 100);

    assertThat(row("go")).isEqualTo(new Results.Row("go", 5, 1, 9, 3, Double.NaN));
    assertThat(row("nim").median()).isEqualTo(3);
  }

  @Test
  void ratioIsThePeersMedianDividedByOurs() {
    add("go", 3);
    add(Results.US, 2);

    assertThat(row("go").ratio()).isEqualTo(1.5);
    assertThat(row(Results.US).ratio()).isEqualTo(1);
  }

  @Test
  void noRatioToNothing() {
    add("go", 3);
    add(Results.US, 0);

    assertThat(row("go").ratio()).isNaN();
  }

  @Test
  void oursStandsFirst() {
    add("go", 3);
    add(Results.US, 2);

    assertThat(results.rows("c1", Metric.NS_PER_OP).getFirst().peer()).isEqualTo(Results.US);
  }

  @Test
  void aPeerIsToldOnceForEachReason() {
    assertThat(results.leaveOut("nim", "no nim")).isTrue();
    assertThat(results.leaveOut("nim", "no nim")).isFalse();
    assertThat(results.leftOut()).containsEntry("nim", "no nim");
  }

  @Test
  void measuredProgramsTellTheirFiguresInLines() {
    Measurement figure = new Measurement("c1", Metric.P999_US, 12.5);

    assertThat(Measurement.parse(List.of("noise", figure.toLine()))).containsExactly(figure);
  }
}
