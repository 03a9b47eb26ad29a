package dev.goasync.bench;

import dev.goasync.bench.harness.Budget;
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
import dev.goasync.bench.suite.BridgeSuite;
import dev.goasync.bench.suite.FileSuite;
import dev.goasync.bench.suite.HttpSuite;
import dev.goasync.bench.suite.IdleSuite;
import dev.goasync.bench.suite.InspectSuite;
import dev.goasync.bench.suite.NetSuite;
import dev.goasync.bench.suite.PipeSuite;
import dev.goasync.bench.suite.ProcessSuite;
import dev.goasync.bench.suite.ServersSuite;
import dev.goasync.bench.suite.SimulationSuite;
import dev.goasync.bench.suite.SocketSuite;
import dev.goasync.bench.suite.StartupSuite;
import dev.goasync.bench.suite.SwitchSuite;
import dev.goasync.bench.suite.SyncSuite;
import dev.goasync.bench.suite.ToolsSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The bench's command line. */
@Command(
    name = "bench/run",
    mixinStandardHelpOptions = true,
    description =
        "Measures goasync and its peers in turn; writes bench/RESULTS.md and bench/charts.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:everything was measured, except peers that lack a tool",
      "1:something failed; the rest was measured",
      "2:an argument is wrong; nothing was measured"
    })
public final class Bench implements Callable<Integer> {
  private static final List<Suite> SUITES =
      List.of(
          new SwitchSuite(),
          new SyncSuite(),
          new IdleSuite(),
          new HttpSuite(),
          new NetSuite(),
          new ServersSuite(),
          new FileSuite(),
          new ToolsSuite(),
          new PipeSuite(),
          new ProcessSuite(),
          new SocketSuite(),
          new AsyncSuite(),
          new StartupSuite(),
          new SimulationSuite(),
          new BridgeSuite(),
          new InspectSuite());

  /** The time after which {@code --quick} starts no trial, so that it ends within 90 s. */
  private static final Duration QUICK = Duration.ofSeconds(80);

  @SuppressWarnings("NullAway.Init") // picocli initializes it
  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "SUITE", description = "The suites to run; all if none is named.")
  private List<String> names = List.of();

  @Option(names = "--peers", split = ",", description = "The peers to measure besides goasync.")
  private Set<String> peers = Set.of();

  @Option(
      names = "--rounds",
      description = "The number of rounds, instead of each suite's default.")
  private @Nullable Integer rounds;

  @Option(
      names = "--quick",
      description =
          "One short round, for a first impression; writes bench/target/quick/RESULTS.md instead.")
  private boolean quick;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes one JSON object for each figure.")
  private @Nullable Path json;

  @Option(names = "--list", description = "Lists the suites and their peers without running them.")
  private boolean list;

  /** Parses the arguments and runs the bench; the property {@code bench.root} is the repository. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Prints an error in one sentence; only a bug of the bench has a stack trace. */
  static CommandLine commandLine() {
    return new CommandLine(new Bench())
        .setParameterExceptionHandler((wrong, _) -> {
          wrong.getCommandLine().getErr().println("bench/run: " + wrong.getMessage());
          return ExitCode.USAGE;
        })
        .setExecutionExceptionHandler((failure, line, _) -> {
          if (!(failure instanceof IOException)) {
            throw failure;
          }
          line.getErr().println("bench/run: " + failure.getMessage());
          return ExitCode.SOFTWARE;
        });
  }

  @Override
  public Integer call() throws Exception {
    Optional<Budget> budget =
        quick ? Optional.of(new Budget(System::nanoTime, QUICK)) : Optional.empty();
    Path root = Path.of(System.getProperty("bench.root", "."));
    Workplace workplace = new Workplace(root, quick);
    List<Suite> chosen = chosen();
    if (list) {
      for (Suite suite : chosen) {
        System.out.println(suite.name() + ": " + suite.purpose());
        System.out.println("  " + String.join(", ", peersOf(suite, workplace)));
        if (!suite.companions().isEmpty()) {
          System.out.println(" also runs: " + String.join(", ", suite.companions()));
        }
        suite.missing().ifPresent(why -> System.out.println("  cannot run: " + why));
      }
      return ExitCode.OK;
    }
    check(chosen, workplace);
    chosen = chosen.stream().filter(Bench::canRun).toList();
    List<String> machine = Machine.describe(root);
    Path directory = root.resolve(quick ? "bench/target/quick" : "bench");
    ResultsPage page = new ResultsPage(directory.resolve("RESULTS.md"));
    StringBuilder lines = new StringBuilder();
    boolean failed = false;
    Runner runner = new Runner(workplace, chosen, peers, budget);
    for (Suite suite : chosen) {
      Results results = runner.run(suite, rounds != null ? rounds : suite.rounds(quick));
      failed |= results.hasFailed();
      Report report = new Report(suite, results);
      System.out.print(report.tables() + report.leftOut() + report.targets());
      new Chart(results).write(directory.resolve("charts").resolve(suite.name() + ".svg"));
      page.put(suite, machine, LocalDate.now(ZoneOffset.UTC).toString(), report);
      lines.append(report.json());
      if (json != null) {
        Files.writeString(json, lines);
      }
    }
    return failed ? ExitCode.SOFTWARE : ExitCode.OK;
  }

  private List<Suite> chosen() {
    List<String> known = SUITES.stream().map(Suite::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw wrong("there is no suite " + name + "; there are " + String.join(", ", known));
      }
    }
    return suites(names);
  }

  /** Returns the suites with these names and their companions; all suites if there are no names. */
  static List<Suite> suites(List<String> names) {
    Set<String> wanted = new LinkedHashSet<>(names);
    SUITES.stream()
        .filter(suite -> names.contains(suite.name()))
        .forEach(suite -> wanted.addAll(suite.companions()));
    return SUITES.stream()
        .filter(suite -> names.isEmpty() || wanted.contains(suite.name()))
        .toList();
  }

  private static boolean canRun(Suite suite) {
    suite
        .missing()
        .ifPresent(why -> System.err.println("suite " + suite.name() + " is left out: " + why));
    return suite.missing().isEmpty();
  }

  /** Checks arguments whose errors would otherwise show late or never. */
  private void check(List<Suite> chosen, Workplace workplace) throws Exception {
    if (rounds != null && rounds < 1) {
      throw wrong("--rounds must be at least 1, not " + rounds);
    }
    for (Suite suite : chosen) {
      if (suite.missing().isPresent() && !names.isEmpty()) {
        throw wrong("suite " + suite.name() + " cannot run: " + suite.missing().get());
      }
    }
    Set<String> known = new LinkedHashSet<>();
    for (Suite suite : chosen) {
      suite.trials(workplace).forEach(trial -> known.add(trial.peer()));
    }
    for (String peer : peers) {
      if (!known.contains(peer)) {
        throw wrong("there is no peer " + peer + "; there are " + String.join(", ", known));
      }
    }
    if (json != null) {
      try {
        Files.writeString(json, "");
      } catch (IOException e) {
        throw wrong("--json cannot write " + json + ": " + reason(e));
      }
    }
  }

  /**
   * Returns the reason of an exception; the message of a file-system exception may be only the
   * path.
   */
  private static String reason(IOException e) {
    return e instanceof NoSuchFileException
        ? "its directory does not exist"
        : String.valueOf(e.getMessage());
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private static Set<String> peersOf(Suite suite, Workplace workplace) throws Exception {
    Set<String> seen = new LinkedHashSet<>();
    for (Trial trial : suite.trials(workplace)) {
      seen.add(trial.peer() + trial.missing().map(why -> " (" + why + ")").orElse(""));
    }
    return seen;
  }
}
