#!/usr/bin/env bash
# Reactor 3.8.8, RxJava 3.1.12: disposing of a scheduler that was made from the caller's own executor.
# Guess: the scheduler lets go of the executor, which belongs to the caller and may serve others.
# Seen: Reactor shuts it down, by fromExecutorService and by fromExecutor alike; RxJava leaves it running.
. "$(dirname "$0")/lib.sh"
jars io.projectreactor:reactor-core:3.8.8 io.reactivex.rxjava3:rxjava:3.1.12
program <<'JAVA'
import java.util.concurrent.*;

class Program {
  public static void main(String[] args) {
    ExecutorService service = Executors.newVirtualThreadPerTaskExecutor();
    reactor.core.scheduler.Schedulers.fromExecutorService(service).dispose();
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    reactor.core.scheduler.Schedulers.fromExecutor(executor).dispose();
    ExecutorService rx = Executors.newVirtualThreadPerTaskExecutor();
    io.reactivex.rxjava3.schedulers.Schedulers.from(rx, true).shutdown();
    System.out.println("Reactor fromExecutorService: shut down " + service.isShutdown());
    System.out.println("Reactor fromExecutor: shut down " + executor.isShutdown());
    System.out.println("RxJava from: shut down " + rx.isShutdown());
  }
}
JAVA
expect <<'TEXT'
Reactor fromExecutorService: shut down true
Reactor fromExecutor: shut down true
RxJava from: shut down false
TEXT
