package dev.goasync.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JSON output, the page and the chart. */
class ReportTest {
  private final Results results = new Results();
  private final Suite suite = new Two();
  private final Report report = new Report(suite, results);

  private static final class Two implements Suite {
    @Override
    public String name() {
      return "two";
    }

    @Override
    public String purpose() {
      return "Nothing.";
    }

    @Override
    public int rounds(boolean quick) {
      return 1;
    }

    @Override
    public List<Trial> trials(Workplace workplace) {
      return List.of();
    }
  }

  private void add(String peer, double value) {
    results.add(peer, List.of(new Measurement("c64", Metric.CPU_US_PER_OP, value)));
  }

  @Test
  void aFigureIsAJsonObjectInALine() {
    add(Results.US, 4);
    add("go", 6);

    assertThat(report.json().lines().toList().getLast())
        .isEqualTo(
            "{\"suite\":\"two\",\"case\":\"c64\",\"peer\":\"go\",\"metric\":\"cpu_us_per_op\","
                + "\"unit\":\"us\",\"median\":6.000,\"min\":6.000,\"max\":6.000,\"rounds\":1,"
                + "\"ratio\":1.500}");
  }

  @Test
  void theRatioIsNullWithoutAFigureOfTheLibrary() {
    add("go", 6);

    assertThat(report.json()).endsWith("\"ratio\":null}\n");
  }

  @Test
  void thePageListsPeersThatAreLeftOut(@TempDir Path directory) throws IOException {
    add(Results.US, 4);
    results.leaveOut("nim", "nim is missing");
    Path file = directory.resolve("RESULTS.md");
    ResultsPage page = new ResultsPage(file);

    page.put(suite, List.of("machine: one"), "2026-01-01", report);
    page.put(suite, List.of("machine: other"), "2026-01-02", report);

    assertThat(Files.readString(file))
        .contains("Left out: nim: nim is missing.", "machine: other", "![two](charts/two.svg)")
        .doesNotContain("machine: one");
  }

  @Test
  void aBarIsProportionalAndCutAtEightTimesTheLibrarysBar() {
    add(Results.US, 10);
    add("go", 20);
    add("gevent", 1000);
    List<Results.Row> rows = results.rows("c64", Metric.CPU_US_PER_OP);

    double full = Chart.fullScale(rows);

    assertThat(full).isEqualTo(80);
    assertThat(Chart.length(20, full)).isEqualTo(2 * Chart.length(10, full));
    assertThat(Chart.length(1000, full)).isEqualTo(Chart.length(80, full));
    assertThat(new Chart(results).svg()).contains("1,000 (cut)").doesNotContain("20.0 (cut)");
  }
}
