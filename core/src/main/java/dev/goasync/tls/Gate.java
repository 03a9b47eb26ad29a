package dev.goasync.tls;

import dev.goasync.Task;
import java.io.InterruptedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets one in at a time: coroutines of any loop, and plain threads. A {@link
 * dev.goasync.sync.Mutex} has a home loop, which a stream of plain threads has not; a lock of the
 * JDK would block the loop of a coroutine in portable mode. Not reentrant, and seldom contended.
 */
final class Gate {
  private static final Object ALONE = new Object();

  /** Null if nobody is inside; else {@link #ALONE}, or the future that those outside wait for. */
  private final AtomicReference<@Nullable Object> inside = new AtomicReference<>();

  /** Enters if nobody is inside. */
  boolean tryEnter() {
    return inside.compareAndSet(null, ALONE);
  }

  /**
   * Waits until nobody is inside, and enters.
   *
   * @throws CancellationException if the coroutine is cancelled while it waits
   * @throws InterruptedIOException if the plain thread is interrupted while it waits
   */
  void enter() throws InterruptedIOException {
    while (!tryEnter()) {
      Object seen = inside.get();
      if (seen == ALONE) {
        seen = new CompletableFuture<@Nullable Void>();
        if (!inside.compareAndSet(ALONE, seen)) {
          continue;
        }
      }
      if (seen instanceof CompletableFuture<?> end) {
        Failures.await(Task.from(end)::await);
      }
    }
  }

  void leave() {
    if (inside.getAndSet(null) instanceof CompletableFuture<?> end) {
      end.complete(null);
    }
  }
}
