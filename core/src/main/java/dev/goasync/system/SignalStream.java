package dev.goasync.system;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.internal.util.SpinLock;
import dev.goasync.io.Readiness;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stream of the signals that this process receives, from {@link Signals#listen} until {@link
 * #close}.
 *
 * <pre>{@code
 * try (SignalStream signals = Signals.listen(Signal.HUP, Signal.WINCH)) {
 *   for (Signal signal : signals) {
 *     switch (signal) {
 *       case HUP -> System.out.println("reload the configuration");
 *       default -> System.out.println("redraw");
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>A signal that arrives again before it was taken is delivered once, as the system itself does
 * it. Every stream gets each signal; of several callers that wait at one stream, one gets it.
 *
 * <p><b>Threads.</b> Any coroutine and any thread may call all methods.
 */
public final class SignalStream implements AutoCloseable, Iterable<Signal> {
  private final Set<Signal> signals;
  private final Consumer<Signal> listener = this::arrived;
  private final SpinLock lock = new SpinLock();

  // Guarded by the lock.
  private final Queue<Signal> pending = new ArrayDeque<>();
  private boolean closed;

  /** Completed, and replaced, when a signal arrives or the stream is closed. */
  private CompletableFuture<@Nullable Void> change = new CompletableFuture<>();

  SignalStream(Set<Signal> signals) {
    this.signals = signals;
    SignalListeners.add(signals, listener);
  }

  /** Called on a thread of the JVM. */
  private void arrived(Signal signal) {
    CompletableFuture<@Nullable Void> waiters = null;
    lock.lock();
    if (!closed && !pending.contains(signal)) {
      pending.add(signal);
      waiters = change;
      change = new CompletableFuture<>();
    }
    lock.unlock();
    if (waiters != null) {
      waiters.complete(null);
    }
  }

  /**
   * Waits for the next signal and removes it from the stream.
   *
   * @throws CancellationException if the coroutine is cancelled or the thread interrupted first; no
   *     signal is removed then
   * @throws IllegalStateException if the stream is closed before or during the wait
   */
  public Signal take() {
    Signal taken = takeOrEnd();
    if (taken == null) {
      throw new IllegalStateException(this + " is closed");
    }
    return taken;
  }

  /** Waits for the next signal; returns null when the stream is closed. */
  private @Nullable Signal takeOrEnd() {
    GoAsync.checkCancelled();
    while (true) {
      CompletableFuture<@Nullable Void> next;
      lock.lock();
      Signal first = pending.poll();
      boolean over = closed;
      next = change;
      lock.unlock();
      if (first != null || over) {
        return over ? null : first;
      }
      Task.from(next).await();
    }
  }

  /** Removes and returns the next signal, or returns null if there is none. Never waits. */
  public @Nullable Signal poll() {
    lock.lock();
    Signal first = closed ? null : pending.poll();
    lock.unlock();
    return first;
  }

  /**
   * Returns the readiness of the stream, for a {@link dev.goasync.sync.Select}: ready when a signal
   * can be taken or the stream is closed.
   */
  public Readiness pending() {
    return new Readiness() {
      @Override
      public boolean isReady() {
        return nextChange() == null;
      }

      @Override
      public void await() {
        for (var next = nextChange(); next != null; next = nextChange()) {
          Task.from(next).await();
        }
      }

      @Override
      public String toString() {
        return "a signal of " + SignalStream.this;
      }
    };
  }

  /** The future to wait for; null if {@link #take} would not wait. */
  private @Nullable CompletableFuture<@Nullable Void> nextChange() {
    lock.lock();
    CompletableFuture<@Nullable Void> next = closed || !pending.isEmpty() ? null : change;
    lock.unlock();
    return next;
  }

  /**
   * Iterates over the signals until the stream is closed. {@code hasNext} waits as {@link #take}
   * does.
   */
  @Override
  public Iterator<Signal> iterator() {
    return new Iterator<>() {
      private @Nullable Signal next;

      @Override
      public boolean hasNext() {
        if (next == null) {
          next = takeOrEnd();
        }
        return next != null;
      }

      @Override
      public Signal next() {
        Signal taken = hasNext() ? next : null;
        if (taken == null) {
          throw new NoSuchElementException(SignalStream.this + " is closed");
        }
        next = null;
        return taken;
      }
    };
  }

  /**
   * Closes the stream and wakes all waiting callers. Signals without another listener have their
   * previous action again. A second call does nothing.
   */
  @Override
  public void close() {
    lock.lock();
    boolean first = !closed;
    closed = true;
    pending.clear();
    CompletableFuture<@Nullable Void> waiters = change;
    lock.unlock();
    if (first) {
      SignalListeners.remove(signals, listener);
      waiters.complete(null);
    }
  }

  @Override
  public String toString() {
    return "stream of " + signals;
  }
}
