package dev.goasync.internal.util;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A limit on log messages lets a few through, then one per interval with the number left out. */
final class LogLimitTest {
  @Test
  void aBurstThenOnePerInterval() {
    LogLimit limit = new LogLimit(2, 100);
    assertThat(limit.permit("a", 0)).isZero();
    assertThat(limit.permit("a", 1)).isZero();
    assertThat(limit.permit("a", 2)).isNegative();
    assertThat(limit.permit("a", 3)).isNegative();
    assertThat(limit.permit("b", 3)).as("of another kind").isZero();
    assertThat(limit.permit("a", 101)).isEqualTo(2);
    assertThat(limit.permit("a", 102)).isNegative();
    assertThat(LogLimit.suffix(2)).isEqualTo(" (2 similar messages were not logged)");
    assertThat(LogLimit.suffix(0)).isEmpty();
  }
}
