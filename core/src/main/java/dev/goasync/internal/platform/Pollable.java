package dev.goasync.internal.platform;

import java.io.IOException;

/** What can be waited for without taking anything: bytes, room, a connection. */
public interface Pollable {
  /** Which operation would not wait. */
  enum Direction {
    /** A read, or an accept. */
    INPUT,
    /** A write. */
    OUTPUT
  }

  /** Whether the operation would not wait now, be it because it would fail; never waits itself. */
  boolean isReady(Direction direction) throws IOException;

  /** Waits until the operation would not. */
  void awaitReady(Direction direction) throws IOException;
}
