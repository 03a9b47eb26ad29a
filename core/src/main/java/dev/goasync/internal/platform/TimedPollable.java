package dev.goasync.internal.platform;

import dev.goasync.internal.loop.Poller;
import java.io.IOException;

/** A socket: what a plain thread, too, can wait for with a limit of time. */
public interface TimedPollable extends Pollable {
  /** Of {@link #awaitReady(Direction, long)}: without end. */
  long NO_LIMIT = Poller.FOREVER;

  @Override
  default void awaitReady(Direction direction) throws IOException {
    awaitReady(direction, NO_LIMIT);
  }

  /**
   * Waits until the operation would not.
   *
   * @param threadLimitNanos how long a plain thread waits; a coroutine's waits are limited by its
   *     scopes
   * @throws java.net.SocketTimeoutException if that time is over
   */
  void awaitReady(Direction direction, long threadLimitNanos) throws IOException;
}
