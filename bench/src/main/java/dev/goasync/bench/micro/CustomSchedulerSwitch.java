package dev.goasync.bench.micro;

import dev.goasync.internal.vthread.SchedulerAccess;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Single steps of virtual threads on a deque that the benchmark's thread empties, the lower bound.
 */
@State(Scope.Thread)
@OperationsPerInvocation(Micro.OPERATIONS)
public class CustomSchedulerSwitch {
  private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
  private int count;

  /** The result that a thread leaves for the thread that started it. */
  private static final class Outcome {
    volatile @Nullable Integer value;
  }

  private void runAll() {
    for (Runnable next = ready.poll(); next != null; next = ready.poll()) {
      next.run();
    }
  }

  /** A thread starts another and waits for its result. */
  @Benchmark
  public void startAwait() {
    start(() -> {
      Thread self = Thread.currentThread();
      for (int i = 0; i < Micro.OPERATIONS; i++) {
        Outcome outcome = new Outcome();
        start(() -> {
          outcome.value = count++;
          LockSupport.unpark(self);
        });
        Integer value = outcome.value;
        while (value == null) {
          LockSupport.park();
          value = outcome.value;
        }
        count += value;
      }
    });
    runAll();
  }

  private void start(Runnable body) {
    SchedulerAccess.newThread(ready::add, body).start();
  }

  /** Two threads yield to each other. */
  @Benchmark
  public void yieldToOther() {
    for (int i = 0; i < 2; i++) {
      start(() -> {
        for (int k = 0; k < Micro.OPERATIONS / 2; k++) {
          Thread.yield();
        }
      });
    }
    runAll();
  }

  /** Two threads wake each other in turn. */
  @Benchmark
  public void handOver() {
    ParkingHandOver ping = new ParkingHandOver();
    ParkingHandOver pong = new ParkingHandOver();
    start(() -> HandOvers.answer(ping, pong));
    start(() -> HandOvers.ask(ping, pong));
    runAll();
  }
}
