package dev.goasync.internal.util;

import java.util.concurrent.atomic.LongAdder;

/** Counters of rare events of the whole process, such as TLS handshakes. Any thread. */
public final class RuntimeCounters {
  /** TLS handshakes that have succeeded. */
  public static final LongAdder HANDSHAKES = new LongAdder();

  /** The sum of the durations of these handshakes, in nanoseconds. */
  public static final LongAdder HANDSHAKE_NANOS = new LongAdder();

  /** TLS handshakes that have failed. */
  public static final LongAdder FAILED_HANDSHAKES = new LongAdder();

  /** Child processes that were started. */
  public static final LongAdder PROCESSES_STARTED = new LongAdder();

  /** Child processes that were closed. */
  public static final LongAdder PROCESSES_CLOSED = new LongAdder();

  private RuntimeCounters() {}
}
