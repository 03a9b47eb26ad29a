package dev.goasync.internal.nio.io;

import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.platform.Pollable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * How a plain thread waits for a socket: in a selector of its own, which an interrupt wakes without
 * harm to the channel. A few idle selectors are kept for the next.
 */
public final class ThreadSelector {
  private static final int IDLE_SLOTS = 16;
  private static final long NANOS_OF_MILLI = 1_000_000;
  private static final AtomicReferenceArray<@Nullable SharedSelector> IDLE =
      new AtomicReferenceArray<>(IDLE_SLOTS);

  private ThreadSelector() {}

  private static SharedSelector borrow(NioSocket socket) throws IOException {
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
   * @param limitNanos {@link Pollable.Timed#NO_TIMEOUT} for none
   * @throws SocketTimeoutException if that time is over
   * @throws AsynchronousCloseException if the socket is closed
   * @throws InterruptedIOException if the thread is interrupted, and it stays so
   */
  static void await(NioSocket socket, int operation, long limitNanos) throws IOException {
    long begun = limitNanos == Pollable.Timed.NO_TIMEOUT ? 0 : TimeSource.SYSTEM.nanoTime();
    long left = limitNanos;
    SharedSelector selector = borrow(socket);
    try {
      ThreadRegistration place = socket.register(selector);
      try {
        place.key.interestOps(operation);
        while (selector.select(_ -> {}, millis(left)) == 0) {
          socket.checkOpenMeanwhile();
          if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while waiting for " + socket);
          }
          if (limitNanos != Pollable.Timed.NO_TIMEOUT) {
            left = limitNanos - (TimeSource.SYSTEM.nanoTime() - begun);
          }
          if (left <= 0) {
            throw new SocketTimeoutException("the time to wait for " + socket + " is over");
          }
        }
      } catch (CancelledKeyException closed) {
        throw new AsynchronousCloseException();
      } finally {
        socket.withdraw(place);
      }
    } finally {
      release(selector);
    }
    socket.checkOpenMeanwhile();
  }

  /** As a selector wants it: negative for no limit, and never 0, which would be none either. */
  private static long millis(long nanos) {
    return nanos == Pollable.Timed.NO_TIMEOUT ? -1 : 1 + (nanos - 1) / NANOS_OF_MILLI;
  }

  /** Whether an operation is ready now. */
  public static boolean isReady(NioSocket socket, int operation) throws IOException {
    SharedSelector selector = borrow(socket);
    try {
      ThreadRegistration place = socket.register(selector);
      try {
        place.key.interestOps(operation);
        return selector.select(_ -> {}, 0) > 0;
      } catch (CancelledKeyException closed) {
        throw new AsynchronousCloseException();
      } finally {
        socket.withdraw(place);
      }
    } finally {
      release(selector);
    }
  }
}
