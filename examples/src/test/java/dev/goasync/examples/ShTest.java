package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ShTest {
  private static String outputOf(int status, String... arguments) throws Exception {
    try (var sh = RunningExample.start(Sh.class, arguments)) {
      return sh.awaitEnd(status);
    }
  }

  @Test
  void runsAPipeline() throws Exception {
    assertThat(outputOf(0))
        .contains("sh: seq 1000 | sort -rn | head -3")
        .contains("1000\n999\n998");
    assertThat(outputOf(3, "echo", "text", "|", "sh", "-c", "tr t T; echo oh >&2; exit 3"))
        .contains("TexT\n")
        .contains("oh\n")
        .endsWith("sh: exit codes [0, 3]");
  }

  @Test
  void endsACommandAfterTheTimeout() throws Exception {
    assertThat(outputOf(124, "--timeout", "0.2", "sleep", "1000", "|", "cat"))
        .endsWith("sh: ended after the timeout of 200 ms");
  }

  @Test
  void reportsErrors() throws Exception {
    assertThat(outputOf(127, "no-such-command")).contains("no-such-command: no such command in");
    assertThat(outputOf(126, "/etc/passwd")).contains("/etc/passwd: not executable");
    assertThat(outputOf(2, "echo", "|")).contains("words must begin with the name of a program");
    assertThat(outputOf(2, "--timout", "3", "echo")).contains("usage: sh");
  }
}
