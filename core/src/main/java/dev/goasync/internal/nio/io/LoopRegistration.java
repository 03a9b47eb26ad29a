package dev.goasync.internal.nio.io;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.loop.WaitDetails;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The registration of a socket in a loop's selector, with the waits of the loop's coroutines. Owned
 * by the loop.
 *
 * <p><b>Interest.</b> A wait sets the interest in its operation, and the interest stays: most
 * sockets are waited for again before the next selection, which then costs no change. Readiness
 * that no coroutine waits for clears it.
 *
 * <p><b>Life of a wait</b>, and the thread that makes the transition:
 *
 * <pre>
 * IDLE      reused by the next wait in this direction
 *   | {@link #await}: joins the waiters, sets the interest and pauses: the loop's current fiber
 * WAITING   the first of the waiters is finished by each selection that finds the socket ready: the
 *           loop's thread. What it leaves unread, the next selection reports to the next waiter
 *   | ready: the fiber makes another attempt of its operation
 *   | cancelled: the fiber's cancel removes the wait
 *   | closed: {@link #socketClosed}, on any thread, sends a message to the loop, which finishes all
 * IDLE
 * </pre>
 */
final class LoopRegistration extends SharedSelector.Registration {
  private static final int INPUT = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;
  private static final int OUTPUT = SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;

  private final NioPoller poller;
  private final Waiters readers = new Waiters(INPUT);
  private final Waiters writers = new Waiters(OUTPUT);
  private int interest;

  LoopRegistration(NioSocket socket, NioPoller poller) throws ClosedChannelException {
    super(socket, poller.selector());
    this.poller = poller;
  }

  /** Pauses the current fiber until the operation is ready. */
  void await(Fiber fiber, int operation) throws AsynchronousCloseException {
    Waiters waiters = (operation & INPUT) != 0 ? readers : writers;
    ReadinessWait wait = waiters.enter(fiber);
    try {
      socket.checkOpenMeanwhile(); // a later close sends a message that finds this wait
      addInterest(operation);
      poller.waitIn(wait, fiber);
    } finally {
      waiters.leave(wait);
      if (operation == SelectionKey.OP_CONNECT) {
        // A connected socket never reports it, and the selector would spin.
        selector.enter();
        removeInterest(operation);
        selector.leave();
      }
    }
    if (wait.wasCancelled()) {
      throw fiber.cancellation();
    }
    socket.checkOpenMeanwhile();
  }

  private void addInterest(int operation) throws AsynchronousCloseException {
    if ((interest & operation) == 0) {
      interest |= operation;
      selector.enter();
      try {
        key.interestOps(interest);
      } catch (CancelledKeyException closed) {
        throw new AsynchronousCloseException();
      } finally {
        selector.leave();
      }
    }
  }

  private void removeInterest(int operations) {
    interest &= ~operations;
    try {
      key.interestOps(interest);
    } catch (CancelledKeyException closed) {
      // the selector has dropped the key
    }
  }

  /** Processes readiness that a selection found. The loop's thread. */
  void ready(int operations) {
    int unwanted = 0;
    if ((operations & INPUT) != 0 && !readers.finishFirst()) {
      unwanted |= INPUT;
    }
    if ((operations & OUTPUT) != 0 && !writers.finishFirst()) {
      unwanted |= OUTPUT;
    }
    if ((unwanted & interest) != 0) {
      removeInterest(unwanted);
    }
  }

  @Override
  void socketClosed() {
    poller
        .loop()
        .executeQuietly(() -> {
          readers.finishAll();
          writers.finishAll();
        });
  }

  /** The coroutines that wait for one direction, in order. */
  private final class Waiters {
    private final int direction;

    /** A wait for reuse. */
    private @Nullable ReadinessWait idle;

    /** The only wait; most of the time there is at most one. */
    private @Nullable ReadinessWait only;

    private @Nullable ArrayDeque<ReadinessWait> more;

    Waiters(int direction) {
      this.direction = direction;
    }

    /** Adds a wait of the fiber; paired with {@link #leave}. */
    ReadinessWait enter(Fiber fiber) {
      ReadinessWait wait = idle;
      idle = null;
      if (wait == null) {
        wait = new ReadinessWait(this);
      }
      wait.begin(fiber);
      if (only == null && (more == null || more.isEmpty())) {
        only = wait;
      } else {
        if (more == null) {
          more = new ArrayDeque<>();
        }
        more.add(wait);
      }
      return wait;
    }

    void leave(ReadinessWait wait) {
      remove(wait);
      idle = wait;
    }

    void remove(ReadinessWait wait) {
      if (only == wait) {
        only = null;
      } else if (more != null) {
        more.remove(wait);
      }
    }

    /** Finishes the first wait; returns false if there is none. */
    boolean finishFirst() {
      ReadinessWait first = only;
      only = null;
      if (first == null && more != null) {
        first = more.poll();
      }
      if (first == null) {
        return false;
      }
      first.finish();
      return true;
    }

    void finishAll() {
      while (finishFirst()) {}
    }
  }

  /** A coroutine's wait for readiness. Reused. */
  private final class ReadinessWait extends Wait {
    private final Waiters waiters;
    private @Nullable Fiber fiber;

    ReadinessWait(Waiters waiters) {
      this.waiters = waiters;
    }

    void begin(Fiber waiting) {
      reset();
      fiber = waiting;
    }

    /** The socket is ready, or closed. */
    void finish() {
      Fiber waiting = fiber;
      if (waiting != null) {
        finish(waiting);
      }
    }

    @Override
    protected void cancel(Fiber cancelled) {
      if (!isFinished()) {
        waiters.remove(this);
        finishCancelled(cancelled);
      }
    }

    @Override
    public String describe() {
      if (waiters.direction == OUTPUT) {
        return "room at " + socket;
      }
      boolean listens = socket.channel() instanceof ServerSocketChannel;
      return (listens ? "a connection to " : "bytes from ") + socket;
    }

    @Override
    public Object kind() {
      return waiters.direction == OUTPUT ? "room at a socket" : "input from a socket";
    }

    @Override
    public WaitDetails details() {
      return WaitDetails.of(describe()).withDescriptor(WaitDetails.NO_DESCRIPTOR, socket);
    }

    @Override
    public boolean isExternal() {
      return true;
    }
  }
}
