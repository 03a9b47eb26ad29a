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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/** The example http-files beside nginx, each on one thread, under load by wrk. */
public final class ServersSuite implements Suite {
  private static final String NGINX = "nginx";
  private static final int WARM_UP_SECONDS = 6;
  private static final int LOAD_SECONDS = 2;
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(5);

  /** One case: a file and the number of connections that ask for it. */
  private record FileCase(String name, int bytes, int connections, double target) {}

  private static final List<FileCase> FILES =
      List.of(
          new FileCase("file-1k", 1 << 10, 64, 1.2),
          new FileCase("file-100k", 100 << 10, 64, 1.1),
          new FileCase("file-10m", 10 << 20, 16, 1.0));

  @Override
  public String name() {
    return "servers";
  }

  @Override
  public String purpose() {
    return "The example http-files beside nginx with sendfile, one process of one thread each,"
        + " loaded by wrk on the same machine: processor time a request for files of 1 kB and"
        + " 100 kB on 64 connections, and of 10 MB on 16.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 3;
  }

  @Override
  public Optional<String> missing() {
    return Tool.WRK.missing();
  }

  @Override
  public List<String> notQuick() {
    return List.of("file-100k", "file-10m");
  }

  @Override
  public int quickSeconds() {
    return 3;
  }

  @Override
  public List<Trial> trials(Workplace place) {
    return List.of(
        new Trial("files", Results.US, Optional.empty(), () -> measureUs(place)),
        new Trial("files", NGINX, Tool.NGINX.missing(), () -> measureNginx(place)));
  }

  private static List<Measurement> measureUs(Workplace place) throws Exception {
    List<String> command =
        place.java(
            List.of(), "dev.goasync.examples.HttpFiles", "--port", "0", files(place).toString());
    try (Program server = Program.start(command)) {
      int port = server.awaitPort();
      return load(place, server, port, place.quick() ? 1 : WARM_UP_SECONDS);
    }
  }

  private static List<Measurement> measureNginx(Workplace place) throws Exception {
    int port = Ports.free();
    Path config = place.builds().resolve("nginx.conf");
    Files.writeString(
        config,
        Files.readString(place.peerSource("nginx/files.conf"))
            .replace("@PORT@", String.valueOf(port))
            .replace("@ROOT@", files(place).toString())
            .replace("@DIRECTORY@", place.builds().toAbsolutePath().toString()));
    try (Program server =
        Program.start(List.of("nginx", "-c", config.toAbsolutePath().toString()))) {
      Ports.await(server, port, READY_TIMEOUT); // nginx prints nothing
      return load(place, server, port, 0);
    }
  }

  private static List<Measurement> load(Workplace place, Program server, int port, int warmUp)
      throws IOException, InterruptedException {
    List<Measurement> figures = new ArrayList<>();
    for (FileCase each : FILES) {
      if (place.quick() && !each.equals(FILES.getFirst())) {
        continue;
      }
      String path = "/" + each.name;
      if (warmUp > 0) {
        Wrk.run(place, port, path, each.connections, warmUp);
      }
      ProcStat.Cpu before = ProcStat.cpu(server.pid());
      Wrk load = Wrk.run(place, port, path, each.connections, place.quick() ? 1 : LOAD_SECONDS);
      server.checkRuns();
      ProcStat.Cpu used = ProcStat.cpu(server.pid()).since(before);
      if (load.requests() == 0) {
        throw new IOException("no response of " + path);
      }
      double requests = load.requests();
      figures.add(new Measurement(each.name, Metric.CPU_US_PER_OP, used.us() / requests));
      figures.add(new Measurement(each.name, Metric.USER_US_PER_OP, used.userUs() / requests));
      figures.add(new Measurement(each.name, Metric.SYS_US_PER_OP, used.sysUs() / requests));
      figures.add(new Measurement(each.name, Metric.OPS_PER_S, load.requestsPerSecond()));
      figures.add(new Measurement(each.name, Metric.ERRORS, load.errors()));
    }
    return figures;
  }

  /** Returns the directory of the files; the first call writes them. */
  private static Path files(Workplace place) throws IOException {
    Path directory = Files.createDirectories(place.builds().resolve("served"));
    for (FileCase each : FILES) {
      Path file = directory.resolve(each.name);
      if (!Files.exists(file) || Files.size(file) != each.bytes) {
        byte[] content = new byte[each.bytes];
        new SplittableRandom(each.bytes).nextBytes(content);
        Files.write(file, content);
      }
    }
    return directory.toAbsolutePath();
  }

  @Override
  public List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    for (FileCase each : FILES) {
      String promise =
          String.format(Locale.ROOT, "processor time of a request for %s, of nginx's", each.name);
      targets.add(Target.ratio(promise, each.target, each.name, NGINX, Metric.CPU_US_PER_OP));
    }
    return targets;
  }
}
