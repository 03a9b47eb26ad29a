package dev.goasync.interop.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Resilience4j around calls of coroutines. */
@Timeout(60)
final class ResilienceTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  /** A cancel is neither a failure of the service nor a reason to try again. */
  static <T> Callable<T> guarded(String name, Callable<T> call, CircuitBreaker breaker) {
    RetryConfig retries =
        RetryConfig.custom()
            .maxAttempts(3)
            .waitDuration(Duration.ofMillis(10))
            .ignoreExceptions(CancellationException.class)
            .build();
    return Retry.decorateCallable(
        Retry.of(name, retries), CircuitBreaker.decorateCallable(breaker, call));
  }

  static CircuitBreaker breaker(String name) {
    return CircuitBreaker.of(
        name, CircuitBreakerConfig.custom().ignoreExceptions(CancellationException.class).build());
  }

  // guide: end

  private static Callable<Integer> flaky(int number) {
    int[] calls = {0};
    return () -> {
      GoAsync.yield();
      if (number % 8 == 0 && calls[0]++ == 0) {
        throw new IOException("the first call fails");
      }
      return number;
    };
  }

  private static int sleep() {
    GoAsync.sleep(Duration.ofHours(1));
    return 0;
  }

  @Test
  void aCancelIsNoFailure() throws Exception {
    one.run(() -> {
      CircuitBreaker breaker = breaker("example");
      Throwable failure =
          Rounds.withCut(
              number -> guarded("example", flaky(number), breaker).call(),
              () -> guarded("example", ResilienceTest::sleep, breaker).call());
      assertThat(failure).isInstanceOf(CancellationException.class);
      assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
      assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(3 * 3);
    });
  }
}
