package dev.goasync.bench.micro;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Requests of several asynchronous steps with {@link CompletableFuture} on the simplest possible
 * loop, a queue that the benchmark's thread empties.
 */
@State(Scope.Thread)
@OperationsPerInvocation(Micro.OPERATIONS)
public class FutureChain {
  private final ArrayDeque<Runnable> loop = new ArrayDeque<>();
  private int sum;

  /** Three steps, one after the other. */
  @Benchmark
  public int chain() {
    return serve(input -> step(input).thenCompose(this::step).thenCompose(this::step));
  }

  /** One step below ten calls, each of which adds to the future's value. */
  @Benchmark
  public int depth() {
    return serve(input -> below(10, input));
  }

  private int serve(IntFunction<CompletableFuture<Integer>> request) {
    sum = 0;
    for (int i = 0; i < GoAsyncChain.AT_ONCE; i++) {
      next(request, 0);
    }
    for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
      task.run();
    }
    return sum;
  }

  private void next(IntFunction<CompletableFuture<Integer>> request, int count) {
    if (count < Micro.OPERATIONS / GoAsyncChain.AT_ONCE) {
      var _ =
          request
              .apply(count)
              .thenAccept(result -> {
                sum += result;
                next(request, count + 1);
              });
    }
  }

  private CompletableFuture<Integer> step(int input) {
    CompletableFuture<Integer> result = new CompletableFuture<>();
    loop.add(() -> result.complete(input + 1));
    return result;
  }

  private CompletableFuture<Integer> below(int levels, int input) {
    return levels == 0 ? step(input) : below(levels - 1, input).thenApply(result -> result + 1);
  }
}
