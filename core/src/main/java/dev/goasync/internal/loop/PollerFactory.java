package dev.goasync.internal.loop;

import java.io.IOException;

/** Makes the poller of a loop, at the loop's first need of it. */
public interface PollerFactory {
  /**
   * Opens a poller for {@code loop}. Called at most once a loop, by its thread or by a fiber of it;
   * {@link Poller#poll} and {@link Poller#close} are called by the loop's thread alone.
   *
   * @throws UnsupportedOperationException if this machine cannot do I/O so, saying why and what to
   *     do
   * @throws IOException if it cannot now, for want of descriptors or memory
   */
  Poller open(Loop loop) throws IOException;
}
