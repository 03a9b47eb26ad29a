package dev.goasync.examples.replicated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goasync.testing.Simulation;
import dev.goasync.testing.SimulationFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The replicated store in simulations with crashes, cut and slow links and slow disks.
 *
 * <p>The number of seeds is small, for the build; {@code -Dreplicated.seeds=10000} runs more.
 */
final class ReplicatedStoreTest {
  private static final int SEEDS = Integer.getInteger("replicated.seeds", 25);
  private static final int MAX_SEEDS = 10_000;

  @Test
  void eachHistoryIsLinearizable() throws Exception {
    Simulation.with().seeds(SEEDS).run(new StoreScenario(Variant.CORRECT));
  }

  @Test
  void aRunDependsOnItsSeedAlone() throws Exception {
    Simulation.with().seed(3).checkDeterminism(new StoreScenario(Variant.CORRECT));
  }

  /**
   * Each fault is found, and the store as it is passes the seed that shows the fault. The search
   * begins at the first seed that has shown the fault; another simulation may need a later one.
   */
  @ParameterizedTest
  @CsvSource({
    "VOTE_NOT_FORCED, 105, has two leaders",
    "LOST_WAKE_UP, 7, an operation has taken",
    "STALE_READ, 441, the history is not linearizable",
    "DOUBLE_APPLY, 67, the history is not linearizable",
    "TORN_RECORD_ACCEPTED, 763, malformed input",
    "UNBOUNDED_RETRY, 1, an operation has taken"
  })
  void aPlantedFaultIsFound(Variant variant, long firstFound, String problem) throws Exception {
    var simulation = Simulation.with().seed(firstFound).seeds(MAX_SEEDS);
    var failure =
        assertThrows(SimulationFailure.class, () -> simulation.run(new StoreScenario(variant)));
    assertThat(failure).hasMessageContaining(problem);
    Simulation.with().seed(failure.seed()).run(new StoreScenario(Variant.CORRECT));
  }
}
