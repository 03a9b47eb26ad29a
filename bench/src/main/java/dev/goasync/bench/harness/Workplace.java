package dev.goasync.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The environment of a run: the repository, the builds, and whether the run is quick.
 *
 * @param root the repository
 * @param quick whether to measure for a short time, with less precision
 */
public record Workplace(Path root, boolean quick) {
  /** JVM options for the library's full mode; all Java programs get them. */
  private static final List<String> JAVA_FLAGS =
      List.of(
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow"); // avoids a warning about JMH

  /** Returns the source file of a peer's program. */
  public Path peerSource(String name) {
    return root.resolve("bench/peers").resolve(name);
  }

  /** Returns the directory of build results. */
  public Path builds() throws IOException {
    return Files.createDirectories(root.resolve("bench/target/peers"));
  }

  /** Returns the builder of the peers. */
  public Builds build() throws IOException {
    return new Builds(root.resolve("bench/peers"), builds());
  }

  /** Returns the reason why programs of the peers' project cannot run, if there is one. */
  public Optional<String> jvmPeersMissing() {
    if (quick && !Files.exists(root.resolve("bench/target/peers/jvm/done"))) {
      return Optional.of(
          "not built, and --quick does not wait for Maven; run once without --quick");
    }
    return Tool.MAVEN.missing();
  }

  /** Returns a command that runs a Java program of the peers' project. */
  public List<String> jvmPeer(String mainClass, String... arguments)
      throws IOException, InterruptedException {
    return javaWith(build().jvm(), List.of(), mainClass, arguments);
  }

  /**
   * Returns a command that runs a Java program of the peers' project that uses the library, with
   * {@code options} for the JVM.
   */
  public List<String> jvmPeerWithLibrary(
      List<String> options, String mainClass, List<String> arguments)
      throws IOException, InterruptedException {
    String library = String.join(":", jarsIn(root.resolve("core/target")));
    return javaWith(
        build().jvm() + ":" + library, options, mainClass, arguments.toArray(String[]::new));
  }

  /**
   * Returns a command that runs a Java program of this repository with {@code options} for the JVM.
   */
  public List<String> java(List<String> options, String mainClass, String... arguments)
      throws IOException {
    return javaWith(classPath(), options, mainClass, arguments);
  }

  private static List<String> javaWith(
      String classPath, List<String> options, String mainClass, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(JAVA_FLAGS);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, mainClass));
    command.addAll(List.of(arguments));
    return command;
  }

  private String classPath() throws IOException {
    List<String> jars = new ArrayList<>();
    for (String module : List.of("core", "bench", "examples", "inspector")) {
      jars.addAll(jarsIn(root.resolve(module).resolve("target")));
    }
    jars.addAll(jarsIn(root.resolve("bench/target/lib")));
    return String.join(":", jars);
  }

  private static List<String> jarsIn(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(Path::toString).filter(name -> name.endsWith(".jar")).sorted().toList();
    }
  }
}
