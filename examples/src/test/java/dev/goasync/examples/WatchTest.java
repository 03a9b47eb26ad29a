package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WatchTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"uring", "epoll", "nio"})
  void restartsTheCommandAfterAChange(String backend) throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "first\n");
    String command = "echo pid $$; cat " + file + "; echo read; exec tail -f /dev/null";
    long pid;
    try (var watch =
        RunningExample.start(
            List.of("-Dgoasync.backend=" + backend),
            Watch.class,
            dir.toString(),
            "sh",
            "-c",
            command)) {
      String first = watch.awaitLine("pid ");
      assertThat(watch.awaitLine("first")).isEqualTo("first");
      watch.awaitLine("read");
      Files.writeString(file, "second\n");
      watch.awaitLine("watch: the command ended with status 143");
      assertThat(watch.awaitLine("watch: modified")).contains(file.toString());
      String second = watch.awaitLine("pid ");
      assertThat(second).isNotEqualTo(first);
      assertThat(watch.awaitLine("second")).isEqualTo("second");
      watch.awaitLine("read");
      pid = Long.parseLong(second.substring("pid ".length()));
      assertThat(watch.interrupt()).isEqualTo(130);
    }
    assertThat(ProcessHandle.of(pid)).as("ended with the example").isEmpty();
  }

  @Test
  void restartsACommandThatHasEnded() throws Exception {
    try (var watch = RunningExample.start(Watch.class, dir.toString(), "sh", "-c", "exit 3")) {
      watch.awaitLine("watch: the command ended with status 3");
      Files.createFile(Files.createDirectories(dir.resolve("a/b")).resolve("c"));
      watch.awaitLine("watch: created " + dir.resolve("a"));
      watch.awaitLine("watch: the command ended with status 3");
      assertThat(watch.interrupt()).isEqualTo(130);
    }
  }

  @Test
  void printsItsUsageAndErrors() throws Exception {
    try (var watch = RunningExample.start(Watch.class, dir.toString())) {
      assertThat(watch.awaitEnd(2)).contains("usage: watch DIR COMMAND");
    }
    try (var watch = RunningExample.start(Watch.class, dir.toString(), "no-such-command")) {
      assertThat(watch.awaitEnd(1)).contains("no-such-command").doesNotContain("\tat ");
    }
    try (var watch = RunningExample.start(Watch.class, dir.resolve("none").toString(), "true")) {
      assertThat(watch.awaitEnd(1))
          .contains("watch: " + dir.resolve("none") + ": no such file or directory")
          .doesNotContain("\tat ");
    }
  }
}
