package dev.goasync.internal.loop;

/**
 * What a loop needs from a backend: hand in what is queued, report what has happened, wait. Used on
 * the loop's thread, or by a fiber of the loop while it runs, but for {@link #wakeup}.
 */
public interface Poller extends AutoCloseable {
  /** A wait without end. */
  long FOREVER = Long.MAX_VALUE;

  /**
   * Submits all queued operations, ends the waits of those that completed, and if there was none
   * waits for one, for {@link #wakeup}, or for the time to pass; may return early. Runs no fiber.
   *
   * @param timeoutNanos 0 for a look without waiting, {@link #FOREVER} for no limit
   */
  void poll(long timeoutNanos);

  /** Makes the current or the next waiting {@link #poll} return. Any thread. */
  void wakeup();

  /** How many operations are with the kernel or a helper thread and will end by themselves. */
  int inFlight();

  /** Frees what the poller holds. No operation is in flight. */
  @Override
  void close();
}
