package dev.goasync.internal.linux.io;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * Runs an action when the current thread is interrupted. The JDK offers that hook to channels only,
 * so this poses as one; it serves until the first interrupt.
 */
final class InterruptWatch extends AbstractInterruptibleChannel {
  private final Runnable onInterrupt;

  InterruptWatch(Runnable onInterrupt) {
    this.onInterrupt = onInterrupt;
  }

  /** Runs the action, at once if the thread is interrupted already. */
  void start() {
    begin();
  }

  /** Returns whether the thread was interrupted since {@link #start}, or before. */
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
