package dev.goasync.reactive;

import dev.goasync.Task;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The values of a publisher, to be iterated over; {@link Publishers#subscribe} returns it.
 *
 * <p>A wait for the next value pauses a coroutine and blocks a plain thread. The subscription
 * requests as many values as may be buffered, and more when three quarters of them were taken.
 *
 * <p><b>Errors.</b> An error of the publisher is thrown after the values that came before it, as a
 * {@link PublisherFailedException}.
 *
 * <p><b>Cancellation.</b> A cancel of the caller ends its wait; close the subscription then, such
 * as by try-with-resources.
 *
 * <p><b>Threads.</b> One caller at a time takes values; {@link #close} may be called by any.
 *
 * @param <T> the type of the values
 */
public final class Subscribed<T> implements Iterable<T>, AutoCloseable {
  private final int maxBuffered;
  private final int batch;
  private final Subscriber subscriber = new Subscriber();

  // Guarded by this.
  private final Queue<T> values = new ArrayDeque<>();
  private Flow.@Nullable Subscription subscription;
  private boolean ended;
  private boolean closed;
  private @Nullable Throwable failure;
  private @Nullable CompletableFuture<@Nullable Void> waiting;
  private int taken;

  Subscribed(int maxBuffered) {
    if (maxBuffered < 1) {
      throw new IllegalArgumentException("maxBuffered must be positive: " + maxBuffered);
    }
    this.maxBuffered = maxBuffered;
    this.batch = maxBuffered - maxBuffered / 4;
  }

  Flow.Subscriber<T> subscriber() {
    return subscriber;
  }

  /**
   * Waits for the next value.
   *
   * @return null at the end
   * @throws PublisherFailedException if the publisher failed
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalStateException if the subscription was closed
   */
  public @Nullable T next() {
    while (true) {
      T value;
      CompletableFuture<@Nullable Void> wait = null;
      Flow.Subscription toRequest = null;
      synchronized (this) {
        if (closed) {
          throw new IllegalStateException("the subscription was closed");
        }
        value = values.poll();
        if (value != null) {
          if (++taken == batch && !ended) {
            taken = 0;
            toRequest = subscription;
          }
        } else if (failure != null) {
          throw new PublisherFailedException(failure);
        } else if (ended) {
          return null;
        } else {
          wait = new CompletableFuture<>();
          waiting = wait;
        }
      }
      if (toRequest != null) {
        toRequest.request(batch);
      }
      if (value != null) {
        return value;
      }
      if (wait != null) {
        var _ = Task.from(wait).await();
      }
    }
  }

  /** Returns an iterator over the values that come from now on; each value is returned once. */
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private @Nullable T ahead;

      @Override
      public boolean hasNext() {
        if (ahead == null) {
          ahead = Subscribed.this.next();
        }
        return ahead != null;
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException("the publisher has completed");
        }
        T value = Objects.requireNonNull(ahead);
        ahead = null;
        return value;
      }
    };
  }

  /** Cancels the subscription unless it has ended, and drops the values that were not taken. */
  @Override
  public void close() {
    Flow.Subscription toCancel;
    synchronized (this) {
      toCancel = ended || closed ? null : subscription;
      closed = true;
      values.clear();
    }
    wake();
    if (toCancel != null) {
      toCancel.cancel();
    }
  }

  private void wake() {
    CompletableFuture<@Nullable Void> woken;
    synchronized (this) {
      woken = waiting;
      waiting = null;
    }
    if (woken != null) {
      woken.complete(null);
    }
  }

  /** Called by the publisher, on any thread, one call at a time. */
  private final class Subscriber implements Flow.Subscriber<T> {
    @Override
    public void onSubscribe(Flow.Subscription begun) {
      Objects.requireNonNull(begun, "subscription");
      boolean isWanted;
      synchronized (Subscribed.this) {
        isWanted = subscription == null && !closed;
        if (isWanted) {
          subscription = begun;
        }
      }
      if (isWanted) {
        begun.request(maxBuffered);
      } else {
        begun.cancel();
      }
    }

    @Override
    public void onNext(T value) {
      Objects.requireNonNull(value, "value");
      synchronized (Subscribed.this) {
        if (!closed) {
          values.add(value);
        }
      }
      wake();
    }

    @Override
    public void onError(Throwable thrown) {
      Objects.requireNonNull(thrown, "thrown");
      synchronized (Subscribed.this) {
        failure = thrown;
        ended = true;
      }
      wake();
    }

    @Override
    public void onComplete() {
      synchronized (Subscribed.this) {
        ended = true;
      }
      wake();
    }
  }
}
