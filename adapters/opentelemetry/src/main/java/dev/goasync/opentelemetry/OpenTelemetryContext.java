package dev.goasync.opentelemetry;

import dev.goasync.ContextPropagator;
import io.opentelemetry.context.Context;

/**
 * Carries the context of OpenTelemetry, which holds the current span and the baggage, to the
 * coroutines and {@code offload} calls that a thread or coroutine starts.
 *
 * <pre>{@code
 * ContextPropagator.register(OpenTelemetryContext.propagator()); // once, when the program starts
 * }</pre>
 *
 * <p>It works in the same way with OpenTelemetry's Java agent.
 */
public final class OpenTelemetryContext {
  private OpenTelemetryContext() {}

  /** A propagator of {@link Context#current()}. */
  public static ContextPropagator propagator() {
    return () -> {
      Context captured = Context.current();
      return captured == Context.root() ? null : work -> captured.wrap(work).run();
    };
  }
}
