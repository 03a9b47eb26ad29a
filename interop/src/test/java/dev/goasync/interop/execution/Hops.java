package dev.goasync.interop.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.ContextPropagator;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.interop.OneLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Checks that a context reaches the work that a coroutine starts in each way. */
final class Hops {
  /** Runs work in a context that holds {@code value}. */
  interface Scoped {
    void run(String value, Runnable work);
  }

  private Hops() {}

  /**
   * Starts work in many coroutines of one loop, each in a context of its own.
   *
   * @param current reads the value of the current context; null if there is none
   */
  static void check(
      OneLoop one, ContextPropagator propagator, Scoped scoped, Supplier<@Nullable String> current)
      throws Exception {
    ContextPropagator.register(propagator);
    try {
      one.run(() -> {
        GoAsync.awaitAll(
            OneLoop.startMany(number -> {
              String value = "value " + number;
              scoped.run(value, () -> assertReaches(value, current));
              assertThat(current.get()).isNull();
              return number;
            }));
      });
    } finally {
      ContextPropagator.unregister(propagator);
    }
  }

  private static void assertReaches(String value, Supplier<@Nullable String> current) {
    assertThat(GoAsync.goAsync(current::get).await()).as("goAsync").isEqualTo(value);
    String inScope = TaskScope.run(scope -> scope.goAsync(current::get).await());
    assertThat(inScope).as("a scope").isEqualTo(value);
    String offloaded = GoAsync.offload(current::get);
    assertThat(offloaded).as("offload").isEqualTo(value);
    Executor executor = EventLoop.currentOrDefault().executor();
    String executed = Task.from(CompletableFuture.supplyAsync(current, executor)).await();
    assertThat(executed).as("an executor").isEqualTo(value);
    GoAsync.yield();
    assertThat(current.get()).as("after the waits").isEqualTo(value);
  }
}
