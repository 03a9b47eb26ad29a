package dev.goasync.sync;

import dev.goasync.Body;
import dev.goasync.EventLoop;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made when it is first asked for, and once, also if the making waits.
 *
 * <pre>{@code
 * Once<Connection, IOException> connection = new Once<>(() -> Connection.open(address));
 * connection.get().writeAll(request);
 * }</pre>
 *
 * <p>The first to ask makes the value; who asks meanwhile waits, in the order of arrival. If the
 * making fails, or is cancelled, that one gets the exception and the next one tries again. What was
 * done while making the value is visible to all who get it; asking for a value that is there costs
 * one volatile read, on any thread. The {@linkplain dev.goasync.sync package's description} says
 * what else holds.
 *
 * @param <T> the type of the value
 * @param <X> what the making may throw
 */
public final class Once<T extends @Nullable Object, X extends Exception> {
  private final Mutex mutex;
  private final Body<T, X> body;
  private volatile @Nullable Made<T> made;

  private record Made<T extends @Nullable Object>(T value) {}

  /** A value that {@code body} makes; callers meet on the current loop. */
  public Once(Body<T, X> body) {
    this(EventLoop.currentOrDefault(), body);
  }

  /** Like {@link #Once(Body)}, with a home loop that is given. */
  public Once(EventLoop home, Body<T, X> body) {
    this.mutex = new Mutex(home);
    this.body = Objects.requireNonNull(body, "body");
  }

  /**
   * The value; makes it, or waits until it is made.
   *
   * @throws X what the body throws, to the caller that made it run
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalStateException if the body asks for its own value
   */
  public T get() throws X {
    Made<T> ready = made;
    if (ready == null) {
      ready = mutex.<Made<T>, X>withLock(this::make);
    }
    return ready.value;
  }

  private Made<T> make() throws X {
    Made<T> ready = made;
    if (ready == null) {
      ready = new Made<>(body.call());
      made = ready;
    }
    return ready;
  }

  /** Whether the value is there. */
  public boolean isMade() {
    return made != null;
  }

  /**
   * A moment's figures.
   *
   * @param made whether the value is there
   * @param waiting how many wait for it now
   * @param waits how many had to wait
   * @param remoteCalls how many operations came from outside the home loop
   */
  public record Statistics(boolean made, int waiting, long waits, long remoteCalls) {}

  /** A moment's figures. */
  public Statistics statistics() {
    Mutex.Statistics lock = mutex.statistics();
    return new Statistics(isMade(), lock.waiting(), lock.waits(), lock.remoteCalls());
  }
}
