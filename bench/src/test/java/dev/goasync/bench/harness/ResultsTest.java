package dev.goasync.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void noRatioWithoutAFigureOfTheLibrary() {
    add("go", 3);
    add(Results.US, 0);

    assertThat(row("go").ratio()).isNaN();
  }

  @Test
  void theLibraryIsInTheFirstRow() {
    add("go", 3);
    add(Results.US, 2);

    assertThat(results.rows("c1", Metric.NS_PER_OP).getFirst().peer()).isEqualTo(Results.US);
  }

  @Test
  void figuresAreParsedFromLines() throws IOException {
    Measurement figure = new Measurement("c1", Metric.P999_US, 12.5);

    assertThat(Measurement.parse(List.of("noise", figure.toLine()))).containsExactly(figure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"= c1", "= c1 ns_per_op", "= c1 ns_per_op fast", "= c1 speed 3"})
  void aMalformedFigureIsAnErrorOfThePeer(String line) {
    assertThatThrownBy(() -> Measurement.parse(List.of(line)))
        .isInstanceOf(IOException.class)
        .hasMessage("a line of its output is not a figure: \"" + line + "\"");
  }

  @Test
  void processorTimeIsShownWithWallTime() {
    for (Metric metric : List.of(Metric.BYTES_PER_ITEM, Metric.CPU_NS_PER_OP, Metric.NS_PER_OP)) {
      results.add(Results.US, List.of(new Measurement("c1", metric, 1)));
    }

    assertThat(results.metrics("c1"))
        .containsExactly(Metric.NS_PER_OP, Metric.CPU_NS_PER_OP, Metric.BYTES_PER_ITEM);
  }
}
