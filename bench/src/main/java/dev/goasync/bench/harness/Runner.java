package dev.goasync.bench.harness;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Runs a suite: round after round, in each every peer in turn, so that a drift hits all alike. */
public final class Runner {
  private final Workplace workplace;
  private final Set<String> peers;

  /**
   * @param peers the peers to run besides ours; empty for all
   */
  public Runner(Workplace workplace, Set<String> peers) {
    this.workplace = workplace;
    this.peers = peers;
  }

  /** Runs {@code suite}. */
  public Results run(Suite suite, int rounds) throws Exception {
    Results results = new Results();
    List<Trial> trials = suite.trials(workplace).stream().filter(this::isWanted).toList();
    for (int round = 1; round <= rounds; round++) {
      for (Trial trial : trials) {
        if (trial.missing().isPresent()) {
          String why = trial.missing().get();
          if (results.leaveOut(trial.peer(), why)) {
            say(trial.peer() + " is left out: " + why);
          }
          continue;
        }
        say(suite.name() + " round " + round + "/" + rounds + ": " + trial.label());
        runOne(trial, results);
      }
    }
    return results;
  }

  /** A peer that fails is told and left out; our own failure ends the run. */
  private static void runOne(Trial trial, Results results) throws Exception {
    try {
      results.add(trial.peer(), trial.body().run());
    } catch (IOException e) {
      if (trial.peer().equals(Results.US)) {
        throw e;
      }
      String why = trial.label() + " failed: " + e.getMessage();
      say(why);
      var _ = results.leaveOut(trial.peer(), why.lines().findFirst().orElseThrow());
    }
  }

  private boolean isWanted(Trial trial) {
    return peers.isEmpty() || trial.peer().equals(Results.US) || peers.contains(trial.peer());
  }

  private static void say(String progress) {
    System.err.println(progress);
  }
}
