package dev.goasync.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.ContextPropagator;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The context in the work that coroutines start. */
@Timeout(60)
final class OpenTelemetryContextTest {
  private static final ContextKey<String> KEY = ContextKey.named("request");

  private final ContextPropagator propagator = OpenTelemetryContext.propagator();

  // guide: begin
  /** The current span, in every coroutine; once at the start. */
  static void carryTraces() {
    ContextPropagator.register(OpenTelemetryContext.propagator());
  }

  // guide: end

  @BeforeEach
  void register() {
    ContextPropagator.register(propagator);
  }

  @AfterEach
  void unregister() {
    ContextPropagator.unregister(propagator);
  }

  /** Twenty coroutines of one loop, each with a context of its own. */
  @Test
  void theContextReachesTheWorkOfACoroutine() {
    Supplier<@Nullable String> current = () -> Context.current().get(KEY);
    try (EventLoop loop = EventLoop.start()) {
      List<Task<?>> coroutines = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String value = "value " + i;
        coroutines.add(
            loop.goAsync(() -> {
              try (Scope _ = Context.current().with(KEY, value).makeCurrent()) {
                assertReaches(value, current);
              }
              assertThat(current.get()).isNull();
            }));
      }
      GoAsync.awaitAll(coroutines);
    }
  }

  private static void assertReaches(String value, Supplier<@Nullable String> current) {
    Task<@Nullable String> started = GoAsync.goAsync(current::get);
    assertThat(started.await()).as("goAsync").isEqualTo(value);
    String inScope = TaskScope.run(scope -> scope.goAsync(current::get).await());
    assertThat(inScope).as("a scope").isEqualTo(value);
    String offloaded = GoAsync.offload(current::get);
    assertThat(offloaded).as("offload").isEqualTo(value);
    Executor executor = EventLoop.currentOrDefault().executor();
    var executed = CompletableFuture.supplyAsync(current, executor);
    assertThat(Task.from(executed).await()).as("an executor").isEqualTo(value);
    GoAsync.yield();
    assertThat(current.get()).as("after the waits").isEqualTo(value);
  }
}
