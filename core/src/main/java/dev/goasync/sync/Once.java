package dev.goasync.sync;

import dev.goasync.Body;
import dev.goasync.EventLoop;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A lazily computed value: the first caller computes it, also if that has to wait, and all callers
 * share it.
 *
 * <pre>{@code
 * Once<String, IOException> config =
 *     new Once<>(() -> Files.readString(Path.of("config.txt")));
 * System.out.println(config.get());       // reads the file
 * System.out.println(config.get());       // returns the same string
 * }</pre>
 *
 * <p>Callers that come during the computation wait, in the order of their arrival. If the
 * computation fails or is cancelled, its caller gets the exception and the next caller computes
 * again. Actions of the computation are visible to all callers that get the value. If the value is
 * present, {@link #get} costs one volatile read on any thread. Common properties are described in
 * the {@linkplain dev.goasync.sync package documentation}.
 *
 * @param <T> the type of the value
 * @param <X> the exceptions that the computation can throw
 */
public final class Once<T extends @Nullable Object, X extends Exception> {
  private final Mutex mutex;
  private final Body<T, X> body;
  private volatile @Nullable Computed<T> computed;

  private record Computed<T extends @Nullable Object>(T value) {}

  /** Creates a value on the current loop that {@code body} computes. */
  public Once(Body<T, X> body) {
    this(EventLoop.currentOrDefault(), body);
  }

  /** Creates a value on {@code home} that {@code body} computes. */
  public Once(EventLoop home, Body<T, X> body) {
    this.mutex = new Mutex(home);
    this.body = Objects.requireNonNull(body, "body");
  }

  /**
   * Returns the value; computes it, or waits until another caller has computed it.
   *
   * @throws X what the body throws, if this caller ran it
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalStateException if the body calls {@code get} of the same object
   */
  public T get() throws X {
    Computed<T> ready = computed;
    if (ready == null) {
      ready = mutex.<Computed<T>, X>withLock(this::compute);
    }
    return ready.value;
  }

  private Computed<T> compute() throws X {
    Computed<T> ready = computed;
    if (ready == null) {
      ready = new Computed<>(body.call());
      computed = ready;
    }
    return ready;
  }

  /** Returns whether the value was computed. */
  public boolean isComputed() {
    return computed != null;
  }

  /**
   * The state and the counters of a value at one moment.
   *
   * @param computed whether the value was computed
   * @param waiting how many callers wait for the value
   * @param suspensions how many callers had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(boolean computed, int waiting, long suspensions, long remoteCalls)
      implements WaitStatistics {}

  /** Returns the state and the counters of this moment. */
  public Statistics statistics() {
    Mutex.Statistics lock = mutex.statistics();
    return new Statistics(isComputed(), lock.waiting(), lock.suspensions(), lock.remoteCalls());
  }
}
