#!/usr/bin/env bash
# RxJava 3.1.12, Reactor 3.8.8, Mutiny 3.1.0: the interrupt status after a blocking wait was interrupted.
# Guess: the methods declare no InterruptedException, so they set the interrupt status again before they throw another one.
# Seen: RxJava throws a RuntimeException and the status is lost, so a loop that checks isInterrupted() goes on.
. "$(dirname "$0")/lib.sh"
jars io.reactivex.rxjava3:rxjava:3.1.12 io.projectreactor:reactor-core:3.8.8 io.smallrye.reactive:mutiny:3.1.0 org.slf4j:slf4j-nop:2.0.17
program <<'JAVA'
import io.reactivex.rxjava3.core.*;
import io.smallrye.mutiny.Uni;
import reactor.core.publisher.Mono;

class Program {
  static void interrupted(String name, Runnable wait) throws Exception {
    Thread waiter =
        Thread.ofPlatform().start(() -> {
          try {
            wait.run();
          } catch (RuntimeException thrown) {
            System.out.println(
                name + ": cause " + thrown.getCause().getClass().getSimpleName()
                    + ", interrupted " + Thread.currentThread().isInterrupted());
          }
        });
    while (waiter.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    waiter.interrupt();
    waiter.join();
  }

  public static void main(String[] args) throws Exception {
    interrupted("RxJava, Single.blockingGet", () -> Single.never().blockingGet());
    interrupted("RxJava, Completable.blockingAwait", () -> Completable.never().blockingAwait());
    interrupted("RxJava, Flowable.blockingIterable", () -> Flowable.never().blockingIterable().iterator().next());
    interrupted("Reactor, block", () -> Mono.never().block());
    interrupted("Mutiny, await", () -> Uni.createFrom().nothing().await().indefinitely());
  }
}
JAVA
expect <<'TEXT'
RxJava, Single.blockingGet: cause InterruptedException, interrupted false
RxJava, Completable.blockingAwait: cause InterruptedException, interrupted false
RxJava, Flowable.blockingIterable: cause InterruptedException, interrupted false
Reactor, block: cause InterruptedException, interrupted true
Mutiny, await: cause InterruptedException, interrupted true
TEXT
