package dev.goasync.reactive;

import dev.goasync.EventLoop;
import org.reactivestreams.tck.TestEnvironment;

/** The loop and the time limits of the TCK's tests. */
final class TckLoop {
  static final EventLoop LOOP = EventLoop.start("tck");

  private static final long TIMEOUT_MILLIS = 1000;

  /** How long the TCK waits to see that nothing happens. */
  private static final long QUIET_MILLIS = 50;

  private TckLoop() {}

  static TestEnvironment environment() {
    return new TestEnvironment(TIMEOUT_MILLIS, QUIET_MILLIS);
  }
}
