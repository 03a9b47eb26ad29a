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

/** Every way to open the door, tried on the packaged jar in a JVM of its own. */
final class SchedulerAccessIT {
  private static final String MAIN = SchedulerAccessMain.class.getName();
  private static final String JAR =
      Objects.requireNonNull(System.getProperty("goasync.jar"), "run by mvn verify");

  @TempDir Path folder;

  @Test
  void shutOnTheClassPath() throws Exception {
    assertThat(run(onClassPath())).startsWith("portable mode").contains("java.lang=ALL-UNNAMED");
  }

  @Test
  void shutOnTheModulePath() throws Exception {
    assertThat(run(onModulePath())).startsWith("portable mode").contains("java.lang=dev.goasync");
  }

  @Test
  void openedByOptionOnTheClassPath() throws Exception {
    assertThat(run(onClassPath("--add-opens=java.base/java.lang=ALL-UNNAMED")))
        .isEqualTo("full mode, java.lang opened by --add-opens or the manifest");
  }

  @Test
  void openedByOptionOnTheModulePath() throws Exception {
    assertThat(run(onModulePath("--add-opens=java.base/java.lang=dev.goasync")))
        .isEqualTo("full mode, java.lang opened by --add-opens or the manifest");
  }

  @Test
  void openedByAgentOnTheClassPath() throws Exception {
    assertThat(run(onClassPath("-javaagent:" + JAR)))
        .isEqualTo("full mode, java.lang opened by -javaagent");
  }

  @Test
  void openedByAgentOnTheModulePath() throws Exception {
    assertThat(run(onModulePath("-javaagent:" + JAR)))
        .isEqualTo("full mode, java.lang opened by -javaagent");
  }

  @Test
  void openedByManifestOfExecutableJar() throws Exception {
    assertThat(run(List.of("-jar", executableJar("java.base/java.lang").toString())))
        .isEqualTo("full mode, java.lang opened by --add-opens or the manifest");
  }

  @Test
  void shutPropertyWinsOverOption() throws Exception {
    assertThat(
            run(
                onClassPath(
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "-D" + SchedulerAccess.PORTABLE_PROPERTY + "=true")))
        .startsWith("portable mode, as asked for");
  }

  private List<String> onClassPath(String... options) throws IOException {
    var command = new ArrayList<>(List.of(options));
    command.addAll(List.of("-cp", JAR + File.pathSeparator + mainFolder(), MAIN));
    return command;
  }

  /** The main class joins the library's module, for it looks at a package that is not exported. */
  private List<String> onModulePath(String... options) throws IOException {
    var command = new ArrayList<>(List.of(options));
    command.addAll(
        List.of(
            "--module-path",
            JAR,
            "--patch-module",
            "dev.goasync=" + mainFolder(),
            "--module",
            "dev.goasync/" + MAIN));
    return command;
  }

  /** A folder with the main class and nothing else, so that the library comes from its jar. */
  private Path mainFolder() throws IOException {
    Path file = folder.resolve(mainFile());
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, mainBytes());
    return folder;
  }

  private Path executableJar(String opens) throws IOException {
    var manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, MAIN);
    attributes.put(Attributes.Name.CLASS_PATH, Path.of(JAR).toUri().toString());
    attributes.putValue("Add-Opens", opens);
    Path jar = folder.resolve("program.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        var entries = new JarOutputStream(out, manifest)) {
      entries.putNextEntry(new ZipEntry(mainFile()));
      entries.write(mainBytes());
    }
    return jar;
  }

  private static String mainFile() {
    return MAIN.replace('.', '/') + ".class";
  }

  private static byte[] mainBytes() throws IOException {
    try (var in = SchedulerAccessMain.class.getResourceAsStream("SchedulerAccessMain.class")) {
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
