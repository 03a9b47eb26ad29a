package dev.goasync.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page of results, one part for each suite. A run replaces the parts of its suites and keeps
 * the rest. Each part contains the date and the machine of its measurement.
 */
public final class ResultsPage {
  private static final String HEAD =
      """
      # Results

      Written by `bench/run`. Each figure is the median of the rounds, with the smallest and the largest;
      every round is a new process, and the peers take turns. Ratio: the peer's median divided by
      goasync's. `custom-scheduler` is a bare virtual thread on a deque, `bare-continuation` the
      JDK's continuation without a thread: both are lower bounds of the same step.

      """;

  private final Path file;

  /** Creates the page in {@code file}, which need not exist. */
  public ResultsPage(Path file) {
    this.file = file;
  }

  /** Inserts or replaces the part of a suite. */
  public void put(Suite suite, List<String> machine, String date, Report report)
      throws IOException {
    String part =
        begin(suite.name())
            + "\n## "
            + suite.name()
            + "\n\n"
            + suite.purpose()
            + "\n\n"
            + "Measured "
            + date
            + ".\n\n"
            + String.join("\n", machine.stream().map(line -> "* " + line).toList())
            + "\n\n"
            + "!["
            + suite.name()
            + "](charts/"
            + suite.name()
            + ".svg)\n\n"
            + report.leftOut()
            + report.targets()
            + report.tables().stripTrailing()
            + "\n"
            + end(suite.name());
    String page = Files.exists(file) ? Files.readString(file) : HEAD;
    Matcher old =
        Pattern.compile(
                Pattern.quote(begin(suite.name())) + ".*?" + Pattern.quote(end(suite.name())),
                Pattern.DOTALL)
            .matcher(page);
    page =
        old.find()
            ? old.replaceFirst(Matcher.quoteReplacement(part))
            : page.stripTrailing() + "\n\n" + part + "\n";
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, page);
  }

  private static String begin(String suite) {
    return "<!-- suite " + suite + " -->";
  }

  private static String end(String suite) {
    return "<!-- end of " + suite + " -->";
  }
}
