package dev.goasync.bench.harness;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Runs a suite: round after round, in each every peer in turn, so that a drift hits all alike. */
public final class Runner {
  private final Workplace workplace;
  private final Set<String> peers;
  private final BooleanSupplier hasTime;

  /**
   * @param peers the peers to run besides ours; empty for all
   * @param hasTime whether another trial may begin
   */
  public Runner(Workplace workplace, Set<String> peers, BooleanSupplier hasTime) {
    this.workplace = workplace;
    this.peers = peers;
    this.hasTime = hasTime;
  }

  /** Runs {@code suite}. */
  public Results run(Suite suite, int rounds) throws Exception {
    Results results = new Results();
    List<Trial> trials = suite.trials(workplace).stream().filter(this::isWanted).toList();
    if (workplace.quick() && !suite.slowCases().isEmpty()) {
      results.leaveOut(String.join(", ", suite.slowCases()), "--quick has no time for them");
      trials = trials.stream().filter(t -> !suite.slowCases().contains(t.caseName())).toList();
    }
    for (int round = 1; round <= rounds; round++) {
      for (int i = 0; i < trials.size(); i++) {
        Trial trial = trials.get(i);
        if (mayRun(trial, results)) {
          String where = suite.name() + " " + (i + 1) + "/" + trials.size();
          say(where + ", round " + round + "/" + rounds + ": " + trial.label());
          runOne(trial, results);
        }
      }
    }
    return results;
  }

  private boolean mayRun(Trial trial, Results results) {
    if (results.isLeftOut(trial.peer()) || results.isLeftOut(trial.label())) {
      return false;
    }
    if (trial.missing().isPresent()) {
      leaveOut(trial.peer(), trial.missing().get(), results);
      return false;
    }
    if (!hasTime.getAsBoolean()) {
      leaveOut(trial.label(), "the time of --quick is over", results);
      return false;
    }
    return true;
  }

  /** A peer that fails is told and left out; our own failure ends the run. */
  private static void runOne(Trial trial, Results results) throws Exception {
    try {
      List<Measurement> measured = trial.body().run();
      if (measured.isEmpty()) {
        throw new IOException("it told no figure");
      }
      results.add(trial.peer(), measured);
    } catch (BuildException e) {
      leaveOut(trial.peer(), String.valueOf(e.getMessage()), results);
      results.fail();
    } catch (IOException e) {
      if (trial.peer().equals(Results.US)) {
        throw new IOException(trial.label() + " failed: " + e.getMessage(), e);
      }
      leaveOut(trial.label(), "it failed: " + e.getMessage(), results);
      results.fail();
    }
  }

  /** A failed program's last lines are shown, but are no part of the reason. */
  private static void leaveOut(String what, String why, Results results) {
    say(what + " is left out: " + why);
    results.leaveOut(what, why.lines().findFirst().orElse(why).replaceAll(":$", ""));
  }

  private boolean isWanted(Trial trial) {
    return peers.isEmpty() || trial.peer().equals(Results.US) || peers.contains(trial.peer());
  }

  private static void say(String progress) {
    System.err.println(progress);
  }
}
