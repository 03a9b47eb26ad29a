#!/usr/bin/env bash
# Mutiny 3.1.0, Reactor 3.8.8: a thread that waits for a result is interrupted.
# Guess: the subscription is cancelled, as it is when await().atMost times out, since nothing receives the result any more.
# Seen: Mutiny's await() throws and the work goes on without a receiver; its iterable and Reactor's block() cancel.
. "$(dirname "$0")/lib.sh"
jars io.smallrye.reactive:mutiny:3.1.0 io.projectreactor:reactor-core:3.8.8 org.slf4j:slf4j-nop:2.0.17
program <<'JAVA'
import io.smallrye.mutiny.*;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

class Program {
  /** Interrupts the wait that the code starts; the code sets the flag when its source is cancelled. */
  static void interrupted(String name, Consumer<AtomicBoolean> code) throws Exception {
    var cancelled = new AtomicBoolean();
    Thread waiter = Thread.ofPlatform().start(() -> System.out.println(name + ": " + outcome(() -> code.accept(cancelled), cancelled)));
    while (waiter.getState() != Thread.State.WAITING && waiter.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    waiter.interrupt();
    waiter.join();
  }

  static String outcome(Runnable code, AtomicBoolean cancelled) {
    try {
      code.run();
      return "returned";
    } catch (RuntimeException thrown) {
      return "threw, cancelled " + cancelled;
    }
  }

  static Uni<Object> never(AtomicBoolean cancelled) {
    return Uni.createFrom().nothing().onCancellation().invoke(() -> cancelled.set(true));
  }

  public static void main(String[] args) throws Exception {
    var timeout = new AtomicBoolean();
    System.out.println("Mutiny, timeout: " + outcome(() -> never(timeout).await().atMost(Duration.ofMillis(20)), timeout));
    interrupted("Mutiny, atMost", cancelled -> never(cancelled).await().atMost(Duration.ofMinutes(1)));
    interrupted("Mutiny, indefinitely", cancelled -> never(cancelled).await().indefinitely());
    interrupted("Mutiny, iterable", cancelled -> never(cancelled).toMulti().subscribe().asIterable().iterator().next());
    interrupted("Reactor, block", cancelled -> Mono.never().doOnCancel(() -> cancelled.set(true)).block());
  }
}
JAVA
expect <<'TEXT'
Mutiny, timeout: threw, cancelled true
Mutiny, atMost: threw, cancelled false
Mutiny, indefinitely: threw, cancelled false
Mutiny, iterable: threw, cancelled true
Reactor, block: threw, cancelled true
TEXT
