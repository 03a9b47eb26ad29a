package dev.goasync.micrometer;

import dev.goasync.ContextPropagator;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.Objects;

/**
 * Carries the thread locals of Micrometer's context propagation, such as its observations, to the
 * coroutines and {@code offload} calls that a thread or coroutine starts.
 *
 * <pre>{@code
 * ContextPropagator.register(ContextSnapshots.propagator()); // once, when the program starts
 * }</pre>
 *
 * <p>Needs {@code io.micrometer:context-propagation}.
 */
public final class ContextSnapshots {
  private ContextSnapshots() {}

  /** A propagator of all thread locals that are registered with the global registry. */
  public static ContextPropagator propagator() {
    return propagator(ContextSnapshotFactory.builder().build());
  }

  /** A propagator of what {@code factory} captures. */
  public static ContextPropagator propagator(ContextSnapshotFactory factory) {
    Objects.requireNonNull(factory, "factory");
    return () -> {
      ContextSnapshot captured = factory.captureAll();
      return work -> captured.wrap(work).run();
    };
  }
}
