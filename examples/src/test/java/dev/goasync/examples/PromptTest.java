package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PromptTest {
  private static List<String> on(String backend) {
    return List.of("-Dgoasync.backend=" + backend);
  }

  @ParameterizedTest
  @ValueSource(strings = {"uring", "epoll", "nio"})
  void answersWithinTheTimeoutAreGreeted(String backend) throws Exception {
    try (var prompt = RunningExample.start(on(backend), Prompt.class, "1000")) {
      prompt.type("Ann\n");
      assertThat(prompt.awaitLine("What is")).isEqualTo("What is your name? hello, Ann");
      prompt.type("Bob\nCy\n");
      prompt.endInput();
      assertThat(prompt.awaitEnd(0)).contains("Bob", "Cy").endsWith("prompt: 3 answered, bye");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"uring", "epoll", "nio"})
  void lateAnswerLosesNoCharacters(String backend) throws Exception {
    try (var prompt = RunningExample.start(on(backend), Prompt.class, "0.001")) {
      prompt.awaitLine("too late");
      prompt.type("An");
      prompt.awaitLine("too late");
      prompt.type("n\n");
      assertThat(prompt.awaitLine("What is your name? hello")).endsWith(", Ann");
      assertThat(prompt.interrupt()).isEqualTo(130);
      assertThat(prompt.awaitLine("prompt: ")).isEqualTo("prompt: 1 answered, bye");
    }
  }

  @Test
  void ctrlCEndsTheProgramCleanly() throws Exception {
    try (var prompt = RunningExample.start(Prompt.class, "1000")) {
      prompt.type("Ann\n");
      prompt.awaitLine("What is");
      assertThat(prompt.interrupt()).isEqualTo(130);
      assertThat(prompt.awaitLine("prompt: ")).isEqualTo("prompt: 1 answered, bye");
    }
  }

  @Test
  void printsItsUsageForWrongArguments() throws Exception {
    for (String[] wrong : new String[][] {{"x"}, {"-1"}, {"1", "2"}}) {
      try (var prompt = RunningExample.start(Prompt.class, wrong)) {
        assertThat(prompt.awaitEnd(2)).contains("usage: prompt [SECONDS]");
      }
    }
  }
}
