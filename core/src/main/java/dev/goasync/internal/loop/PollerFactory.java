package dev.goasync.internal.loop;

import java.io.IOException;

/** Opens the poller of a loop when the loop first needs it. */
public interface PollerFactory {
  /**
   * Opens a poller for {@code loop}. Called at most once per loop, by its thread or by a fiber of
   * it; {@link Poller#poll} and {@link Poller#close} are called by the loop's thread alone.
   *
   * @throws UnsupportedOperationException if the system does not support this kind of I/O; the
   *     message has the reason and the remedy
   * @throws IOException if the system lacks descriptors or memory at the moment
   */
  Poller open(Loop loop) throws IOException;
}
