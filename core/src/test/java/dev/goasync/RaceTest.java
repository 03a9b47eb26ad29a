package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.shielded;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.OnTestLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A race returns one result and passes the others to the releaser. */
@Timeout(60)
@OnTestLoop
final class RaceTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<String> released = new ArrayList<>();

  /** Returns its result although it is cancelled, as a connect that has just succeeded does. */
  private static Body<String, RuntimeException> stubborn(String result, Duration after) {
    return () -> {
      shielded(() -> sleep(after));
      return result;
    };
  }

  @Test
  void resultsOfLosersAreReleased(TestLoop loop) throws Exception {
    loop.run(() -> {
      String winner =
          TaskScope.race(
              List.of(
                  stubborn("third", SECOND.multipliedBy(3)),
                  stubborn("first", SECOND),
                  stubborn("second", SECOND.multipliedBy(2))),
              released::add);
      assertThat(winner).isEqualTo("first");
      assertThat(released).containsExactly("third", "second");
    });
  }

  @Test
  void allResultsAreReleasedIfTheCallerIsCancelled(TestLoop loop) throws Exception {
    loop.run(() -> {
      Task<String> race =
          goAsync(() ->
              TaskScope.race(
                  List.of(stubborn("one", SECOND), stubborn("two", SECOND)), released::add));
      sleep(Duration.ofMillis(1));
      race.cancel();
      assertThatThrownBy(race::await).isInstanceOf(CancellationException.class);
      assertThat(released).containsExactlyInAnyOrder("one", "two");
    });
  }

  @Test
  void releaserMayWaitInACancelledCaller(TestLoop loop) throws Exception {
    loop.run(() -> {
      Task<String> race =
          goAsync(() ->
              TaskScope.race(
                  List.of(stubborn("one", SECOND)),
                  result -> {
                    sleep(SECOND);
                    released.add(result);
                  }));
      sleep(Duration.ofMillis(1));
      race.cancel();
      assertThatThrownBy(race::await).isInstanceOf(CancellationException.class);
      assertThat(released).containsExactly("one");
    });
  }

  @Test
  void failureOfTheReleaserComesOutAndTheResultIsReleasedToo(TestLoop loop) throws Exception {
    loop.run(() -> {
      assertThatThrownBy(() ->
              TaskScope.race(
                  List.of(stubborn("first", SECOND), stubborn("second", SECOND)),
                  result -> {
                    released.add(result);
                    throw new IOException("cannot close " + result);
                  }))
          .isInstanceOf(TaskFailedException.class)
          .hasRootCauseMessage("cannot close second");
      assertThat(released).containsExactly("second", "first");
    });
  }
}
