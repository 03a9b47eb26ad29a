package dev.goasync.internal.platform;

import dev.goasync.internal.loop.Poller;
import java.io.Closeable;
import java.io.IOException;

/** A resource whose readiness can be awaited without consuming bytes, room or a connection. */
public interface Pollable {
  /** The operation whose readiness is meant. */
  enum Direction {
    /** A read, or an accept. */
    INPUT,
    /** A write. */
    OUTPUT,
    /**
     * The end of a connection: a failure such as a reset, or the ends of both directions. Only for
     * connected stream sockets.
     */
    HANG_UP
  }

  /**
   * Whether the operation would return at once, with a result or an error. Does not wait itself.
   */
  boolean isReady(Direction direction) throws IOException;

  /** Waits until the operation would return at once. */
  void awaitReady(Direction direction) throws IOException;

  /** A pollable socket, for which a plain thread too can wait with a timeout. */
  interface Timed extends Pollable {
    /** The timeout of {@link #awaitReady(Direction, long)} that never expires. */
    long NO_TIMEOUT = Poller.FOREVER;

    @Override
    default void awaitReady(Direction direction) throws IOException {
      awaitReady(direction, NO_TIMEOUT);
    }

    /**
     * Waits until the operation would return at once.
     *
     * @param threadTimeoutNanos the longest wait of a plain thread; the waits of a coroutine are
     *     limited by its scopes
     * @throws java.net.SocketTimeoutException if the timeout expires first
     */
    void awaitReady(Direction direction, long threadTimeoutNanos) throws IOException;
  }

  /** A pollable resource that another library owns. */
  interface Handle extends Closeable, Pollable {
    /** Whether the resource has that direction. */
    boolean has(Direction direction);

    /**
     * Ends the use of the resource, which stays open. Waits that are under way throw
     * AsynchronousCloseException.
     */
    @Override
    void close() throws IOException;
  }
}
