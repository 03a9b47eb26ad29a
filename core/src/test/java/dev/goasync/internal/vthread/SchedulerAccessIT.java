package dev.goasync.internal.vthread;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way to select a mode, with the packaged jar in a JVM of its own. */
final class SchedulerAccessIT {
  private static final String MAIN = SchedulerAccessMain.class.getName();
  private static final String JAR =
      Objects.requireNonNull(System.getProperty("goasync.jar"), "run by mvn verify");

  @TempDir Path directory;

  @Test
  void portableOnTheClassPath() throws Exception {
    assertThat(run(onClassPath())).startsWith("portable mode").contains("java.lang=ALL-UNNAMED");
  }

  @Test
  void portableOnTheModulePath() throws Exception {
    assertThat(run(onModulePath())).startsWith("portable mode").contains("java.lang=dev.goasync");
  }

  @Test
  void fullByOptionOnTheClassPath() throws Exception {
    assertThat(run(onClassPath("--add-opens=java.base/java.lang=ALL-UNNAMED")))
        .isEqualTo("full mode, java.lang opened by --add-opens or the manifest");
  }

  @Test
  void fullByOptionOnTheModulePath() throws Exception {
    assertThat(run(onModulePath("--add-opens=java.base/java.lang=dev.goasync")))
        .isEqualTo("full mode, java.lang opened by --add-opens or the manifest");
  }

  @Test
  void fullByAgentOnTheClassPath() throws Exception {
    assertThat(run(onClassPath("-javaagent:" + JAR)))
        .isEqualTo("full mode, java.lang opened by the agent of goasync");
  }

  @Test
  void fullByAgentOnTheModulePath() throws Exception {
    assertThat(run(onModulePath("-javaagent:" + JAR)))
        .isEqualTo("full mode, java.lang opened by the agent of goasync");
  }

  /** As in a web container: a class loader that prefers its own copy of the library. */
  @Test
  void fullByAgentForACopyOfAnotherClassLoader() throws Exception {
    assertThat(run(inChildFirstLoader("-javaagent:" + JAR)))
        .isEqualTo("full mode, java.lang opened by the agent of goasync");
  }

  @Test
  void portableForACopyOfAnotherClassLoaderWithoutTheAgent() throws Exception {
    assertThat(run(inChildFirstLoader())).startsWith("portable mode");
  }

  @Test
  void fullByManifestOfExecutableJar() throws Exception {
    Path jar = executableJar(new Attributes.Name("Add-Opens"), "java.base/java.lang");
    assertThat(run(List.of("-jar", jar.toString())))
        .isEqualTo("full mode, java.lang opened by --add-opens or the manifest");
  }

  @Test
  void fullByAgentOfExecutableJar() throws Exception {
    Path jar =
        executableJar(new Attributes.Name("Launcher-Agent-Class"), SchedulerAgent.class.getName());
    assertThat(run(List.of("-jar", jar.toString())))
        .isEqualTo("full mode, java.lang opened by the agent of goasync");
  }

  @Test
  void thePropertyWinsOverTheOption() throws Exception {
    assertThat(
            run(
                onClassPath(
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "-D" + SchedulerAccess.PORTABLE_PROPERTY + "=true")))
        .startsWith("portable mode, as requested");
  }

  private List<String> onClassPath(String... options) throws IOException {
    var command = new ArrayList<>(List.of(options));
    command.addAll(List.of("-cp", JAR + File.pathSeparator + mainDirectory(), MAIN));
    return command;
  }

  private List<String> inChildFirstLoader(String... options) throws IOException {
    List<String> command = onClassPath(options);
    String main = ChildFirstMain.class.getName();
    for (Class<?> type : List.of(ChildFirstMain.class, ChildFirstMain.Loader.class)) {
      Files.write(directory.resolve(fileOf(type)), bytesOf(type));
    }
    command.set(command.size() - 1, main);
    command.addAll(List.of(MAIN, JAR, directory + File.separator));
    return command;
  }

  /** The main class joins the library's module, since it uses a package that is not exported. */
  private List<String> onModulePath(String... options) throws IOException {
    var command = new ArrayList<>(List.of(options));
    command.addAll(
        List.of(
            "--module-path",
            JAR,
            "--patch-module",
            "dev.goasync=" + mainDirectory(),
            "--module",
            "dev.goasync/" + MAIN));
    return command;
  }

  /** A directory with only the main class, so that the library comes from its jar. */
  private Path mainDirectory() throws IOException {
    Path file = directory.resolve(mainFile());
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, mainBytes());
    return directory;
  }

  private Path executableJar(Attributes.Name name, String value) throws IOException {
    var manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, MAIN);
    attributes.put(Attributes.Name.CLASS_PATH, Path.of(JAR).toUri().toString());
    attributes.put(name, value);
    Path jar = directory.resolve("program.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        var entries = new JarOutputStream(out, manifest)) {
      entries.putNextEntry(new ZipEntry(mainFile()));
      entries.write(mainBytes());
    }
    return jar;
  }

  private static String mainFile() {
    return fileOf(SchedulerAccessMain.class);
  }

  private static byte[] mainBytes() throws IOException {
    return bytesOf(SchedulerAccessMain.class);
  }

  private static String fileOf(Class<?> type) {
    return type.getName().replace('.', '/') + ".class";
  }

  private static byte[] bytesOf(Class<?> type) throws IOException {
    try (var in = type.getResourceAsStream("/" + fileOf(type))) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  private static String run(List<String> options) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    child.getOutputStream().close();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(output).isZero();
    return output.strip();
  }
}
