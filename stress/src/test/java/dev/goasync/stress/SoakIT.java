package dev.goasync.stress;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A short soak, limited by the number of rounds and not by time. */
@Timeout(120)
final class SoakIT {
  private static final int ROUNDS = Integer.getInteger("stress.rounds", 20);

  @Test
  void roundsMatchTheirSumsAndLeaveNothingOpen() throws Exception {
    Soak.run(System.nanoTime(), ROUNDS, Duration.ofDays(1));
  }
}
