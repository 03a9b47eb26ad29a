package dev.goasync.internal.linux.io;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * Runs an action when the current thread is interrupted. The JDK offers this hook to channels only,
 * so this class extends one. After an interrupt the object cannot be used again.
 */
final class InterruptWatch extends AbstractInterruptibleChannel {
  private final Runnable onInterrupt;

  InterruptWatch(Runnable onInterrupt) {
    this.onInterrupt = onInterrupt;
  }

  /** Starts watching the current thread; runs the action at once if it is interrupted already. */
  void start() {
    begin();
  }

  /** Ends the watch; returns whether the thread was interrupted before or since {@link #start}. */
  boolean stop() {
    try {
      end(true);
      return false;
    } catch (AsynchronousCloseException interrupted) {
      return true;
    }
  }

  @Override
  protected void implCloseChannel() {
    onInterrupt.run();
  }
}
