package dev.goasync.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.bench.harness.Suite;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Wrong arguments are reported in one sentence with exit code 2, and no suite runs. */
class BenchTest {
  @TempDir private Path directory;

  private final StringWriter said = new StringWriter();

  private int bench(String... arguments) {
    CommandLine line = Bench.commandLine();
    line.setErr(new PrintWriter(said));
    return line.execute(arguments);
  }

  private void assertRefused(String sentence, String... arguments) {
    assertThat(bench(arguments)).isEqualTo(2);
    assertThat(said.toString().lines()).singleElement().asString().contains(sentence);
  }

  @Test
  void anUnknownSuite() {
    assertRefused("bench/run: there is no suite swich; there are switch, sync,", "swich");
  }

  @Test
  void aSuiteRunsWithItsCompanions() {
    assertThat(Bench.suites(List.of("net")))
        .extracting(Suite::name)
        .containsExactly("idle", "http", "net");
    assertThat(Bench.suites(List.of("http"))).extracting(Suite::name).containsExactly("http");
    assertThat(Bench.suites(List.of())).extracting(Suite::name).contains("net", "process");
  }

  @Test
  void anUnknownPeerOfTheSuite() {
    assertRefused(
        "bench/run: there is no peer fio; there are goasync, jdk-virtual-threads",
        "socket",
        "--peers",
        "goasync,fio");
  }

  @Test
  void zeroRounds() {
    assertRefused("--rounds must be at least 1, not 0", "socket", "--rounds", "0");
  }

  @Test
  void roundsThatAreNotANumber() {
    assertRefused("'x' is not an int", "socket", "--rounds", "x");
  }

  @Test
  void anUnknownOption() {
    assertRefused("Unknown option: '--fast'", "--fast");
  }

  @Test
  void aMissingDirectory() {
    String file = directory.resolve("none/figures.json").toString();

    assertRefused(
        "--json cannot write " + file + ": its directory does not exist", "socket", "--json", file);
  }

  @Test
  void aDirectoryInsteadOfAFile() {
    assertRefused("--json cannot write " + directory, "socket", "--json", directory.toString());
  }

  @Test
  void aWrongArgumentLeavesTheJsonFileUnchanged() throws Exception {
    Path file = Files.writeString(directory.resolve("figures.json"), "old");

    assertRefused("no suite", "swich", "--json", file.toString());

    assertThat(file).hasContent("old");
  }
}
