package dev.goasync.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.ContextPropagator;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
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
import org.slf4j.MDC;

/** A registered thread local, and the MDC of SLF4J, in the work that coroutines start. */
@Timeout(60)
final class ContextSnapshotsTest {
  private static final ThreadLocal<String> REQUEST = new ThreadLocal<>();

  private final ContextPropagator propagator = ContextSnapshots.propagator();

  // guide: begin context
  /** The keys {@code user} and {@code trace} of the MDC, in every coroutine; once at the start. */
  static void carryLogContext() {
    ContextRegistry.getInstance()
        .registerThreadLocalAccessor(new Slf4jThreadLocalAccessor("user", "trace"));
    ContextPropagator.register(ContextSnapshots.propagator());
  }

  // guide: end

  @BeforeEach
  void register() {
    ContextRegistry.getInstance()
        .registerThreadLocalAccessor("request", REQUEST)
        .registerThreadLocalAccessor(new Slf4jThreadLocalAccessor("user"));
    ContextPropagator.register(propagator);
  }

  @AfterEach
  void unregister() {
    ContextPropagator.unregister(propagator);
    ContextRegistry.getInstance().removeThreadLocalAccessor("request");
    ContextRegistry.getInstance().removeThreadLocalAccessor(Slf4jThreadLocalAccessor.KEY);
  }

  @Test
  void aRegisteredThreadLocalReachesTheWorkOfACoroutine() {
    check(REQUEST::set, REQUEST::remove, REQUEST::get);
  }

  @Test
  void theDiagnosticContextReachesTheWorkOfACoroutine() {
    check(value -> MDC.put("user", value), MDC::clear, () -> MDC.get("user"));
  }

  private interface Setter {
    void set(String value);
  }

  /** Twenty coroutines of one loop, each with a value of its own. */
  private static void check(Setter setter, Runnable clear, Supplier<@Nullable String> current) {
    try (EventLoop loop = EventLoop.start()) {
      List<Task<?>> coroutines = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String value = "value " + i;
        coroutines.add(
            loop.goAsync(() -> {
              setter.set(value);
              assertReaches(value, current);
              clear.run();
              assertThat(current.get()).isNull();
            }));
      }
      GoAsync.awaitAll(coroutines);
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
