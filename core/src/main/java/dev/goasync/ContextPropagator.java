package dev.goasync;

import dev.goasync.internal.task.Contexts;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Carries a context of a thread, such as a trace or a logging context, to the work that the thread
 * starts: to coroutines of {@link GoAsync#goAsync}, of scopes and of the executors of a loop, and
 * to calls of {@link GoAsync#offload}.
 *
 * <pre>{@code
 * ThreadLocal<String> user = new ThreadLocal<>();
 * ContextPropagator.register(() -> {
 *   String captured = user.get(); // on the thread that starts the work
 *   return captured == null
 *       ? null
 *       : work -> { // on the thread of the work
 *         String before = user.get();
 *         user.set(captured);
 *         try {
 *           work.run();
 *         } finally {
 *           user.set(before);
 *         }
 *       };
 * });
 * }</pre>
 *
 * <p>With OpenTelemetry the body is {@code Context context = Context.current(); return work ->
 * context.wrap(work).run();}. Threads of {@link EventLoop#threadFactory} capture nothing, since
 * they run work of many callers.
 *
 * <p>If a propagator throws, that is logged, and the work runs without its context.
 *
 * <p><b>Threads.</b> All methods may be called from any thread; {@code capture} must not wait.
 */
@FunctionalInterface
public interface ContextPropagator {
  /** A captured context. */
  @FunctionalInterface
  interface Captured {
    /** Runs {@code work} once, on the current thread, in the context, and removes the context. */
    void run(Runnable work);
  }

  /**
   * Captures the context of the current thread.
   *
   * @return null if there is none to carry
   */
  @Nullable Captured capture();

  /**
   * Registers a propagator for the whole process: work that is started from now on carries its
   * context. While none is registered, starting work costs nothing more.
   */
  static void register(ContextPropagator propagator) {
    Objects.requireNonNull(propagator, "propagator");
    Contexts.register(
        propagator,
        () -> {
          Captured captured = propagator.capture();
          return captured == null ? null : captured::run;
        });
  }

  /** Removes a propagator; work that has been started keeps its context. */
  static void unregister(ContextPropagator propagator) {
    Contexts.unregister(Objects.requireNonNull(propagator, "propagator"));
  }

  /**
   * Returns a propagator that binds the given scoped values as they are bound where the work is
   * started. In full mode tasks of scopes and {@code offload} see all scoped values without it.
   */
  static ContextPropagator ofScopedValues(ScopedValue<?>... keys) {
    List<ScopedValue<?>> all = List.of(keys);
    return () -> {
      ScopedValue.Carrier carrier = null;
      for (ScopedValue<?> key : all) {
        carrier = withBinding(carrier, key);
      }
      ScopedValue.Carrier captured = carrier;
      return captured == null ? null : captured::run;
    };
  }

  private static <T> ScopedValue.@Nullable Carrier withBinding(
      ScopedValue.@Nullable Carrier carrier, ScopedValue<T> key) {
    if (!key.isBound()) {
      return carrier;
    }
    return carrier == null ? ScopedValue.where(key, key.get()) : carrier.where(key, key.get());
  }
}
