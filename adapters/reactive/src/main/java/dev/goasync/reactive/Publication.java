package dev.goasync.reactive;

import dev.goasync.EventLoop;
import dev.goasync.Task;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One subscription to the publisher of a body.
 *
 * <p>Its coroutine makes all calls of the subscriber, so they never overlap: {@code onSubscribe},
 * {@code onNext} as long as values are requested, and the end. {@link #request} and {@link #cancel}
 * may be called by any thread, also by the subscriber's methods; they change numbers, wake the
 * coroutine, and never call the subscriber. The subscriber is forgotten at the end.
 */
final class Publication<T> implements Flow.Subscription, Emitter<T> {
  private final PublisherBody<T> body;

  /** Used by the coroutine; null after the end. */
  private Flow.@Nullable Subscriber<? super T> subscriber;

  private boolean begun;
  private boolean subscriberFailed;

  // Guarded by this.
  private long requested;
  private boolean cancelled;
  private @Nullable IllegalArgumentException badRequest;
  private @Nullable CompletableFuture<@Nullable Void> waiting;
  private @Nullable Task<?> task;

  Publication(Flow.Subscriber<? super T> subscriber, PublisherBody<T> body) {
    this.subscriber = subscriber;
    this.body = body;
  }

  /** Starts the coroutine, or fails the subscription if the loop is closed. */
  void start(EventLoop loop) {
    Task<@Nullable Void> started;
    try {
      started = loop.goAsync("publisher", this::run);
    } catch (RejectedExecutionException closed) {
      fail(closed);
      return;
    }
    synchronized (this) {
      task = cancelled || badRequest != null ? null : started;
    }
    if (isEnding()) {
      started.cancel("its subscription was cancelled");
    }
    started.onCompletion(ended -> {
      if (!begun) {
        fail(Objects.requireNonNull(ended.failure()));
      }
    });
  }

  private void fail(Throwable failure) {
    Flow.Subscriber<? super T> target = Objects.requireNonNull(subscriber);
    subscriber = null;
    target.onSubscribe(this);
    target.onError(failure);
  }

  // ---- the coroutine ----

  private void run() throws Exception {
    begun = true;
    Flow.Subscriber<? super T> target = Objects.requireNonNull(subscriber);
    try {
      signal(() -> target.onSubscribe(this));
      body.run(this);
      if (!isEnding()) {
        signal(target::onComplete);
      }
    } catch (Throwable failure) {
      failed(target, failure);
    } finally {
      subscriber = null;
      synchronized (this) {
        task = null;
      }
    }
  }

  private void failed(Flow.Subscriber<? super T> target, Throwable failure) throws Exception {
    if (subscriberFailed || failure instanceof VirtualMachineError) {
      throwAsIs(failure);
    }
    IllegalArgumentException bad = badRequest();
    if (bad != null) {
      signal(() -> target.onError(bad));
    } else if (!isCancelled()) {
      signal(() -> target.onError(failure));
    } else if (!(failure instanceof CancellationException)) {
      throwAsIs(failure); // there is no subscriber to get it
    }
  }

  private static void throwAsIs(Throwable failure) throws Exception {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (Exception) failure;
  }

  /** Calls the subscriber. What it throws ends the coroutine, and is logged as unobserved. */
  private void signal(Runnable call) {
    try {
      call.run();
    } catch (Throwable broken) {
      subscriberFailed = true;
      throw broken;
    }
  }

  @Override
  public void emit(T value) {
    Objects.requireNonNull(value, "value");
    awaitRequest();
    Flow.Subscriber<? super T> target = subscriber;
    if (target == null) {
      throw new IllegalStateException("the subscription has ended; call emit in its coroutine");
    }
    synchronized (this) {
      if (requested != Long.MAX_VALUE) {
        requested--;
      }
    }
    signal(() -> target.onNext(value));
  }

  @Override
  public void awaitRequest() {
    for (CompletableFuture<@Nullable Void> wait; (wait = toWaitFor()) != null; ) {
      var _ = Task.from(wait).await();
    }
  }

  /** Returns null if a value is requested. */
  private synchronized @Nullable CompletableFuture<@Nullable Void> toWaitFor() {
    if (cancelled || badRequest != null) {
      throw new CancellationException("the subscription was cancelled");
    }
    if (requested > 0) {
      return null;
    }
    CompletableFuture<@Nullable Void> wait = new CompletableFuture<>();
    waiting = wait;
    return wait;
  }

  // ---- any thread ----

  @Override
  public void request(long n) {
    CompletableFuture<@Nullable Void> woken;
    synchronized (this) {
      if (n <= 0) {
        if (badRequest == null && !cancelled) {
          badRequest = new IllegalArgumentException("n must be positive (rule 3.9): " + n);
        }
      } else {
        requested = requested + n < 0 ? Long.MAX_VALUE : requested + n;
      }
      woken = waiting;
      waiting = null;
    }
    if (n <= 0) {
      cancelCoroutine();
    }
    if (woken != null) {
      woken.complete(null);
    }
  }

  @Override
  public void cancel() {
    synchronized (this) {
      cancelled = true;
    }
    cancelCoroutine();
  }

  /** A coroutine that cancels itself goes on until it emits or ends. */
  private void cancelCoroutine() {
    Task<?> running;
    synchronized (this) {
      running = task;
      task = null;
    }
    if (running != null) {
      var _ = running.cancel("its subscription was cancelled");
    }
  }

  private synchronized boolean isCancelled() {
    return cancelled;
  }

  private synchronized @Nullable IllegalArgumentException badRequest() {
    return badRequest;
  }

  private boolean isEnding() {
    return isCancelled() || badRequest() != null;
  }
}
