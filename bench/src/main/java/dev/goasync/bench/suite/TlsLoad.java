package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Files by TLS 1.3, with the engine of the JDK and that of Conscrypt, beside nginx. */
final class TlsLoad {
  private static final String TRIAL = "tls";
  private static final String NGINX = "nginx";
  private static final String CONSCRYPT = "goasync-conscrypt";

  private static final List<LoadCase> CASES =
      List.of(
          LoadCase.of("tls-hello", "/file-64", 16, 1.8).closing(),
          LoadCase.of("tls-100k", "/file-100k", 64, 1.5));

  private TlsLoad() {}

  static List<Trial> trials(Workplace place) {
    return List.of(
        trial(place, Results.US, "jdk"),
        trial(place, CONSCRYPT, "conscrypt"),
        new Trial(
            TRIAL,
            NGINX,
            Tool.firstMissing(Tool.WRK, Tool.NGINX, Tool.OPENSSL),
            () -> measureNginx(place)));
  }

  static List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    for (LoadCase each : CASES) {
      targets.add(each.target(NGINX));
      targets.add(each.target(CONSCRYPT, NGINX));
    }
    return targets;
  }

  private static Trial trial(Workplace place, String peer, String provider) {
    return new Trial(
        TRIAL,
        peer,
        Tool.firstMissing(Tool.WRK, Tool.OPENSSL),
        () -> {
          Path store = identity(place).resolve("store.p12");
          String root = ServedFiles.directory(place).toString();
          List<String> command =
              place.java(
                  List.of("-Djdk.tls.server.newSessionTicketCount=0"),
                  "dev.goasync.bench.program.TlsFiles",
                  provider,
                  store.toString(),
                  root);
          try (Program server = Program.start(command)) {
            return load(place, server, server.awaitPort());
          }
        });
  }

  private static List<Measurement> measureNginx(Workplace place) throws Exception {
    Path identity = identity(place);
    Map<String, String> words =
        Map.of(
            "ROOT", ServedFiles.directory(place).toString(),
            "CERTIFICATE", identity.resolve("certificate.pem").toString(),
            "KEY", identity.resolve("key.pem").toString());
    try (NativeServer nginx = NativeServer.nginx(place, "tls.conf", words)) {
      return load(place, nginx.program(), nginx.port());
    }
  }

  private static List<Measurement> load(Workplace place, Program server, int port)
      throws IOException, InterruptedException {
    List<Measurement> figures = new ArrayList<>();
    for (LoadCase each : CASES) {
      figures.addAll(each.measure(place, server, "https://127.0.0.1:" + port));
    }
    return figures;
  }

  /** Returns the directory with a P-256 key and its certificate; the first call makes them. */
  private static Path identity(Workplace place) throws IOException, InterruptedException {
    Path directory = Files.createDirectories(place.builds().resolve("identity")).toAbsolutePath();
    Path store = directory.resolve("store.p12");
    if (!Files.exists(store)) {
      String key = directory.resolve("key.pem").toString();
      String certificate = directory.resolve("certificate.pem").toString();
      openssl(
          "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj"
              + " /CN=localhost",
          "-keyout",
          key,
          "-out",
          certificate);
      openssl(
          "pkcs12 -export -passout pass:bench",
          "-inkey",
          key,
          "-in",
          certificate,
          "-out",
          store.toString());
    }
    return directory;
  }

  private static void openssl(String words, String... files)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(words.split(" ", -1)));
    command.addAll(List.of(files));
    var _ = Program.run(command);
  }
}
