package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;

/** What is waited for and belongs to somebody else. */
public interface PollableHandle extends Closeable, Pollable {
  /** Whether it can be waited for in that direction. */
  boolean has(Direction direction);

  /** Ends our use; waits under way elsewhere end with AsynchronousCloseException. */
  @Override
  void close() throws IOException;
}
