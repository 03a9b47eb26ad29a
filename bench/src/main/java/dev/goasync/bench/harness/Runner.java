package dev.goasync.bench.harness;

import java.util.HashSet;
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
    Set<String> told = new HashSet<>();
    for (int round = 1; round <= rounds; round++) {
      for (Trial trial : trials) {
        if (trial.missing().isPresent()) {
          String why = trial.peer() + " is left out: " + trial.missing().get();
          if (told.add(why)) {
            say(why);
          }
          continue;
        }
        say(suite.name() + " round " + round + "/" + rounds + ": " + trial.label());
        results.add(trial.peer(), trial.body().run());
      }
    }
    return results;
  }

  private boolean isWanted(Trial trial) {
    return peers.isEmpty() || trial.peer().equals(Results.US) || peers.contains(trial.peer());
  }

  private static void say(String progress) {
    System.err.println(progress);
  }
}
