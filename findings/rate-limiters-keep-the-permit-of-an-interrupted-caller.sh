#!/usr/bin/env bash
# Resilience4j 2.3.0, Bucket4j 8.14.0 and Failsafe 3.3.2: a caller that waits for a permit and is interrupted.
# Guess: the caller gets nothing, so its permit goes to the next one.
# Seen: the permit stays reserved for the caller that has left: one fewer than none is available, and the next caller waits
# a period longer.
. "$(dirname "$0")/lib.sh"
jars io.github.resilience4j:resilience4j-ratelimiter:2.3.0 com.bucket4j:bucket4j_jdk17-core:8.14.0 \
  dev.failsafe:failsafe:3.3.2 org.slf4j:slf4j-nop:2.0.17
program <<'JAVA'
import dev.failsafe.RateLimiter;
import io.github.bucket4j.Bucket;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

class Program {
  static final Duration PERIOD = Duration.ofMinutes(10);

  static String interrupted(Callable<?> wait) throws Exception {
    String[] result = new String[1];
    Thread waiter =
        Thread.ofPlatform().start(() -> {
          try {
            result[0] = String.valueOf(wait.call());
          } catch (Exception thrown) {
            result[0] = thrown.getClass().getSimpleName();
          }
        });
    while (waiter.getState() != Thread.State.TIMED_WAITING && waiter.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    waiter.interrupt();
    waiter.join();
    return result[0];
  }

  public static void main(String[] args) throws Exception {
    var semaphore = new Semaphore(0);
    System.out.println("Semaphore: " + interrupted(() -> {
      semaphore.acquire();
      return true;
    }) + ", available " + semaphore.availablePermits());

    var resilience =
        io.github.resilience4j.ratelimiter.RateLimiter.of(
            "once",
            RateLimiterConfig.custom()
                .limitForPeriod(1)
                .limitRefreshPeriod(PERIOD)
                .timeoutDuration(PERIOD.multipliedBy(5))
                .build());
    resilience.acquirePermission();
    System.out.println("Resilience4j: " + interrupted(resilience::acquirePermission)
        + ", available " + resilience.getMetrics().getAvailablePermissions());

    Bucket bucket = Bucket.builder().addLimit(limit -> limit.capacity(1).refillGreedy(1, PERIOD)).build();
    bucket.tryConsume(1);
    System.out.println("Bucket4j: " + interrupted(() -> {
      bucket.asBlocking().consume(1);
      return true;
    }) + ", available " + bucket.getAvailableTokens());

    RateLimiter<Object> smooth = RateLimiter.smoothBuilder(PERIOD).build();
    smooth.tryAcquirePermit();
    System.out.println("Failsafe: " + interrupted(() -> {
      smooth.acquirePermit();
      return true;
    }) + ", the next one waits " + (smooth.reservePermit().toMinutes() + 1) + " minutes");
  }
}
JAVA
expect <<'TEXT'
Semaphore: InterruptedException, available 0
Resilience4j: false, available -1
Bucket4j: InterruptedException, available -1
Failsafe: InterruptedException, the next one waits 20 minutes
TEXT
