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
 * Signals as they come, until the stream is closed.
 *
 * <pre>{@code
 * try (SignalStream signals = Signals.listen(Signal.HUP, Signal.WINCH)) {
 *   for (Signal signal : signals) {
 *     switch (signal) {
 *       case HUP -> readSettings();
 *       default -> redraw();
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>A signal that comes again before it was taken is taken once, as with the system's own. Every
 * stream gets each signal; of those who wait at one stream, one does.
 *
 * <p><b>Threads.</b> All methods may be called by any coroutine and any thread.
 */
public final class SignalStream implements AutoCloseable, Iterable<Signal> {
  private final Set<Signal> signals;
  private final Consumer<Signal> listener = this::arrived;
  private final SpinLock lock = new SpinLock();

  // Guarded by the lock.
  private final Queue<Signal> pending = new ArrayDeque<>();
  private boolean closed;

  /** Completed, and replaced, when a signal comes or the stream is closed. */
  private CompletableFuture<@Nullable Void> news = new CompletableFuture<>();

  SignalStream(Set<Signal> signals) {
    this.signals = signals;
    Listeners.add(signals, listener);
  }

  /** A thread of the JVM's. */
  private void arrived(Signal signal) {
    CompletableFuture<@Nullable Void> told = null;
    lock.lock();
    if (!closed && !pending.contains(signal)) {
      pending.add(signal);
      told = news;
      news = new CompletableFuture<>();
    }
    lock.unlock();
    if (told != null) {
      told.complete(null);
    }
  }

  /**
   * Waits for the next signal and takes it.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first;
   *     no signal is taken then
   * @throws IllegalStateException if the stream is closed, also meanwhile
   */
  public Signal take() {
    Signal taken = takeOrEnd();
    if (taken == null) {
      throw new IllegalStateException(this + " is closed");
    }
    return taken;
  }

  /** Returns null when the stream is closed. */
  private @Nullable Signal takeOrEnd() {
    GoAsync.checkCancelled();
    while (true) {
      CompletableFuture<@Nullable Void> next;
      lock.lock();
      Signal first = pending.poll();
      boolean over = closed;
      next = news;
      lock.unlock();
      if (first != null || over) {
        return over ? null : first;
      }
      Task.from(next).await();
    }
  }

  /** Takes the next signal if there is one, else returns null. Never waits. */
  public @Nullable Signal poll() {
    lock.lock();
    Signal first = closed ? null : pending.poll();
    lock.unlock();
    return first;
  }

  /** Whether there is a signal to take, to wait for it in a select. */
  public Readiness pending() {
    return new Readiness() {
      @Override
      public boolean isReady() {
        return nextNews() == null;
      }

      @Override
      public void await() {
        for (var next = nextNews(); next != null; next = nextNews()) {
          Task.from(next).await();
        }
      }

      @Override
      public String toString() {
        return "a signal of " + SignalStream.this;
      }
    };
  }

  /** What to wait for; null if {@link #take} would not wait. */
  private @Nullable CompletableFuture<@Nullable Void> nextNews() {
    lock.lock();
    CompletableFuture<@Nullable Void> next = closed || !pending.isEmpty() ? null : news;
    lock.unlock();
    return next;
  }

  /** Takes signal after signal, until the stream is closed; waits like {@link #take}. */
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
   * Ends the stream: who waits goes on. Signals that nobody listens for any more do what they did
   * before. Closing again does nothing.
   */
  @Override
  public void close() {
    lock.lock();
    boolean first = !closed;
    closed = true;
    pending.clear();
    CompletableFuture<@Nullable Void> told = news;
    lock.unlock();
    if (first) {
      Listeners.remove(signals, listener);
      told.complete(null);
    }
  }

  @Override
  public String toString() {
    return "stream of " + signals;
  }
}
