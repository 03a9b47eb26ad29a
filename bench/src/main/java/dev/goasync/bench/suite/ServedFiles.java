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
import java.util.SplittableRandom;

/** The example http-files beside nginx with sendfile. */
final class ServedFiles {
  private static final String TRIAL = "files";
  private static final String NGINX = "nginx";
  private static final int SMALL_FILES = 10_000;
  private static final int SMALL_BYTES = 1 << 10;

  /** Sizes by name, for the files at the top of the served directory. */
  private static final Map<String, Integer> SIZES =
      Map.of(
          "file-64", 64,
          "file-1k", 1 << 10,
          "file-100k", 100 << 10,
          "file-1m", 1 << 20,
          "file-10m", 10 << 20);

  private static final List<LoadCase> CASES =
      List.of(
          LoadCase.of("file-1k", "/file-1k", 64, 1.2),
          LoadCase.of("file-64", "/file-64", 64, 1.2),
          LoadCase.of("file-1k-of-1", "/file-1k", 1, 1.2),
          LoadCase.of("file-1k-of-1000", "/file-1k", 1000, 1.0),
          LoadCase.of("file-100k", "/file-100k", 64, 1.1),
          LoadCase.of("file-1m", "/file-1m", 16, 1.1),
          LoadCase.of("file-10m", "/file-10m", 16, 1.0),
          LoadCase.of("files-10000", "/small/0", 64, 1.2).by("random.lua"));

  private ServedFiles() {}

  static List<Trial> trials(Workplace place) {
    return List.of(
        new Trial(TRIAL, Results.US, Tool.WRK.missing(), () -> measureUs(place)),
        new Trial(
            TRIAL, NGINX, Tool.firstMissing(Tool.WRK, Tool.NGINX), () -> measureNginx(place)));
  }

  static List<Target> targets() {
    return CASES.stream().map(each -> each.target(NGINX)).toList();
  }

  private static List<Measurement> measureUs(Workplace place) throws Exception {
    try (Program server = start(place, List.of())) {
      return load(place, server, server.awaitPort());
    }
  }

  /** Starts the example. */
  static Program start(Workplace place, List<String> jvmOptions) throws IOException {
    String root = directory(place).toString();
    return Program.start(
        place.java(jvmOptions, "dev.goasync.examples.HttpFiles", "--port", "0", root));
  }

  private static List<Measurement> measureNginx(Workplace place) throws Exception {
    try (NativeServer nginx = startNginx(place)) {
      return load(place, nginx.program(), nginx.port());
    }
  }

  static NativeServer startNginx(Workplace place) throws IOException, InterruptedException {
    return NativeServer.nginx(place, "files.conf", Map.of("ROOT", directory(place).toString()));
  }

  private static List<Measurement> load(Workplace place, Program server, int port)
      throws IOException, InterruptedException {
    List<Measurement> figures = new ArrayList<>();
    for (LoadCase each : place.quick() ? CASES.subList(0, 1) : CASES) {
      figures.addAll(each.measure(place, server, "http://127.0.0.1:" + port));
    }
    return figures;
  }

  /** Returns the served directory; the first call writes its files. */
  static Path directory(Workplace place) throws IOException {
    Path directory = Files.createDirectories(place.builds().resolve("served")).toAbsolutePath();
    for (Map.Entry<String, Integer> size : SIZES.entrySet()) {
      write(directory.resolve(size.getKey()), size.getValue());
    }
    Path small = directory.resolve("small");
    if (!place.quick() && !Files.exists(small)) {
      Files.createDirectory(small);
      for (int i = 0; i < SMALL_FILES; i++) {
        write(small.resolve(String.valueOf(i)), SMALL_BYTES);
      }
    }
    return directory;
  }

  private static void write(Path file, int bytes) throws IOException {
    if (!Files.exists(file) || Files.size(file) != bytes) {
      byte[] content = new byte[bytes];
      new SplittableRandom(bytes).nextBytes(content);
      Files.write(file, content);
    }
  }
}
