package dev.goasync;

import dev.goasync.internal.inspect.Diagnostics;
import dev.goasync.internal.task.Offload;
import dev.goasync.internal.util.ElasticPool;
import dev.goasync.internal.util.RuntimeCounters;
import dev.goasync.internal.worker.Workers;
import java.time.Duration;

/**
 * Counters of the library that belong to no loop: thread pools, TLS, child processes, long turns.
 *
 * <pre>{@code
 * RuntimeStatistics now = RuntimeStatistics.now();
 * System.out.println(now.offload().queued() + " calls of offload wait for a thread");
 * }</pre>
 *
 * <p>{@link EventLoop#statistics} has the counters of a loop. A component that counts events counts
 * from the start of the process.
 *
 * @param offload the threads of {@link GoAsync#offload}
 * @param files the threads for system calls that the backend can only make by blocking, such as
 *     most calls for files with epoll
 * @param handshakes the number of TLS handshakes that have succeeded
 * @param failedHandshakes the number of TLS handshakes that have failed; those that were cancelled
 *     or broken off by a closed connection are not counted
 * @param handshakeTime the sum of the durations of the successful handshakes, with their waits for
 *     the peer
 * @param processesStarted the number of child processes that were started
 * @param processesOpen the number of child processes that were started and not closed
 * @param longTurns how many times code has kept a loop for longer than {@code
 *     -Dgoasync.longTurnMillis}; 0 without that option
 * @param longestTurn the longest of these times; zero if there was none
 */
public record RuntimeStatistics(
    Pool offload,
    Pool files,
    long handshakes,
    long failedHandshakes,
    Duration handshakeTime,
    long processesStarted,
    long processesOpen,
    long longTurns,
    Duration longestTurn) {
  /**
   * Counters of a thread pool.
   *
   * @param maxThreads the maximum number of threads
   * @param threads the number of threads
   * @param busy the number of threads that run a call
   * @param queued the number of calls that wait for a thread
   * @param completed the number of calls that have ended
   */
  public record Pool(int maxThreads, int threads, int busy, int queued, long completed) {
    private static Pool of(ElasticPool.Statistics now) {
      return new Pool(now.maxThreads(), now.threads(), now.busy(), now.queued(), now.completed());
    }
  }

  /** Returns the counters of this moment. Any thread; the counters are read one after another. */
  public static RuntimeStatistics now() {
    long closed = RuntimeCounters.PROCESSES_CLOSED.sum(); // read first, so that none is negative
    long started = RuntimeCounters.PROCESSES_STARTED.sum();
    Diagnostics.LongTurns longTurns = Diagnostics.longTurns();
    return new RuntimeStatistics(
        Pool.of(Offload.statistics()),
        Pool.of(Workers.OF_IO.statistics()),
        RuntimeCounters.HANDSHAKES.sum(),
        RuntimeCounters.FAILED_HANDSHAKES.sum(),
        Duration.ofNanos(RuntimeCounters.HANDSHAKE_NANOS.sum()),
        started,
        started - closed,
        longTurns.count(),
        longTurns.longest());
  }
}
