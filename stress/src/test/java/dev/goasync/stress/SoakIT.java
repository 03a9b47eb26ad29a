package dev.goasync.stress;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The soak in its short form, bounded by its work and not by time. */
@Timeout(120)
final class SoakIT {
  private static final int ROUNDS = Integer.getInteger("stress.rounds", 20);

  @Test
  void everythingAtOnceAddsUpAndLeavesNothing() throws Exception {
    Soak.run(System.nanoTime(), ROUNDS, Duration.ofDays(1));
  }
}
