package dev.goasync.internal.loop;

/**
 * The interface of a loop to its I/O backend: submits operations, reports completions, waits. Used
 * by the loop's thread, or by a fiber of the loop while it runs, except for {@link #wakeup}.
 */
public interface Poller extends AutoCloseable {
  /** A timeout that never expires. */
  long FOREVER = Long.MAX_VALUE;

  /**
   * Submits all queued operations and finishes the waits of those that completed. If none has
   * completed, waits for a completion, for {@link #wakeup} or for the timeout; may return early.
   * Runs no fiber.
   *
   * @param timeoutNanos 0 to return without waiting, {@link #FOREVER} for no limit
   */
  void poll(long timeoutNanos);

  /** Makes the current or the next waiting {@link #poll} return. Any thread. */
  void wakeup();

  /** The number of operations that the kernel or a worker thread will complete by itself. */
  int inFlight();

  /** Releases the resources of the poller. No operation is in flight. */
  @Override
  void close();
}
