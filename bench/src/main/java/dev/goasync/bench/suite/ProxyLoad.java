package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The example tcp-proxy beside HAProxy with splice; nginx answers the requests behind both. */
final class ProxyLoad {
  private static final String TRIAL = "proxy";
  private static final String HAPROXY = "haproxy";
  private static final double TARGET = 0.9;

  private static final List<LoadCase> CASES =
      List.of(
          LoadCase.of("proxy-1k", "/file-1k", 64, TARGET),
          LoadCase.of("proxy-1k-of-1", "/file-1k", 1, TARGET),
          LoadCase.of("proxy-100k", "/file-100k", 64, TARGET),
          LoadCase.of("proxy-10m", "/file-10m", 16, TARGET));

  private ProxyLoad() {}

  static List<Trial> trials(Workplace place) {
    return List.of(
        new Trial(
            TRIAL, Results.US, Tool.firstMissing(Tool.WRK, Tool.NGINX), () -> measureUs(place)),
        new Trial(
            TRIAL,
            HAPROXY,
            Tool.firstMissing(Tool.WRK, Tool.NGINX, Tool.HAPROXY),
            () -> measureHaproxy(place)));
  }

  static List<Target> targets() {
    return CASES.stream().map(each -> each.target(HAPROXY)).toList();
  }

  private static List<Measurement> measureUs(Workplace place) throws Exception {
    try (NativeServer origin = ServedFiles.startNginx(place)) {
      List<String> command =
          place.java(
              List.of(),
              "dev.goasync.examples.TcpProxy",
              "--port",
              "0",
              "127.0.0.1:" + origin.port());
      try (Program proxy = Program.start(command)) {
        return load(place, proxy, proxy.awaitPort());
      }
    }
  }

  private static List<Measurement> measureHaproxy(Workplace place) throws Exception {
    try (NativeServer origin = ServedFiles.startNginx(place);
        NativeServer proxy =
            NativeServer.haproxy(
                place, "proxy.cfg", Map.of("TARGET", String.valueOf(origin.port())))) {
      return load(place, proxy.program(), proxy.port());
    }
  }

  private static List<Measurement> load(Workplace place, Program proxy, int port)
      throws IOException, InterruptedException {
    List<Measurement> figures = new ArrayList<>();
    for (LoadCase each : CASES) {
      figures.addAll(each.measure(place, proxy, "http://127.0.0.1:" + port));
    }
    return figures;
  }
}
