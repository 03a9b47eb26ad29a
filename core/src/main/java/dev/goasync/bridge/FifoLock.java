package dev.goasync.bridge;

import dev.goasync.Task;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One at a time, in the order of arrival: a socket of {@code java.net} may be read, or written, by
 * several. Who waits for a turn pauses its coroutine, or blocks its thread; with a lock of the
 * JDK's it would stop its loop in portable mode.
 */
final class FifoLock {
  /** One who waits. */
  private static final class Place {
    final CompletableFuture<@Nullable Void> called = new CompletableFuture<>();
  }

  // Guarded by this; nobody waits inside.
  private boolean taken;
  private final Queue<Place> waiting = new ArrayDeque<>();

  /**
   * Waits for a turn, to be ended by {@link #end}.
   *
   * @throws CancellationException if cancelled meanwhile; then there is none
   */
  void begin() {
    Place place;
    synchronized (this) {
      if (!taken) {
        taken = true;
        return;
      }
      place = new Place();
      waiting.add(place);
    }
    boolean had = false;
    try {
      Task.from(place.called).await();
      had = true;
    } finally {
      if (!had) {
        giveUp(place);
      }
    }
  }

  private void giveUp(Place place) {
    boolean gone;
    synchronized (this) {
      gone = !waiting.remove(place);
    }
    if (gone) { // it was our turn already
      end();
    }
  }

  void end() {
    Place next;
    synchronized (this) {
      next = waiting.poll();
      taken = next != null;
    }
    if (next != null) {
      next.called.complete(null);
    }
  }
}
