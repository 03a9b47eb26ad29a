package dev.goasync.internal.loop;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A lock for coroutines of any loop and for plain threads, granted in the order of arrival. Not
 * reentrant.
 *
 * <p>A waiting coroutine pauses and a waiting thread blocks. A lock of the JDK would block the loop
 * of a coroutine in portable mode, and a {@code Mutex} needs a home loop.
 */
public final class FifoLock {
  /** What a thread dump and an exception call the wait. */
  private final String name;

  // Guarded by this monitor, in which no caller waits.
  private boolean held;
  private final Queue<CompletableFuture<@Nullable Void>> waiting = new ArrayDeque<>();

  /**
   * @param name what callers wait for, such as "the end of another write"
   */
  public FifoLock(String name) {
    this.name = name;
  }

  /** Acquires the lock if it is free; never waits. */
  public synchronized boolean tryAcquire() {
    if (held) {
      return false;
    }
    held = true;
    return true;
  }

  /** Returns whether a caller holds the lock at this moment. */
  public synchronized boolean isHeld() {
    return held;
  }

  /**
   * Waits for the lock. A free lock is acquired even if the coroutine is cancelled or the thread
   * interrupted.
   *
   * @throws CancellationException if the coroutine is cancelled while it waits
   * @throws java.io.InterruptedIOException if the plain thread is interrupted while it waits
   */
  public void acquire() throws IOException {
    CompletableFuture<@Nullable Void> granted;
    synchronized (this) {
      if (tryAcquire()) {
        return;
      }
      granted = new CompletableFuture<>();
      waiting.add(granted);
    }
    boolean acquired = false;
    try {
      var _ = FutureWait.await(granted, Poller.FOREVER, name);
      acquired = true;
    } finally {
      if (!acquired) {
        abandon(granted);
      }
    }
  }

  /** Leaves the queue, or passes the lock on if it was granted in the meantime. */
  private void abandon(CompletableFuture<@Nullable Void> granted) {
    boolean wasGranted;
    synchronized (this) {
      wasGranted = !waiting.removeIf(each -> each == granted);
    }
    if (wasGranted) {
      release();
    }
  }

  /** Releases the lock, or passes it to the caller that has waited longest. */
  public void release() {
    CompletableFuture<@Nullable Void> next;
    synchronized (this) {
      next = waiting.poll();
      held = next != null;
    }
    if (next != null) {
      next.complete(null);
    }
  }
}
