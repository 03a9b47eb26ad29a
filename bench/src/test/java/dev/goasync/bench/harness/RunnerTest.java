package dev.goasync.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of peers, and the reasons to leave a peer out. */
class RunnerTest {
  @TempDir private Path directory;

  private final List<String> ran = new ArrayList<>();
  private long now = Long.MAX_VALUE - 1;

  private record One(List<Trial> trials, List<String> notQuick, List<String> onlyOnce)
      implements Suite {
    One(List<Trial> trials, List<String> notQuick) {
      this(trials, notQuick, List.of());
    }

    @Override
    public String name() {
      return "one";
    }

    @Override
    public String purpose() {
      return "Nothing.";
    }

    @Override
    public int rounds(boolean quick) {
      return 1;
    }

    @Override
    public List<Trial> trials(Workplace workplace) {
      return trials;
    }
  }

  private Trial good(String caseName, String peer) {
    return Trial.of(
        caseName,
        peer,
        () -> {
          ran.add(caseName + " " + peer);
          return List.of(new Measurement(caseName, Metric.NS_PER_OP, 1));
        });
  }

  private Trial bad(String caseName, String peer, IOException why) {
    return Trial.of(
        caseName,
        peer,
        () -> {
          ran.add(caseName + " " + peer);
          throw why;
        });
  }

  private Results run(int rounds, Trial... trials) throws Exception {
    Suite suite = new One(List.of(trials), List.of());
    return new Runner(place(), List.of(suite), Set.of(), Optional.empty()).run(suite, rounds);
  }

  private Workplace place() {
    return new Workplace(directory, false);
  }

  @Test
  void peersTakeTurns() throws Exception {
    Results results = run(2, good("a", Results.US), good("a", "go"));

    assertThat(ran).containsExactly("a goasync", "a go", "a goasync", "a go");
    assertThat(results.rows("a", Metric.NS_PER_OP))
        .extracting(Results.Row::rounds)
        .containsExactly(2, 2);
    assertThat(results.hasFailed()).isFalse();
  }

  @Test
  void aPeerWithoutATargetRunsInOneRoundUnlessItIsRequested() throws Exception {
    List<Trial> trials = List.of(good("a", Results.US), good("a", "nim"));
    Suite suite = new One(trials, List.of(), List.of("nim"));

    Results results = new Runner(place(), List.of(suite), Set.of(), Optional.empty()).run(suite, 2);
    new Runner(place(), List.of(suite), Set.of("nim"), Optional.empty()).run(suite, 2);

    assertThat(ran.subList(0, 3)).containsExactly("a goasync", "a nim", "a goasync");
    assertThat(ran.subList(3, 7)).containsExactly("a goasync", "a nim", "a goasync", "a nim");
    assertThat(results.rows("a", Metric.NS_PER_OP))
        .extracting(Results.Row::rounds)
        .containsExactly(2, 1);
  }

  @Test
  void aMissingPeerIsLeftOutWithoutAFailure() throws Exception {
    Results results = run(2, new Trial("a", "nim", Optional.of("no nim"), List::of));

    assertThat(results.leftOut()).containsExactly(entry("nim", "no nim"));
    assertThat(results.hasFailed()).isFalse();
  }

  @Test
  void aFailedTrialIsNotRepeatedAndItsOutputIsNotInTheReason() throws Exception {
    Results results =
        run(2, bad("a", "go", new IOException("go ended:\nat length")), good("b", "go"));

    assertThat(ran).containsExactly("a go", "b go", "b go");
    assertThat(results.leftOut()).containsExactly(entry("a go", "it failed: go ended"));
    assertThat(results.hasFailed()).isTrue();
  }

  @Test
  void aPeerThatCannotBeBuiltIsLeftOutOfAllCases() throws Exception {
    IOException why = new BuildException("bench/peers/go/steps.go", new IOException("go ended:\n"));

    Results results = run(1, bad("a", "go", why), good("b", "go"));

    assertThat(ran).containsExactly("a go");
    assertThat(results.leftOut())
        .containsExactly(entry("go", "bench/peers/go/steps.go was not built: go ended"));
  }

  @Test
  void aPeerWithoutFiguresHasFailed() throws Exception {
    Results results = run(1, Trial.of("a", "go", List::of));

    assertThat(results.leftOut()).containsExactly(entry("a go", "it failed: it printed no figure"));
  }

  @Test
  void aFailureOfTheLibraryEndsTheRun() {
    assertThatThrownBy(() -> run(1, bad("a", Results.US, new IOException("broke"))))
        .isInstanceOf(IOException.class)
        .hasMessage("a goasync failed: broke");
  }

  @Test
  void quickSkipsCases() throws Exception {
    Suite suite = new One(List.of(good("a", "go"), good("b", "go"), good("c", "go")), List.of("b"));

    Results results = quick(suite).run(suite, 1);

    assertThat(ran).containsExactly("a go", "c go");
    assertThat(results.leftOut()).containsExactly(entry("b", "--quick has no time for them"));
  }

  @Test
  void quickSkipsPeersUnlessTheyAreRequested() throws Exception {
    Suite suite = new One(List.of(good("a", "go"), good("a", "nim")), List.of("nim"));
    Workplace place = new Workplace(directory, true);

    quick(suite).run(suite, 1);
    new Runner(place, List.of(suite), Set.of("nim"), Optional.empty()).run(suite, 1);

    assertThat(ran).containsExactly("a go", "a nim");
  }

  @Test
  void suitesShareTheTimeInProportionToTheirTrials() throws Exception {
    Suite first = new One(List.of(slow("a", "go"), slow("a", "nim"), slow("b", "go")), List.of());
    Suite second = new One(List.of(slow("c", "go")), List.of());
    Runner runner = quick(first, second);

    Results ofFirst = runner.run(first, 2);
    runner.run(second, 2);

    // Three quarters of the second are the first's, in which two trials of 0.4 s begin.
    assertThat(ran).containsExactly("a go", "a nim", "c go");
    assertThat(ofFirst.leftOut())
        .containsExactly(
            entry("b of go", "--quick ran out of time"),
            entry("a of go, nim", "--quick ran out of time"));
  }

  private Runner quick(Suite... suites) throws Exception {
    Budget budget = new Budget(() -> now, Duration.ofSeconds(1));
    return new Runner(
        new Workplace(directory, true), List.of(suites), Set.of(), Optional.of(budget));
  }

  private Trial slow(String caseName, String peer) {
    return Trial.of(
        caseName,
        peer,
        () -> {
          now += 400_000_000;
          return good(caseName, peer).body().run();
        });
  }
}
