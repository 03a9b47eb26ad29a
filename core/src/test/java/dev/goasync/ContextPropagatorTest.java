package dev.goasync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A context of the caller reaches the work that it starts, and stays nowhere. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class ContextPropagatorTest {
  private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

  private final ThreadLocal<@Nullable String> context = new ThreadLocal<>();
  private final ContextPropagator propagator = this::capture;

  private ContextPropagator.@Nullable Captured capture() {
    String captured = context.get();
    return captured == null ? null : work -> runWith(captured, work);
  }

  private void runWith(String value, Runnable work) {
    String before = context.get();
    context.set(value);
    try {
      work.run();
    } finally {
      context.set(before);
    }
  }

  @BeforeEach
  void register() {
    ContextPropagator.register(propagator);
    context.set("trace");
  }

  @AfterEach
  void unregister() {
    ContextPropagator.unregister(propagator);
    context.remove();
  }

  @Test
  void coroutinesTasksOfScopesAndOffloadHaveTheContext() {
    assertThat(GoAsync.goAsync(context::get).await()).isEqualTo("trace");
    String seen =
        TaskScope.<String, RuntimeException>run(
            scope -> scope.goAsync(() -> GoAsync.offload(context::get) + context.get()).await());
    assertThat(seen).isEqualTo("tracetrace");
  }

  @Test
  void threadsOfThePoolKeepNoContext() {
    String seen =
        GoAsync.goAsync(
                () -> {
                  GoAsync.offload(context::get);
                  context.remove();
                  return String.valueOf(GoAsync.offload(context::get));
                })
            .await();
    assertThat(seen).isEqualTo("null");
  }

  @Test
  void tasksOfExecutorsHaveTheContext() throws Exception {
    try (EventLoop loop = EventLoop.start("context");
        ExecutorService unlimited = loop.executor();
        ExecutorService limited = loop.executor(1);
        ScheduledExecutorService scheduled = loop.scheduledExecutor()) {
      assertThat(unlimited.submit(context::get).get()).isEqualTo("trace");
      assertThat(limited.submit(context::get).get()).isEqualTo("trace");
      var delayed = scheduled.schedule(context::get, 1, TimeUnit.MILLISECONDS);
      context.remove();
      assertThat(delayed.get()).isEqualTo("trace");
      assertThat(unlimited.submit(() -> context.get() == null).get()).isTrue();
    }
  }

  @Test
  void exceptionsOfTheWorkComeOutAsTheyAre() {
    assertThatThrownBy(() ->
            GoAsync.goAsync(
                    () -> {
                      throw new IOException("of the work");
                    })
                .await())
        .hasRootCauseMessage("of the work");
  }

  @Test
  void aPropagatorThatFailsDoesNotHarmTheWork() {
    ContextPropagator failsToCapture =
        () -> {
          throw new IllegalStateException("capture failed");
        };
    ContextPropagator failsToRun =
        () ->
            _ -> {
              throw new IllegalStateException("run failed");
            };
    ContextPropagator failsAfterwards =
        () ->
            work -> {
              work.run();
              work.run();
              throw new IllegalStateException("end failed");
            };
    ContextPropagator.register(failsToCapture);
    ContextPropagator.register(failsToRun);
    ContextPropagator.register(failsAfterwards);
    try {
      int[] runs = {0};
      GoAsync.goAsync(
              () -> {
                assertThat(context.get()).isEqualTo("trace");
                runs[0]++;
              })
          .await();
      assertThat(runs[0]).isEqualTo(1);
    } finally {
      ContextPropagator.unregister(failsToCapture);
      ContextPropagator.unregister(failsToRun);
      ContextPropagator.unregister(failsAfterwards);
    }
  }

  // ---- scoped values ----

  @Test
  void scopedValuesReachTasksOfScopesAndOffloadInFullMode() {
    assumeThat(GoAsync.describe()).as("scoped values need full mode").contains("full mode");
    String seen =
        ScopedValue.where(SCOPED, "bound")
            .call(() ->
                TaskScope.<String, RuntimeException>run(scope ->
                    scope.goAsync(() -> SCOPED.get() + GoAsync.offload(this::nested)).await()));
    assertThat(seen).isEqualTo("boundboundinnerbound");
    Boolean unbound =
        GoAsync.goAsync(() ->
                ScopedValue.where(SCOPED, "bound").call(() -> GoAsync.offload(SCOPED::isBound))
                    && GoAsync.offload(() -> !SCOPED.isBound()))
            .await();
    assertThat(unbound).isTrue();
  }

  private String nested() {
    return SCOPED.get() + ScopedValue.where(SCOPED, "inner").call(SCOPED::get) + SCOPED.get();
  }

  @Test
  void givenScopedValuesReachAllWorkInBothModes() {
    ContextPropagator scopedValues = ContextPropagator.ofScopedValues(SCOPED);
    ContextPropagator.register(scopedValues);
    try {
      Task<String> task =
          ScopedValue.where(SCOPED, "bound")
              .call(() -> GoAsync.goAsync(() -> SCOPED.get() + GoAsync.offload(SCOPED::get)));
      assertThat(task.await()).isEqualTo("boundbound");
      assertThat(GoAsync.goAsync(SCOPED::isBound).await()).isFalse();
    } finally {
      ContextPropagator.unregister(scopedValues);
    }
  }
}
