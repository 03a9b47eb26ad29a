package dev.goasync.examples;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FollowTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"uring", "epoll", "nio"})
  void printsAppendedLinesAfterTruncationsAndRotations(String backend) throws Exception {
    Path log = dir.resolve("log");
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 12; i++) {
      lines.append("line ").append(i).append('\n');
    }
    Files.writeString(log, lines);
    List<String> options = List.of("-Dgoasync.backend=" + backend);
    try (var follow = RunningExample.start(options, Follow.class, log.toString())) {
      assertThat(follow.awaitLine("line")).isEqualTo("line 3");
      assertThat(follow.awaitLine("line 12")).isNotNull();
      Files.writeString(log, "line 13\n", APPEND);
      assertThat(follow.awaitLine("line")).isEqualTo("line 13");
      Files.writeString(log, "short\n");
      follow.awaitLine("follow: " + log + " was truncated");
      follow.awaitLine("short");
      Files.writeString(log, "longer than what was printed\n"); // never shorter when it is seen
      follow.awaitLine("longer than what was printed");
      for (int i = 1; i <= 20; i++) {
        Path old = dir.resolve("log." + i);
        Files.move(log, old, ATOMIC_MOVE);
        Files.writeString(old, "late " + i + "\n", APPEND);
        Files.writeString(log, "rotated " + i + "\n");
        follow.awaitLine("late " + i);
        follow.awaitLine("follow: " + log + " was replaced");
        follow.awaitLine("rotated " + i);
      }
      Files.writeString(dir.resolve("log.new"), "renamed over\n");
      Files.move(dir.resolve("log.new"), log, ATOMIC_MOVE);
      follow.awaitLine("renamed over");
      assertThat(follow.interrupt()).isEqualTo(130);
    }
  }

  @Test
  void severalFilesHaveTitles() throws Exception {
    Path one = Files.writeString(dir.resolve("one"), "a\nb");
    Path other = dir.resolve("other");
    try (var follow = RunningExample.start(Follow.class, one.toString(), other.toString())) {
      follow.awaitLine("==> " + one + " <==");
      follow.awaitLine("a");
      Files.writeString(other, "from other\n");
      follow.awaitLine("==> " + other + " <==");
      follow.awaitLine("from other");
      Files.writeString(one, " and on\n", APPEND);
      follow.awaitLine("==> " + one + " <==");
      assertThat(follow.awaitLine(" and on")).isNotNull();
      assertThat(follow.interrupt()).isEqualTo(130);
    }
  }

  @Test
  void printsItsUsageAndErrors() throws Exception {
    try (var follow = RunningExample.start(Follow.class)) {
      assertThat(follow.awaitEnd(2)).contains("usage: follow FILE...");
    }
    try (var follow = RunningExample.start(Follow.class, dir.resolve("no/directory").toString())) {
      assertThat(follow.awaitEnd(1))
          .contains("no such file or directory")
          .doesNotContain("\tat ", "TaskFailed");
    }
  }
}
