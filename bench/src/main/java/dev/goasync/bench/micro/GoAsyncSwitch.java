package dev.goasync.bench.micro;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.coroutine.Generator;
import dev.goasync.internal.loop.Fiber;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Single steps of the library, on a loop of the benchmark's thread. */
@State(Scope.Thread)
@OperationsPerInvocation(Micro.OPERATIONS)
public class GoAsyncSwitch {
  @SuppressWarnings("NullAway.Init") // the set-up does
  private EventLoop loop;

  private int count;

  /** Runs on the benchmark's thread. */
  @Setup
  public void openLoop() {
    loop = EventLoop.onCurrentThread();
  }

  /** A coroutine starts another and waits for its result. */
  @Benchmark
  public void startAwait() {
    loop.goAsync(
            () -> {
              for (int i = 0; i < Micro.OPERATIONS; i++) {
                Task<Integer> task = GoAsync.goAsync(() -> count++);
                count += task.await();
              }
            })
        .await();
  }

  /** A coroutine starts a hundred coroutines, then waits for each. */
  @Benchmark
  public void startManyAwait() {
    loop.goAsync(
            () -> {
              Task<?>[] tasks = new Task<?>[100];
              for (int i = 0; i < Micro.OPERATIONS; i += tasks.length) {
                for (int k = 0; k < tasks.length; k++) {
                  tasks[k] = GoAsync.goAsync(() -> count++);
                }
                for (Task<?> task : tasks) {
                  task.await();
                }
              }
            })
        .await();
  }

  /** Two coroutines yield to each other. */
  @Benchmark
  public void yieldToOther() {
    Task<?> other = loop.goAsync(() -> yieldOften(Micro.OPERATIONS / 2));
    loop.goAsync(() -> yieldOften(Micro.OPERATIONS / 2)).await();
    other.await();
  }

  private static void yieldOften(int times) {
    for (int i = 0; i < times; i++) {
      GoAsync.yield();
    }
  }

  /** Two coroutines hand over to each other with the pause on which all operations are built. */
  @Benchmark
  public void handOver() {
    HandOver ping = new HandOver();
    HandOver pong = new HandOver();
    loop.goAsync(() -> {
      Fiber self = Fiber.current();
      for (int i = 0; i < Micro.OPERATIONS / 2; i++) {
        ping.await(self);
        pong.signal();
      }
    });
    loop.goAsync(
            () -> {
              Fiber self = Fiber.current();
              for (int i = 0; i < Micro.OPERATIONS / 2; i++) {
                ping.signal();
                pong.await(self);
              }
            })
        .await();
  }

  /** Takes the elements of a generator. */
  @Benchmark
  public int generatorStep() {
    int sum = 0;
    try (Generator<Integer> numbers =
        Generator.of(out -> {
          for (int i = 0; i < Micro.OPERATIONS; i++) {
            out.emit(i & 0x7F); // small, since the JDK caches such boxes
          }
        })) {
      while (numbers.hasNext()) {
        sum += numbers.next();
      }
    }
    return sum;
  }

  /** Finds the current coroutine. */
  @Benchmark
  public void current(Blackhole sink) {
    loop.goAsync(
            () -> {
              for (int i = 0; i < Micro.OPERATIONS; i++) {
                sink.consume(Fiber.current());
              }
            })
        .await();
  }
}
