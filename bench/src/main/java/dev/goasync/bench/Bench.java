package dev.goasync.bench;

import dev.goasync.bench.harness.Chart;
import dev.goasync.bench.harness.Machine;
import dev.goasync.bench.harness.Report;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.ResultsPage;
import dev.goasync.bench.harness.Runner;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import dev.goasync.bench.suite.AsyncSuite;
import dev.goasync.bench.suite.FileSuite;
import dev.goasync.bench.suite.HttpSuite;
import dev.goasync.bench.suite.IdleSuite;
import dev.goasync.bench.suite.PipeSuite;
import dev.goasync.bench.suite.SocketSuite;
import dev.goasync.bench.suite.StartupSuite;
import dev.goasync.bench.suite.SwitchSuite;
import dev.goasync.bench.suite.SyncSuite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The bench's command line. */
@Command(
    name = "bench/run",
    mixinStandardHelpOptions = true,
    description =
        "Measures goasync beside its peers, in turn; writes bench/RESULTS.md and bench/charts.")
public final class Bench implements Callable<Integer> {
  private static final List<Suite> SUITES =
      List.of(
          new SwitchSuite(),
          new SyncSuite(),
          new IdleSuite(),
          new HttpSuite(),
          new FileSuite(),
          new PipeSuite(),
          new SocketSuite(),
          new AsyncSuite(),
          new StartupSuite());

  @Parameters(paramLabel = "SUITE", description = "The suites to run; all if none is named.")
  private List<String> names = List.of();

  @Option(names = "--peers", split = ",", description = "Only these peers, and goasync.")
  private Set<String> peers = Set.of();

  @Option(names = "--rounds", description = "How many rounds, instead of each suite's own number.")
  private @Nullable Integer rounds;

  @Option(
      names = "--quick",
      description = "One short round, for a look; writes bench/target/quick/RESULTS.md instead.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes one JSON object a figure.")
  private @Nullable Path json;

  @Option(names = "--list", description = "Lists the suites and their peers, and runs nothing.")
  private boolean list;

  /** Runs what the arguments ask for; the property {@code bench.root} is the repository. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Bench()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Path root = Path.of(System.getProperty("bench.root", "."));
    Workplace workplace = new Workplace(root, quick);
    List<Suite> chosen = chosen();
    if (list) {
      for (Suite suite : chosen) {
        print(suite, workplace);
      }
      return 0;
    }
    if (rounds != null && rounds < 1) {
      throw new IllegalArgumentException("--rounds must be at least 1: " + rounds);
    }
    List<String> machine = Machine.describe(root);
    Path folder = root.resolve(quick ? "bench/target/quick" : "bench");
    ResultsPage page = new ResultsPage(folder.resolve("RESULTS.md"));
    StringBuilder lines = new StringBuilder();
    for (Suite suite : chosen) {
      int count = rounds != null ? rounds : suite.rounds(quick);
      Results results = new Runner(workplace, peers).run(suite, count);
      Report report = new Report(suite, results);
      System.out.print(report.tables() + report.leftOut() + report.targets());
      new Chart(results).write(folder.resolve("charts").resolve(suite.name() + ".svg"));
      page.put(suite, machine, LocalDate.now(ZoneOffset.UTC).toString(), report);
      lines.append(report.json());
      if (json != null) {
        Files.writeString(json, lines);
      }
    }
    return 0;
  }

  private List<Suite> chosen() {
    List<String> known = SUITES.stream().map(Suite::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException("no suite " + name + "; there are " + known);
      }
    }
    return SUITES.stream().filter(s -> names.isEmpty() || names.contains(s.name())).toList();
  }

  private static void print(Suite suite, Workplace workplace) throws Exception {
    Set<String> seen = new LinkedHashSet<>();
    for (Trial trial : suite.trials(workplace)) {
      seen.add(trial.peer() + trial.missing().map(why -> " (" + why + ")").orElse(""));
    }
    System.out.println(suite.name() + ": " + suite.purpose());
    System.out.println("  " + String.join(", ", seen));
  }
}
