#!/usr/bin/env bash
# Resilience4j 2.4.0: a circuit breaker in its half-open state, and calls that throw an Error.
# Guess: as with an Exception: the calls count as failures and the breaker opens; at least the permits come back.
# Seen: the calls are neither counted nor their permits released, so the breaker stays half-open and rejects every later call,
# with a CompletionStage that fails by an Error too.
. "$(dirname "$0")/lib.sh"
jars io.github.resilience4j:resilience4j-circuitbreaker:2.4.0 org.slf4j:slf4j-nop:2.0.17
program <<'JAVA'
import io.github.resilience4j.circuitbreaker.*;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

class Program {
  static CircuitBreaker halfOpen() {
    var config =
        CircuitBreakerConfig.custom()
            .slidingWindowSize(2)
            .minimumNumberOfCalls(2)
            .permittedNumberOfCallsInHalfOpenState(2)
            .build();
    CircuitBreaker breaker = CircuitBreaker.of("name", config);
    breaker.transitionToOpenState();
    breaker.transitionToHalfOpenState();
    return breaker;
  }

  static void show(String name, CircuitBreaker breaker, Supplier<?> call) {
    for (int i = 0; i < 2; i++) {
      try {
        call.get();
      } catch (Throwable expected) {
        // it has passed the breaker
      }
    }
    String next;
    try {
      next = breaker.executeSupplier(() -> "accepted");
    } catch (CallNotPermittedException rejected) {
      next = "rejected";
    }
    System.out.println(
        name + ": failures " + breaker.getMetrics().getNumberOfFailedCalls() + ", state " + breaker.getState()
            + ", a call that succeeds is " + next);
  }

  public static void main(String[] args) {
    CircuitBreaker exceptions = halfOpen();
    show("IllegalStateException", exceptions, () -> exceptions.executeSupplier(() -> {
      throw new IllegalStateException();
    }));
    CircuitBreaker errors = halfOpen();
    show("AssertionError", errors, () -> errors.executeSupplier(() -> {
      throw new AssertionError();
    }));
    CircuitBreaker stages = halfOpen();
    show("stage, AssertionError", stages,
        () -> stages.executeCompletionStage(() -> CompletableFuture.failedFuture(new AssertionError())));
  }
}
JAVA
expect <<'TEXT'
IllegalStateException: failures 2, state OPEN, a call that succeeds is rejected
AssertionError: failures 0, state HALF_OPEN, a call that succeeds is rejected
stage, AssertionError: failures 0, state HALF_OPEN, a call that succeeds is rejected
TEXT
