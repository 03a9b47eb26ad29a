package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Whole programs, from the start of the process to its end. */
public final class StartupSuite implements Suite {
  private static final String EMPTY = "java-empty";
  private static final String ONE_CALL = "java-one-call";
  private static final String JIT = "jit";
  private static final String AOT = "aot-cache";

  /** The runs of a program in a round; several, since it is short. */
  private static final int RUNS_A_ROUND = 4;

  private static final Map<String, String> PROGRAMS = new LinkedHashMap<>();

  static {
    PROGRAMS.put(Results.US, "OneRead");
    PROGRAMS.put(EMPTY, "Empty");
    PROGRAMS.put(ONE_CALL, "OneCall");
  }

  @Override
  public String name() {
    return "startup";
  }

  @Override
  public String purpose() {
    return "Wall time of a whole program: one asynchronous read of a file with goasync, an empty"
        + " main, and a main that makes one native call; with the JVM's defaults and with an AOT"
        + " cache.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 6;
  }

  @Override
  public List<Trial> trials(Workplace place) throws Exception {
    List<Trial> trials = new ArrayList<>();
    Map<String, List<String>> cached = new LinkedHashMap<>();
    for (int time = 0; time < (place.quick() ? 1 : RUNS_A_ROUND); time++) {
      PROGRAMS.forEach((peer, program) ->
          trials.add(Trial.of(JIT, peer, () -> measure(JIT, command(place, List.of(), program)))));
      PROGRAMS.forEach((peer, program) ->
          trials.add(
              Trial.of(
                  AOT,
                  peer,
                  () -> {
                    List<String> options = cached.get(peer);
                    if (options == null) {
                      options = makeCache(place, program);
                      cached.put(peer, options);
                    }
                    return measure(AOT, command(place, options, program));
                  })));
    }
    return trials;
  }

  private static List<String> command(Workplace place, List<String> options, String program)
      throws IOException {
    return place.java(
        options,
        "dev.goasync.bench.program." + program,
        place.root().resolve("LICENSE").toString());
  }

  private static List<String> makeCache(Workplace place, String program) throws Exception {
    Path cache = place.builds().resolve(program + ".aot");
    Files.deleteIfExists(cache);
    Program.run(command(place, List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:aot*=off"), program));
    return List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off");
  }

  private static List<Measurement> measure(String caseName, List<String> command) throws Exception {
    long start = System.nanoTime();
    Program.run(command);
    double ms = (System.nanoTime() - start) / 1e6;
    return List.of(new Measurement(caseName, Metric.WALL_MS, ms));
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.ratio(
            "one asynchronous read, of a program with one native call",
            1.3,
            JIT,
            ONE_CALL,
            Metric.WALL_MS),
        Target.atMost(
            "one asynchronous read with an AOT cache, ms above the empty program with one",
            130,
            StartupSuite::difference));
  }

  private static OptionalDouble difference(Results results) {
    OptionalDouble ours = results.median(AOT, Results.US, Metric.WALL_MS);
    OptionalDouble empty = results.median(AOT, EMPTY, Metric.WALL_MS);
    return ours.isPresent() && empty.isPresent()
        ? OptionalDouble.of(ours.getAsDouble() - empty.getAsDouble())
        : OptionalDouble.empty();
  }
}
