#!/usr/bin/env bash
# Failsafe 3.3.2: RateLimiter.reservePermits of more than the limiter grants in 292 years (2^63 ns).
# Guess: a long wait, or an ArithmeticException, as builders with such a period throw.
# Seen: the product overflows: a bursty limiter answers with a negative wait, a smooth one with no wait at all, so the caller
# goes on at once. 107,000 reservations at one a day suffice.
. "$(dirname "$0")/lib.sh"
jars dev.failsafe:failsafe:3.3.2
program <<'JAVA'
import dev.failsafe.RateLimiter;
import java.time.Duration;

class Program {
  public static void main(String[] args) {
    for (int permits : new int[] {1_000, 106_000, 107_000}) {
      Duration smooth = RateLimiter.smoothBuilder(1, Duration.ofDays(1)).build().reservePermits(permits);
      Duration bursty = RateLimiter.burstyBuilder(1, Duration.ofDays(1)).build().reservePermits(permits);
      System.out.println(permits + ": smooth " + kind(smooth) + ", bursty " + kind(bursty));
    }
  }

  static String kind(Duration wait) {
    return wait.isNegative() ? "negative" : wait.isZero() ? "none" : "waits";
  }
}
JAVA
expect <<'TEXT'
1000: smooth waits, bursty waits
106000: smooth waits, bursty waits
107000: smooth none, bursty negative
TEXT
