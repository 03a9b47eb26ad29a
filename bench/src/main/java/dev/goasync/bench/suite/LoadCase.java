package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * One load of a server by wrk.
 *
 * @param name the case
 * @param path the path of the requests
 * @param connections the number of connections
 * @param script the script of wrk
 * @param options further options of wrk
 * @param target the limit of the processor time of a request, as a multiple of the peer's
 */
record LoadCase(
    String name, String path, int connections, String script, List<String> options, double target) {
  private static final int SECONDS = 2;
  private static final int WARM_UP_SECONDS = 3;
  private static final int MAX_STRETCHES = 4;
  private static final double STEADY = 0.9;

  /** On a busy machine a load may get few responses; then it is repeated. */
  private static final int MIN_REQUESTS = 100;

  /** Creates a case of one path on connections that stay open. */
  static LoadCase of(String name, String path, int connections, double target) {
    return new LoadCase(name, path, connections, "report.lua", List.of(), target);
  }

  /** Returns the case with another script. */
  LoadCase by(String otherScript) {
    return new LoadCase(name, path, connections, otherScript, options, target);
  }

  /** Returns the case with a new connection for each request. */
  LoadCase closing() {
    return new LoadCase(
        name, path, connections, script, List.of("-H", "Connection: close"), target);
  }

  /** Returns the target for the processor time of a request. */
  Target target(String peer) {
    return target(Results.US, peer);
  }

  /** Returns the target for a variant of the library. */
  Target target(String us, String peer) {
    String promise =
        String.format(
            Locale.ROOT, "%s: processor time of a request with %s, of %s's", name, us, peer);
    return Target.ratio(promise, target, name, us, peer, Metric.CPU_US_PER_OP);
  }

  /**
   * Warms a server up, loads it, and returns its figures.
   *
   * @param base the start of the URL, up to the port
   */
  List<Measurement> measure(Workplace place, Program server, String base)
      throws IOException, InterruptedException {
    String url = base + path;
    warmUp(place, server, url);
    ProcStat.Cpu before = ProcStat.cpu(server.pid());
    double requests = 0;
    double seconds = 0;
    double errors = 0;
    for (int i = 0; i < MAX_STRETCHES && requests < MIN_REQUESTS; i++) {
      Wrk load = load(place, url, SECONDS);
      server.checkRuns();
      requests += load.requests();
      seconds += load.requests() == 0 ? SECONDS : load.requests() / load.requestsPerSecond();
      errors += load.errors();
    }
    if (requests == 0) {
      throw new IOException("no response of " + url);
    }
    ProcStat.Cpu used = ProcStat.cpu(server.pid()).since(before);
    return List.of(
        new Measurement(name, Metric.CPU_US_PER_OP, used.us() / requests),
        new Measurement(name, Metric.USER_US_PER_OP, used.userUs() / requests),
        new Measurement(name, Metric.SYS_US_PER_OP, used.sysUs() / requests),
        new Measurement(name, Metric.OPS_PER_S, requests / seconds),
        new Measurement(name, Metric.ERRORS, errors));
  }

  private Wrk load(Workplace place, String url, int seconds)
      throws IOException, InterruptedException {
    return Wrk.run(place, script, options, url, connections, place.quick() ? 1 : seconds);
  }

  /** Loads a server with a JIT until the processor time of a request does not fall any more. */
  private void warmUp(Workplace place, Program server, String url)
      throws IOException, InterruptedException {
    double last = Double.MAX_VALUE;
    int stretches = place.quick() || !isJava(server) ? 1 : MAX_STRETCHES;
    for (int i = 0; i < stretches; i++) {
      ProcStat.Cpu before = ProcStat.cpu(server.pid());
      Wrk load = load(place, url, stretches == 1 ? 1 : WARM_UP_SECONDS);
      double each = ProcStat.cpu(server.pid()).since(before).us() / load.requests();
      if (load.requests() > 0 && each > STEADY * last) {
        return;
      }
      last = load.requests() > 0 ? each : Double.MAX_VALUE;
    }
  }

  private static boolean isJava(Program server) {
    return ProcessHandle.of(server.pid())
        .flatMap(process -> process.info().command())
        .filter(command -> command.endsWith("java"))
        .isPresent();
  }
}
