package dev.goasync.internal.nio.io;

import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.platform.Pollable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Waits of plain threads for a socket, each in a selector of its own: an interrupt wakes a selector
 * without closing the channel. A few idle selectors are kept for later waits.
 */
public final class ThreadSelector {
  private static final int IDLE_SLOTS = 16;
  private static final long NANOS_OF_MILLI = 1_000_000;
  private static final AtomicReferenceArray<@Nullable SharedSelector> IDLE =
      new AtomicReferenceArray<>(IDLE_SLOTS);

  private ThreadSelector() {}

  /** The registration of a socket in the selector of a thread that blocks. */
  static final class Registration extends SharedSelector.Registration {
    Registration(NioSocket socket, SharedSelector selector) throws ClosedChannelException {
      super(socket, selector);
    }

    @Override
    void socketClosed() {
      selector.wakeup();
    }
  }

  private static SharedSelector acquire(NioSocket socket) throws IOException {
    for (int i = 0; i < IDLE_SLOTS; i++) {
      SharedSelector idle = IDLE.get(i) == null ? null : IDLE.getAndSet(i, null);
      if (idle != null) {
        return idle;
      }
    }
    try {
      return new SharedSelector();
    } catch (IOException refused) {
      throw SocketErrors.naming(refused, socket);
    }
  }

  private static void release(SharedSelector selector) throws IOException {
    for (int i = 0; i < IDLE_SLOTS; i++) {
      if (IDLE.compareAndSet(i, null, selector)) {
        return;
      }
    }
    selector.close();
  }

  /**
   * Blocks until an operation is ready.
   *
   * @param timeoutNanos {@link Pollable.Timed#NO_TIMEOUT} for none
   * @throws SocketTimeoutException if the timeout expires
   * @throws AsynchronousCloseException if the socket is closed
   * @throws InterruptedIOException if the thread is interrupted; its interrupt status stays set
   */
  static void await(NioSocket socket, int operation, long timeoutNanos) throws IOException {
    long begun = timeoutNanos == Pollable.Timed.NO_TIMEOUT ? 0 : TimeSource.SYSTEM.nanoTime();
    long left = timeoutNanos;
    SharedSelector selector = acquire(socket);
    try {
      Registration registration = socket.register(selector);
      try {
        registration.key.interestOps(operation);
        while (selector.select(_ -> {}, millis(left)) == 0) {
          socket.checkOpenMeanwhile();
          if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while waiting for " + socket);
          }
          if (timeoutNanos != Pollable.Timed.NO_TIMEOUT) {
            left = timeoutNanos - (TimeSource.SYSTEM.nanoTime() - begun);
          }
          if (left <= 0) {
            throw new SocketTimeoutException("the timeout expired while waiting for " + socket);
          }
        }
      } catch (CancelledKeyException closed) {
        throw new AsynchronousCloseException();
      } finally {
        socket.remove(registration);
      }
    } finally {
      release(selector);
    }
    socket.checkOpenMeanwhile();
  }

  /** Converts to a selector's timeout: negative for none, and never 0, which means no wait. */
  private static long millis(long nanos) {
    return nanos == Pollable.Timed.NO_TIMEOUT ? -1 : 1 + (nanos - 1) / NANOS_OF_MILLI;
  }

  /** Whether an operation is ready. Does not wait. */
  public static boolean isReady(NioSocket socket, int operation) throws IOException {
    SharedSelector selector = acquire(socket);
    try {
      Registration registration = socket.register(selector);
      try {
        registration.key.interestOps(operation);
        return selector.select(_ -> {}, 0) > 0;
      } catch (CancelledKeyException closed) {
        throw new AsynchronousCloseException();
      } finally {
        socket.remove(registration);
      }
    } finally {
      release(selector);
    }
  }
}
