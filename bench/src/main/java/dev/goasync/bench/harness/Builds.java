package dev.goasync.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Builds the programs of the peers on demand, if they are stale. */
public final class Builds {
  /** Long enough for Maven to download a compiler. */
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final Path sources;
  private final Path output;

  Builds(Path sources, Path output) {
    this.sources = sources;
    this.output = output;
  }

  /** Builds a Go program. */
  public String go(String name) throws IOException, InterruptedException {
    return build("go/" + name + ".go", "go", "build", "-o", "OUT", "SOURCE");
  }

  /** Builds a C program with libraries. */
  public String c(String name, String... libraries) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("gcc", "-O2", "-Wall", "-o", "OUT", "SOURCE"));
    command.addAll(List.of(libraries));
    return build("c/" + name + ".c", command.toArray(String[]::new));
  }

  /** Builds a Nim program. */
  public String nim(String name) throws IOException, InterruptedException {
    String cache = "--nimcache:" + output.resolve("nim-cache-" + name);
    return build(
        "nim/" + name + ".nim", "nim", "c", "-d:release", "--hints:off", cache, "-o:OUT", "SOURCE");
  }

  /**
   * Builds the peers on the JVM that need libraries or another compiler, which Maven downloads;
   * returns their class path.
   */
  public String jvm() throws IOException, InterruptedException {
    Path project = sources.resolve("jvm");
    Path built = output.resolve("jvm");
    Path done = built.resolve("done");
    if (isStale(done, project)) {
      ProcessBuilder maven =
          new ProcessBuilder(
              "mvn", "-B", "-q", "-ntp", "-f", project.resolve("pom.xml").toString(), "package");
      maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
      run("jvm/pom.xml", maven);
      Files.writeString(done, "");
    }
    return built + "/*:" + built.resolve("lib") + "/*";
  }

  private String build(String source, String... command) throws IOException, InterruptedException {
    Path file = sources.resolve(source);
    Path binary = output.resolve(source.replaceAll("\\.\\w+$", "").replace('/', '-'));
    if (isStale(binary, file)) {
      List<String> filled = new ArrayList<>();
      for (String word : command) {
        filled.add(word.replace("OUT", binary.toString()).replace("SOURCE", file.toString()));
      }
      run(source, new ProcessBuilder(filled));
    }
    return binary.toString();
  }

  private static void run(String source, ProcessBuilder compiler)
      throws BuildException, InterruptedException {
    try {
      var _ = Program.run(compiler, TIMEOUT);
    } catch (IOException e) {
      throw new BuildException("bench/peers/" + source, e);
    }
  }

  static boolean isStale(Path built, Path source) throws IOException {
    if (!Files.exists(built)) {
      return true;
    }
    FileTime when = Files.getLastModifiedTime(built);
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.getLastModifiedTime(file).compareTo(when) > 0) {
          return true;
        }
      }
    }
    return false;
  }
}
