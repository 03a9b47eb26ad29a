package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CpTest {
  @TempDir Path dir;
  private Path source = Path.of("");

  @BeforeEach
  void makeTree() throws Exception {
    source = Files.createDirectory(dir.resolve("source"));
    Path deep = Files.createDirectories(source.resolve("directory/deep"));
    byte[] content = new byte[20_000_003];
    new Random(1).nextBytes(content);
    Files.write(source.resolve("large"), content);
    for (int i = 0; i < 200; i++) {
      Files.writeString(deep.resolve("file" + i), "content " + i);
    }
    Files.createDirectory(source.resolve("empty"));
    Files.createSymbolicLink(source.resolve("link"), Path.of("directory"));
    Files.createSymbolicLink(source.resolve("dangling"), Path.of("nowhere"));
    Files.setPosixFilePermissions(
        deep.resolve("file7"), PosixFilePermissions.fromString("r-x------"));
    Files.setPosixFilePermissions(deep, PosixFilePermissions.fromString("r-xr-x---"));
  }

  private static String shell(String command, Path... arguments) throws Exception {
    var all = new java.util.ArrayList<>(java.util.List.of("sh", "-c", command, "sh"));
    for (Path argument : arguments) {
      all.add(argument.toString());
    }
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String copy(int status, Path from, Path to) throws Exception {
    try (var cp = RunningExample.start(Cp.class, from.toString(), to.toString())) {
      return cp.awaitEnd(status);
    }
  }

  /** Compares the copy with its source and with the copy of the system's {@code cp}. */
  private void checkCopy(Path copy) throws Exception {
    Path real = dir.resolve("real");
    // only root can empty a directory that is not writable
    shell("chmod -R u+w \"$2\"; rm -rf \"$2\" && cp -r \"$1\" \"$2\"", source, real);
    assertThat(shell("diff -r --no-dereference \"$1\" \"$2\"", source, copy)).isEmpty();
    String modes = "cd \"$1\" && find . -printf '%P %y %m %l\\n' | sort";
    assertThat(shell(modes, copy)).isEqualTo(shell(modes, real)).contains("deep d 550");
  }

  @Test
  void copiesATree() throws Exception {
    Path copy = dir.resolve("copy");
    assertThat(copy(0, source, copy)).isEmpty();
    checkCopy(copy);
  }

  @Test
  void copiesIntoAnExistingDirectory() throws Exception {
    Path directory = Files.createDirectory(dir.resolve("directory"));
    assertThat(copy(0, source, directory)).isEmpty();
    checkCopy(directory.resolve("source"));
    assertThat(copy(0, source.resolve("large"), directory.resolve("source/large"))).isEmpty();
    checkCopy(directory.resolve("source"));
  }

  @Test
  void rejectsImpossibleCopies() throws Exception {
    assertThat(copy(1, dir.resolve("nothing"), dir.resolve("copy"))).contains("No such file");
    assertThat(copy(1, source, source.resolve("inside"))).contains("into itself");
    assertThat(copy(1, source, dir.resolve("no/where"))).contains("no/where");
    assertThat(Files.exists(source.resolve("inside"))).isFalse();
  }
}
