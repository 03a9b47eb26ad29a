package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WcTest {
  @TempDir Path dir;

  @BeforeEach
  void makeTree() throws Exception {
    Path deep = Files.createDirectories(dir.resolve("directory/deep"));
    Files.writeString(dir.resolve("text"), "one two\n three\tfour\u000bfive\fsix\r\n\nlast");
    Files.writeString(dir.resolve("empty"), "");
    Files.writeString(
        dir.resolve("directory/words"),
        "na\u00efve caf\u00e9 \u65e5\u672c\u8a9e\u3000\u20ac \u2003x \u2028 \u00a0y\u2060z\n");
    Files.write(dir.resolve("directory/zeros"), new byte[70_000]);
    Files.write(
        deep.resolve("control"), "\1 \2x \33[0m \177\n".getBytes(StandardCharsets.US_ASCII));
    Files.writeString(deep.resolve("long"), "a word and another\n".repeat(20_000));
    Files.createSymbolicLink(dir.resolve("link"), dir.resolve("text"));
  }

  /** The output of the system's {@code wc} for the same files in the same order. */
  private static String real(Path start) throws Exception {
    String command = "find \"$1\" -type f -print0 | LC_ALL=C sort -z | xargs -0 wc";
    Process process = new ProcessBuilder("sh", "-c", command, "sh", start.toString()).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private static String ours(Path start, int status) throws Exception {
    try (var wc = RunningExample.start(Wc.class, start.toString())) {
      return wc.awaitEnd(status).strip();
    }
  }

  @Test
  void countsATreeAsWcDoes() throws Exception {
    assertThat(ours(dir, 0)).isEqualTo(real(dir)).endsWith(" total");
  }

  @Test
  void countsAFileAsWcDoes() throws Exception {
    Path file = dir.resolve("text");
    assertThat(ours(file, 0)).isEqualTo(real(file)).endsWith("text");
  }

  @Test
  void reportsMissingFiles() throws Exception {
    assertThat(ours(dir.resolve("nothing"), 1))
        .isEqualTo("wc: " + dir.resolve("nothing") + ": no such file or directory");
  }
}
