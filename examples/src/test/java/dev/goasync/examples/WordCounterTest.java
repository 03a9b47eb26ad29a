package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Binary files have the words that GNU's {@code wc} counts in the locale C.UTF-8. */
final class WordCounterTest {
  private static final int BYTES = 300_000;
  private static final int PIECE = 1000;

  /**
   * Starts and ends of characters of one to four bytes, spaces of Unicode, controls, and bytes that
   * occur in no UTF-8 text.
   */
  private static final int[] PARTS = {
    ' ', 'a', '\n', 0x01, 0x80, 0x83, 0x98, 0x9f, 0xa0, 0xc0, 0xc2, 0xe0, 0xe2, 0xed, 0xf0, 0xff
  };

  @TempDir Path directory;

  @BeforeEach
  void hasGnuWc() throws IOException {
    assumeTrue(output("wc", "--version").contains("GNU coreutils"), "wc is not GNU's");
  }

  private static String output(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    byte[] bytes = builder.start().getInputStream().readAllBytes();
    return new String(bytes, StandardCharsets.UTF_8).strip();
  }

  private void check(byte[] content) throws IOException {
    Path file = Files.write(directory.resolve("binary"), content);
    WordCounter counter = new WordCounter(true);
    for (int from = 0; from < content.length; from += PIECE) {
      byte[] piece = Arrays.copyOfRange(content, from, from + PIECE);
      counter.count(piece, Math.min(PIECE, content.length - from));
    }
    counter.finish();
    String real = output("wc", file.toString()).replaceAll(" +", " ");
    assertThat(counter.columns(1) + " " + file).isEqualTo(real);
  }

  @Test
  void randomBytes() throws IOException {
    byte[] content = new byte[BYTES];
    new SplittableRandom(1).nextBytes(content);
    check(content);
  }

  @Test
  void randomPartsOfCharacters() throws IOException {
    byte[] content = new byte[BYTES];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < BYTES; i++) {
      content[i] = (byte) PARTS[random.nextInt(PARTS.length)];
    }
    check(content);
  }
}
