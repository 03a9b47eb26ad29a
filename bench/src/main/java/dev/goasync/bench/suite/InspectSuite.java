package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the inspector's page and the JDK's flight recorder cost a server. */
public final class InspectSuite implements Suite {
  private static final String CASE = "c64";
  private static final int CONNECTIONS = 64;
  private static final int WARM_UP_SECONDS = 9;
  private static final int SECONDS = 5;
  private static final String LISTENS = "listening on";
  private static final String INSPECTS = "GoAsync inspector: ";

  /** The recorder writes to a temporary directory, which the JDK removes. */
  private static final String RECORD = "-XX:StartFlightRecording";

  /** The page is served on any free port. */
  private static final String PAGE = "-Dgoasync.inspector=0";

  private static final String WITHOUT_OUR_EVENTS =
      ":dev.goasync.Suspend#enabled=false,dev.goasync.Task#enabled=false"
          + ",dev.goasync.Turn#enabled=false";

  private static final String BOTH = "inspector-and-jfr";

  /** The options of each variant. */
  private static final List<Variant> VARIANTS =
      List.of(
          new Variant(Results.US, List.of()),
          new Variant("jfr-of-the-jdk", List.of(RECORD + WITHOUT_OUR_EVENTS)),
          new Variant("jfr", List.of(RECORD)),
          new Variant("inspector", List.of(PAGE)),
          new Variant(BOTH, List.of(RECORD, PAGE)));

  private record Variant(String id, List<String> options) {
    boolean hasPage() {
      return options.contains(PAGE);
    }
  }

  @Override
  public String name() {
    return "inspect";
  }

  @Override
  public String purpose() {
    return "The server of suite http with 64 connections, observed: by a recording of the JDK's"
        + " flight recorder with its default settings, with and without this library's events, by"
        + " the inspector with an open page, and by both: processor time of the whole process a"
        + " request. Cases dump: a dump of 100,000 waiting coroutines, of which 5,000 read from"
        + " sockets, with its text: its time, and for how long no other coroutine ran.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 5;
  }

  @Override
  public Optional<String> missing() {
    return Tool.WRK.missing();
  }

  @Override
  public int quickSeconds() {
    return 6;
  }

  @Override
  public List<Trial> trials(Workplace place) {
    Stream<Trial> servers =
        VARIANTS.stream().map(variant -> Trial.of(CASE, variant.id, () -> measure(place, variant)));
    Peer dumps = Peer.ofBench(place, Results.US, "program.Dumps", "100000", "5000");
    return Stream.concat(servers, Stream.of(dumps.trial("dump"))).toList();
  }

  private static List<Measurement> measure(Workplace place, Variant variant) throws Exception {
    List<String> command =
        place.java(variant.options, "dev.goasync.examples.HttpHello", "--port", "0");
    try (Program server = Program.startSayingAll(command)) {
      if (!variant.hasPage()) {
        return load(place, server, Integer.parseInt(server.awaitLine(LISTENS)));
      }
      List<String> said = server.awaitLines(List.of(LISTENS, INSPECTS));
      try (var _ = openPage(said.get(1))) {
        return load(place, server, Integer.parseInt(said.get(0)));
      }
    }
  }

  /** Reads the page's stream of events, as a browser does. */
  private static Program openPage(String url) throws IOException {
    return Program.start(List.of("curl", "-sN", "-o", "/dev/null", url.replace("/?", "/events?")));
  }

  private static List<Measurement> load(Workplace place, Program server, int port)
      throws Exception {
    Wrk.warmUp(place, port, CONNECTIONS, place.quick() ? 1 : WARM_UP_SECONDS);
    ProcStat.Cpu before = ProcStat.cpu(server.pid());
    Wrk load = Wrk.run(place, port, CONNECTIONS, place.quick() ? 1 : SECONDS);
    server.checkRuns();
    ProcStat.Cpu used = ProcStat.cpu(server.pid()).since(before);
    return List.of(
        new Measurement(CASE, Metric.CPU_US_PER_OP, used.us() / load.requests()),
        new Measurement(CASE, Metric.USER_US_PER_OP, used.userUs() / load.requests()),
        new Measurement(CASE, Metric.P99_US, load.p99Us()));
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.ratio(
            "processor time a request with an open page and a recording, of that without",
            1.05,
            CASE,
            BOTH,
            Results.US,
            Metric.CPU_US_PER_OP),
        Target.figure(
            "a dump of 100,000 coroutines, in ms", 300, "dump-first", Results.US, Metric.WALL_MS),
        Target.figure(
            "the pause of the loop by such a dump, in us",
            20_000,
            "dump-first",
            Results.US,
            Metric.MAX_US),
        Target.figure("a later dump, in ms", 300, "dump", Results.US, Metric.WALL_MS),
        Target.figure(
            "the pause of the loop by it, in us", 20_000, "dump", Results.US, Metric.MAX_US));
  }
}
