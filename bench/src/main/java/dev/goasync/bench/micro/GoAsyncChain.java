package dev.goasync.bench.micro;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Requests of several asynchronous steps as plain calls, a hundred at once on one loop. */
@State(Scope.Thread)
@OperationsPerInvocation(Micro.OPERATIONS)
public class GoAsyncChain {
  static final int AT_ONCE = 100;

  @SuppressWarnings("NullAway.Init") // initialized by the set-up
  private EventLoop loop;

  /** A request. */
  @FunctionalInterface
  private interface Request {
    int serve(int input);
  }

  /** Runs on the benchmark's thread. */
  @Setup
  public void openLoop() {
    loop = EventLoop.onCurrentThread();
  }

  /** Three steps, one after the other. */
  @Benchmark
  public int chain() {
    return serve(input -> step(step(step(input))));
  }

  /** One step below ten calls. */
  @Benchmark
  public int depth() {
    return serve(input -> below(10, input));
  }

  private int serve(Request request) {
    return loop.goAsync(
            () -> {
              Task<?>[] clients = new Task<?>[AT_ONCE];
              int[] sum = new int[1];
              for (int i = 0; i < AT_ONCE; i++) {
                clients[i] =
                    GoAsync.goAsync(() -> {
                      for (int k = 0; k < Micro.OPERATIONS / AT_ONCE; k++) {
                        sum[0] += request.serve(k);
                      }
                    });
              }
              for (Task<?> client : clients) {
                client.await();
              }
              return sum[0];
            })
        .await();
  }

  private static int step(int input) {
    GoAsync.yield();
    return input + 1;
  }

  private static int below(int levels, int input) {
    return levels == 0 ? step(input) : below(levels - 1, input) + 1;
  }
}
