package dev.goasync.inspect;

/**
 * A pool of threads for blocking calls.
 *
 * @param threads how many threads it has
 * @param busy how many of them run a call
 * @param queued how many calls wait for a thread
 * @param maxThreads how many threads it may have
 */
public record PoolDump(int threads, int busy, int queued, int maxThreads) {
  @Override
  public String toString() {
    return busy
        + " of at most "
        + maxThreads
        + " threads busy, "
        + (threads - busy)
        + " idle, "
        + queued
        + " calls queued";
  }
}
