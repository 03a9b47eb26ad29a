package dev.goasync.bench.harness;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Runs suites: in each round every peer has a turn, so that a drift of the machine affects all. */
public final class Runner {
  private final Workplace workplace;
  private final Set<String> peers;
  private final Optional<Budget> budget;
  private final Map<Suite, List<Trial>> trials = new LinkedHashMap<>();

  /**
   * @param suites the suites, in the order of the run
   * @param peers the peers to run in addition to goasync; empty for all
   * @param budget the limit on the time, if there is one
   */
  public Runner(Workplace workplace, List<Suite> suites, Set<String> peers, Optional<Budget> budget)
      throws Exception {
    this.workplace = workplace;
    this.peers = peers;
    this.budget = budget;
    for (Suite suite : suites) {
      trials.put(suite, suite.trials(workplace).stream().filter(t -> isWanted(t, suite)).toList());
    }
  }

  private boolean isWanted(Trial trial, Suite suite) {
    boolean isPeer =
        peers.isEmpty() || trial.peer().equals(Results.US) || peers.contains(trial.peer());
    List<String> notQuick = notQuick(suite);
    return isPeer && !notQuick.contains(trial.caseName()) && !notQuick.contains(trial.peer());
  }

  private List<String> notQuick(Suite suite) {
    return workplace.quick()
        ? suite.notQuick().stream().filter(name -> !peers.contains(name)).toList()
        : List.of();
  }

  /** Runs one suite. */
  public Results run(Suite suite, int rounds) throws Exception {
    Results results = new Results();
    List<String> notQuick = notQuick(suite);
    if (!notQuick.isEmpty()) {
      results.leaveOut(String.join(", ", notQuick), "--quick has no time for them");
    }
    BooleanSupplier hasTime = budget.map(b -> share(b, suite)).orElse(() -> true);
    List<String> once = suite.onlyOnce().stream().filter(name -> !peers.contains(name)).toList();
    List<Trial> ownTrials = Objects.requireNonNull(trials.remove(suite), suite.name());
    Map<String, Set<String>> late = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (int i = 0; i < ownTrials.size(); i++) {
        Trial trial = ownTrials.get(i);
        if ((round > 1 && once.contains(trial.peer())) || !canRun(trial, results)) {
          continue;
        }
        if (!hasTime.getAsBoolean()) {
          late.computeIfAbsent(trial.caseName(), _ -> new LinkedHashSet<>()).add(trial.peer());
          continue;
        }
        String where = suite.name() + " " + (i + 1) + "/" + ownTrials.size();
        say(where + ", round " + round + "/" + rounds + ": " + trial.label());
        runOne(trial, results);
      }
    }
    late.forEach((caseName, peers) ->
        leaveOut(caseName + " of " + String.join(", ", peers), "--quick ran out of time", results));
    return results;
  }

  private BooleanSupplier share(Budget all, Suite suite) {
    int left = trials.keySet().stream().mapToInt(this::expectedSeconds).sum();
    return all.share(expectedSeconds(suite), left);
  }

  private int expectedSeconds(Suite suite) {
    return trials.getOrDefault(suite, List.of()).size() * suite.quickSeconds();
  }

  private static boolean canRun(Trial trial, Results results) {
    if (results.isLeftOut(trial.peer()) || results.isLeftOut(trial.label())) {
      return false;
    }
    trial.missing().ifPresent(reason -> leaveOut(trial.peer(), reason, results));
    return trial.missing().isEmpty();
  }

  /** Reports a peer that fails and leaves it out; a failure of goasync ends the run. */
  private static void runOne(Trial trial, Results results) throws Exception {
    try {
      List<Measurement> measured = trial.body().run();
      if (measured.isEmpty()) {
        throw new IOException("it printed no figure");
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

  /**
   * Prints the whole error, with the last lines of a failed program; the results contain its first
   * line only.
   */
  private static void leaveOut(String what, String reason, Results results) {
    say(what + " is left out: " + reason);
    results.leaveOut(what, reason.lines().findFirst().orElse(reason).replaceAll(":$", ""));
  }

  private static void say(String progress) {
    System.err.println(progress);
  }
}
