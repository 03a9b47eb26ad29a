package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SieveTest {
  @Test
  void printsTheFirstPrimes() throws Exception {
    try (var sieve = RunningExample.start(Sieve.class, "10")) {
      assertThat(sieve.awaitEnd(0).lines())
          .containsExactly("2", "3", "5", "7", "11", "13", "17", "19", "23", "29", "sieve: ok");
    }
  }

  @Test
  void worksInPortableMode() throws Exception {
    try (var sieve = RunningExample.start(List.of("-Dgoasync.portable=true"), Sieve.class, "100")) {
      assertThat(sieve.awaitEnd(0)).endsWith("541\nsieve: ok");
    }
  }

  @Test
  void printsItsUsageForWrongArguments() throws Exception {
    try (var sieve = RunningExample.start(Sieve.class, "many")) {
      assertThat(sieve.awaitEnd(2)).contains("usage: sieve [COUNT]");
    }
  }
}
