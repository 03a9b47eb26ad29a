package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TourTest {
  @Test
  void endsWithOkAndSaysBackendAndMode() throws Exception {
    try (var tour = RunningExample.start(Tour.class)) {
      assertThat(tour.awaitEnd(0))
          .contains("coroutines: full mode")
          .contains("backend: uring")
          .endsWith("tour: ok");
    }
  }

  @Test
  void endsWithOkInPortableMode() throws Exception {
    try (var tour = RunningExample.start(List.of("-Dgoasync.portable=true"), Tour.class)) {
      assertThat(tour.awaitEnd(0)).contains("coroutines: portable mode").endsWith("tour: ok");
    }
  }

  @Test
  void endsWithOkWithoutAThreadOfTheLibrarys() throws Exception {
    try (var tour = RunningExample.start(List.of("-Dgoasync.noThread=true"), Tour.class)) {
      assertThat(tour.awaitEnd(0)).endsWith("tour: ok");
    }
  }

  @Test
  void generatorsEndWithOkWhateverTheyAreMadeOf() throws Exception {
    for (String kind : List.of("bare", "confined", "handover")) {
      try (var generators =
          RunningExample.start(List.of("-Dgoasync.coroutine=" + kind), Generators.class)) {
        assertThat(generators.awaitEnd(0)).endsWith("generators: ok");
      }
    }
  }

  @Test
  void helloEndsByItself() throws Exception {
    try (var hello = RunningExample.start(Hello.class)) {
      assertThat(hello.awaitEnd(0)).isNotBlank();
    }
  }
}
