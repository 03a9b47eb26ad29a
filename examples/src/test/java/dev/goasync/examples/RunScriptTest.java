package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code ./run} in a small copy of the repository, with shell scripts as JDK. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "run is a bash script")
final class RunScriptTest {
  /** The only tools on the sandbox's PATH: those that the script may use. */
  private static final List<String> TOOLS =
      List.of(
          "awk",
          "bash",
          "cat",
          "cp",
          "dirname",
          "find",
          "grep",
          "head",
          "id",
          "ls",
          "mkdir",
          "mv",
          "paste",
          "readlink",
          "rm",
          "sed",
          "tr",
          "wc");

  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

  @TempDir Path directory;
  private Path repository;
  private Path bin;
  private Path jdks;

  private record Result(int status, String out, String err) {}

  @BeforeEach
  void makeSandbox() throws IOException {
    repository = Files.createDirectories(directory.resolve("repository"));
    bin = Files.createDirectories(directory.resolve("bin"));
    jdks = Files.createDirectories(directory.resolve("jdks"));
    for (String tool : TOOLS) {
      script(bin.resolve(tool), "exec " + find(tool) + " \"$@\"");
    }
    Files.copy(Path.of("..", "run"), repository.resolve("run"));
    write(repository.resolve("pom.xml"), "<project>\n  <version>1.2.3</version>\n");
    write(repository.resolve("core/src/main/java/module-info.java"), "module dev.goasync {}\n");
    write(repository.resolve("core/src/main/java/Library.java"), "");
    write(repository.resolve("core/src/main/resources/library.txt"), "kept");
    write(
        example("HttpHello"),
        """
        package dev.goasync.examples;

        import static java.lang.Math.max;

        /** Answers {@code GET /} on port 8080,
         * to <b>anyone</b>. Not this sentence.
         *
         * <p>Nor this. */
        public final class HttpHello {
          /** Nor that. */
          public static void main(String[] arguments) {}
        }
        """);
    write(
        example("Hello"),
        "/** Greets. */\nfinal class Hello { static void main(String[] a) {} }\n");
    write(example("Helper"), "/** Not a program. */\nfinal class Helper {}\n");
  }

  @Test
  void listsProgramsWithTheirFirstSentence() throws Exception {
    Result result = run();
    assertThat(result.status()).isZero();
    assertThat(result.out().lines().skip(1).map(line -> line.strip().replaceAll(" +", " ")))
        .containsExactly("hello Greets.", "http-hello Answers GET / on port 8080, to anyone.");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void printsItsUsage() throws Exception {
    Result result = run("--help");
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("Usage:", "GOASYNC_JAVA_OPTS");
  }

  @Test
  void anUnknownNameIsReportedWithAListOfExamples() throws Exception {
    Result result = run("no-such");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("there is no example 'no-such'").contains("http-hello");
  }

  @Test
  void namesThePackageToInstallIfThereIsNoJdk() throws Exception {
    makeJdk("old", "17.0.15");
    Result result = run("hello");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("no JDK 25 or later was found")
        .contains("apt install openjdk-25-jdk-headless")
        .doesNotContain("JAVA_HOME is");
  }

  @Test
  void reportsAWrongJavaHomeOnlyIfNoOtherJdkIsFound() throws Exception {
    Path old = makeJdk("old", "17.0.15");
    Result without = runWith("JAVA_HOME", old.toString(), "hello");
    assertThat(without.status()).isEqualTo(1);
    assertThat(without.err()).contains("JAVA_HOME is " + old);
    makeJdk("good", "25.0.3");
    Result with = runWith("JAVA_HOME", old.toString(), "hello");
    assertThat(with.status()).isZero();
    assertThat(with.err()).doesNotContain("JAVA_HOME");
  }

  @Test
  void theSiteNeedsMaven() throws Exception {
    makeJdk("good", "25.0.3");
    Result result = run("docs");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("package maven");
  }

  @Test
  void theSiteNeedsTheNetwork() throws Exception {
    makeJdk("good", "25.0.3");
    script(
        bin.resolve("mvn"), "echo '[ERROR] Could not transfer artifact a:b from central'; exit 1");
    Result result = run("docs");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("run: Maven cannot download").contains("does not answer");
  }

  @Test
  void compilesTheLibraryWithoutMavenOrANetwork() throws Exception {
    makeJdk("good", "25.0.3");
    Result result = run("hello");
    assertThat(result.status()).isZero();
    assertThat(result.err())
        .containsSubsequence("step 1 of 2: compiling", "step 2 of 2: making a cache");
    assertThat(Files.readString(repository.resolve("target/run/goasync.files")))
        .contains("Library.java", "annotations/Nullable.java")
        .doesNotContain("module-info");
    assertThat(repository.resolve("target/run/goasync/library.txt")).hasContent("kept");
    assertThat(Files.readString(repository.resolve("target/run/manifest"))).contains("1.2.3");
  }

  @Test
  void prefersTheJdkThatTheBuildUses() throws Exception {
    makeJdk("newest", "27");
    makeJdk("good", "25.0.3");
    makeJdk("new", "26-ea");
    Result result = run("http-hello", "one", "two words");
    assertThat(result.status()).isZero();
    assertThat(result.out())
        .contains("java 25.0.3")
        .contains("--add-opens", "-XX:AOTCache=")
        .endsWith("[dev.goasync.examples.HttpHello][one][two words]\n");
  }

  @Test
  void jvmOptionsAreNotUsedForTheTrainingRun() throws Exception {
    makeJdk("good", "25.0.3");
    Result result = runWith("GOASYNC_JAVA_OPTS", "-Dgoasync.portable=true -Xmx64m", "hello");
    assertThat(result.out()).contains("[-Dgoasync.portable=true][-Xmx64m]");
    assertThat(Files.readString(repository.resolve("target/run/aot.log")))
        .contains("dev.goasync.examples.Hello")
        .doesNotContain("portable");
  }

  @Test
  void buildsOnlyAfterAChange() throws Exception {
    makeJdk("good", "25.0.3");
    assertThat(runSettled("hello").err()).contains("compiling");
    assertThat(runSettled("hello").err()).as("nothing changed").isEmpty();
    touch(example("Hello"));
    assertThat(runSettled("hello").err()).as("source changed").contains("compiling");
    touch(repository.resolve("core/src/main/java/Library.java"));
    assertThat(runSettled("hello").err()).as("library changed").contains("compiling");
    Files.delete(example("Helper"));
    assertThat(runSettled("hello").err()).as("source deleted").contains("compiling");
    Files.delete(repository.resolve("target/run/goasync.jar"));
    assertThat(runSettled("hello").err()).as("jar lost").contains("compiling");
    Files.delete(onlyCache());
    assertThat(runSettled("hello").err())
        .as("only the cache lost")
        .doesNotContain("compiling")
        .contains("making a cache");
    assertThat(onlyCache()).isNotEmptyFile();
  }

  @Test
  void aFailedBuildPrintsItsErrorsAndIsRepeated() throws Exception {
    Path home = makeJdk("good", "25.0.3");
    script(home.resolve("bin/javac"), "echo 'Hello.java:1: error: broken'; exit 1");
    for (int attempt = 0; attempt < 2; attempt++) {
      Result result = run("hello");
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err()).contains("Hello.java:1: error: broken", "the build failed");
    }
  }

  @Test
  void runsWithoutACacheIfTheJvmCannotCreateOne() throws Exception {
    Path java = makeJdk("good", "25.0.3").resolve("bin/java");
    script(java, "case \"$*\" in *AOTCacheOutput*) exit 1;; esac; echo \"$@\"");
    Result result = run("hello");
    assertThat(result.status()).isZero();
    assertThat(result.out()).doesNotContain("AOT");
    assertThat(onlyCache()).as("not tried again").isEmptyFile();
  }

  // ---- the sandbox ----

  private Path example(String name) {
    return repository.resolve("examples/src/main/java/dev/goasync/examples/" + name + ".java");
  }

  private Path makeJdk(String name, String version) throws IOException {
    Path home = jdks.resolve(name);
    write(
        home.resolve("release"),
        "JAVA_VERSION=\"" + version + "\"\nJAVA_RUNTIME_VERSION=\"" + version + "+1\"\n");
    script(
        home.resolve("bin/java"),
        "for a; do case $a in -XX:AOTCacheOutput=*) echo x >\"${a#*=}\";; esac; done\n"
            + "echo java "
            + version
            + "; printf '[%s]' \"$@\"; echo");
    script(home.resolve("bin/javac"), "while [ \"$1\" != -d ]; do shift; done; mkdir -p \"$2\"");
    script(home.resolve("bin/jar"), "while [ \"$1\" != --file ]; do shift; done; echo >\"$2\"");
    return home;
  }

  private Path onlyCache() throws IOException {
    try (Stream<Path> files = Files.list(repository.resolve("target/run"))) {
      List<Path> caches = files.filter(file -> file.toString().endsWith(".aot")).toList();
      assertThat(caches).hasSize(1);
      return caches.getFirst();
    }
  }

  private static void touch(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
  }

  private Result runSettled(String... arguments) throws Exception {
    Result result = run(arguments);
    settle();
    return result;
  }

  /**
   * Moves all times into the past, so that the next change is later, whatever the clock's grain.
   */
  private void settle() throws IOException {
    try (Stream<Path> files = Files.walk(repository)) {
      for (Path file : files.toList()) {
        String name = file.toString();
        int hours = name.endsWith(".aot") ? 2 : name.contains("/target") ? 1 : 0;
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO.plus(Duration.ofHours(hours))));
      }
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }

  private static void script(Path file, String text) throws IOException {
    write(file, "#!/bin/sh\n" + text + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Path find(String tool) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(directory -> Path.of(directory, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("this machine has no " + tool));
  }

  private Result run(String... arguments) throws Exception {
    return runWith("LC_ALL", "C", arguments);
  }

  private Result runWith(String variable, String value, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(bin.resolve("bash").toString(), "run"));
    command.addAll(List.of(arguments));
    Path err = directory.resolve("err");
    var builder =
        new ProcessBuilder(command).directory(repository.toFile()).redirectError(err.toFile());
    var environment = builder.environment();
    environment.clear();
    environment.put("PATH", bin.toString());
    environment.put("HOME", directory.toString());
    environment.put("GOASYNC_JDK_DIRS", jdks.toString());
    environment.put(variable, value);
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), out, Files.readString(err));
  }
}
