package dev.goasync.sync;

/**
 * The counters that the statistics of all primitives share. Each primitive's {@code statistics()}
 * returns a record that has these and its own; the values of one record are from one moment.
 *
 * <pre>{@code
 * Semaphore permits = new Semaphore(10);
 * Mutex lock = new Mutex();
 * for (WaitStatistics now : List.of(permits.statistics(), lock.statistics())) {
 *   System.out.println(now.waiting() + " waiting, " + now.suspensions() + " waits so far");
 * }
 * }</pre>
 */
public sealed interface WaitStatistics
    permits Barrier.Statistics,
        Channel.Statistics,
        Condition.Statistics,
        Event.Statistics,
        Mutex.Statistics,
        Once.Statistics,
        RateLimiter.Statistics,
        ReadWriteLock.Statistics,
        Semaphore.Statistics {
  /** How many callers wait now. */
  int waiting();

  /** How many operations had to wait, since the primitive was created. */
  long suspensions();

  /** How many operations came from outside the home loop, since the primitive was created. */
  long remoteCalls();
}
