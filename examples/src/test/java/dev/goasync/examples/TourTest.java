package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TourTest {
  @Test
  void printsBackendAndModeAndEndsWithOk() throws Exception {
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

  @ParameterizedTest
  @CsvSource({"epoll, false", "epoll, true", "nio, false", "nio, true"})
  void endsWithOkOnEachBackendInEachMode(String backend, boolean portable) throws Exception {
    List<String> options =
        List.of("-Dgoasync.backend=" + backend, "-Dgoasync.portable=" + portable);
    try (var tour = RunningExample.start(options, Tour.class)) {
      assertThat(tour.awaitEnd(0))
          .contains("coroutines: " + (portable ? "portable" : "full") + " mode")
          .contains("backend: " + backend + ": ")
          .endsWith("tour: ok");
    }
  }

  /** Uses the two errno values that the seccomp profiles of containers use. */
  @ParameterizedTest
  @CsvSource({"1, Operation not permitted", "38, Function not implemented"})
  void endsWithOkOnEpollWhereIoUringIsForbidden(String errno, String message) throws Exception {
    try (var tour = RunningExample.start(ForbiddenUring.class, errno, Tour.class.getName())) {
      assertThat(tour.awaitEnd(0))
          .contains("backend: epoll: ")
          .contains("since io_uring cannot be used: io_uring_setup: " + message)
          .endsWith("tour: ok");
    }
  }

  @Test
  void endsWithOkOnNioWhereNativeCallsAreDenied() throws Exception {
    List<String> options = List.of(RunningExample.DENY_NATIVE_ACCESS);
    try (var tour = RunningExample.start(options, Tour.class)) {
      assertThat(tour.awaitEnd(0))
          .contains("backend: nio: ")
          .contains("since io_uring needs native access; start java with --enable-native-access=")
          .contains("since epoll needs native access")
          .doesNotContain("WARNING")
          .endsWith("tour: ok");
    }
  }

  @Test
  void endsWithOkWithoutAThreadOfTheLibrary() throws Exception {
    try (var tour = RunningExample.start(List.of("-Dgoasync.noThread=true"), Tour.class)) {
      assertThat(tour.awaitEnd(0)).endsWith("tour: ok");
    }
  }

  @Test
  void generatorsEndWithOkForEachImplementation() throws Exception {
    for (String kind : List.of("bare", "confined", "handover")) {
      try (var generators =
          RunningExample.start(List.of("-Dgoasync.coroutine=" + kind), Generators.class)) {
        assertThat(generators.awaitEnd(0)).endsWith("generators: ok");
      }
    }
  }

  @Test
  void theFastMirrorWinsTheRace() throws Exception {
    try (var race = RunningExample.start(Race.class)) {
      assertThat(race.awaitEnd(0))
          .contains("winner: hello from fast")
          .contains("cancelled: [slow]")
          .endsWith("race: ok");
    }
  }

  @Test
  void helloEndsByItself() throws Exception {
    try (var hello = RunningExample.start(Hello.class)) {
      assertThat(hello.awaitEnd(0)).isNotBlank();
    }
  }
}
