package dev.goasync.internal.nio.io;

import dev.goasync.internal.loop.Fiber;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;

/**
 * A socket's place in a loop's selector, with the coroutines that wait there. Owned by the loop.
 *
 * <p>Interest is set when somebody waits, and stays: most sockets are waited for again before the
 * next selection, which then costs no change. Only readiness that nobody waits for takes it back.
 * Of several who wait for the same, each selection lets one go on; what it leaves, the next
 * selection reports again.
 */
final class LoopRegistration extends Registration {
  private static final int INPUT = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;
  private static final int OUTPUT = SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;

  private final NioPoller poller;
  private final Waiters readers = new Waiters(this, INPUT);
  private final Waiters writers = new Waiters(this, OUTPUT);
  private int interest;

  LoopRegistration(NioSocket socket, NioPoller poller) throws ClosedChannelException {
    super(socket, poller.selector());
    this.poller = poller;
  }

  /** The current fiber waits; returns when the operation is ready. */
  void await(Fiber fiber, int operation) throws AsynchronousCloseException {
    Waiters waiters = (operation & INPUT) != 0 ? readers : writers;
    ReadinessWait wait = waiters.enter(fiber);
    try {
      socket.checkOpenMeanwhile(); // seen here, or the closer's message comes after
      want(operation);
      poller.waitIn(wait, fiber);
    } finally {
      waiters.leave(wait);
      if (operation == SelectionKey.OP_CONNECT) {
        renounce(operation); // a connected socket never reports it, and the selector would spin
      }
    }
    socket.checkOpenMeanwhile();
    if (wait.wasCancelled()) {
      throw fiber.cancellation();
    }
  }

  private void want(int operation) throws AsynchronousCloseException {
    if ((interest & operation) == 0) {
      interest |= operation;
      try {
        key.interestOps(interest);
      } catch (CancelledKeyException closed) {
        throw new AsynchronousCloseException();
      }
    }
  }

  private void renounce(int operations) {
    interest &= ~operations;
    try {
      key.interestOps(interest);
    } catch (CancelledKeyException closed) {
      // then the selector has forgotten it
    }
  }

  /** The loop's thread, in a selection. */
  void ready(int operations) {
    int unwanted = 0;
    if ((operations & INPUT) != 0 && !readers.finishFirst()) {
      unwanted |= INPUT;
    }
    if ((operations & OUTPUT) != 0 && !writers.finishFirst()) {
      unwanted |= OUTPUT;
    }
    if ((unwanted & interest) != 0) {
      renounce(unwanted);
    }
  }

  @Override
  void socketClosed() {
    poller
        .loop()
        .executeQuietly(
            () -> {
              readers.finishAll();
              writers.finishAll();
            });
  }
}
