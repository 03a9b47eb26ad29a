package dev.goasync.internal.epoll;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.NativeBuffer;
import dev.goasync.internal.linux.io.NativeBufferPool;
import dev.goasync.internal.linux.io.PollerIo;
import dev.goasync.internal.linux.io.WakeEvent;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import org.jspecify.annotations.Nullable;

/**
 * A loop's epoll instance and the operations of its coroutines.
 *
 * <p><b>Life of an operation.</b> The fiber makes all transitions but the one in parentheses.
 *
 * <pre>
 * ATTEMPT   makes the system call, without blocking
 *   | result, or an error other than EAGAIN: returns it
 *   | EAGAIN: registers the descriptor, once, edge-triggered; or renews the registration
 * WAIT      an {@link EpollWait} in the list of the {@link Registration}; the fiber is paused
 *   | (an event of the descriptor: the loop's thread, in {@link #poll}) back to ATTEMPT
 *   | a cancel of the fiber removes the wait: throws the cancellation
 *   | a close of the descriptor, on any thread, sends a message to the loop, which removes the wait:
 *   |   throws AsynchronousCloseException
 * </pre>
 *
 * <p>In the steady state an operation costs its own system call, and one epoll wait serves many
 * operations. A receive that returned less than it asked for has emptied the socket; the next one
 * waits for an event first, which saves a call that would return EAGAIN.
 */
final class EpollPoller extends PollerIo {
  private static final int INPUT = Linux.POLLIN | Linux.POLLRDHUP;
  private static final int OUTPUT = Linux.POLLOUT;
  private static final int BROKEN = Linux.EPOLLERR | Linux.EPOLLHUP;

  /** Includes urgent data: a receive stops before urgent data although more bytes follow. */
  private static final int ENDED = BROKEN | Linux.POLLRDHUP | Linux.EPOLLPRI;

  /**
   * The data with which {@link EpollBackend} registers the wake-up event; never that of a
   * descriptor, whose number is not negative.
   */
  static final long WAKE_UP = -1;

  private final Epoll epoll;
  private final Registrations registrations;
  private @Nullable EpollWait spare;

  EpollPoller(Loop loop, SystemCalls calls, Epoll epoll, WakeEvent wakeEvent) {
    super(loop, calls, wakeEvent, false);
    this.epoll = epoll;
    this.registrations = new Registrations(epoll);
  }

  // ---- polling: the loop's thread ----

  @Override
  public void poll(long timeoutNanos) {
    if (timeoutNanos == 0 && inFlight() == 0) {
      return; // no wait could be ended
    }
    int count = epoll.await(timeoutNanos);
    for (int i = 0; i < count; i++) {
      long data = epoll.dataAt(i);
      Registration registration = data == WAKE_UP ? null : registrations.named(data);
      if (registration != null && registration.isOrphaned()) {
        registrations.remove(registration);
      } else if (registration != null) {
        signalled(registration, epoll.eventsAt(i));
      }
    }
  }

  private static void signalled(Registration registration, int events) {
    registration.drained = false;
    if ((events & ENDED) != 0) {
      registration.ended = true;
    }
    registration.endWaits((events & BROKEN) != 0 ? INPUT | OUTPUT | BROKEN : events);
  }

  @Override
  public void close() {
    wakeEvent.close(calls);
    epoll.close();
  }

  /** Ends a wait whose descriptor was closed. Any thread. */
  void endFromAnyThread(EpollWait wait, long use) {
    runOnLoop(() -> wait.endUse(use));
  }

  // ---- operations that wait for readiness ----

  private enum Operation {
    ACCEPT(INPUT),
    RECEIVE(INPUT),
    SEND(OUTPUT),
    CONNECT(OUTPUT),
    READ(INPUT),
    WRITE(OUTPUT),
    AWAIT(INPUT | OUTPUT),
    AWAIT_HANG_UP(BROKEN);

    final int events;

    Operation(int events) {
      this.events = events;
    }
  }

  /** Makes one attempt; returns the result, or -EAGAIN if the operation would wait. */
  private int attempt(
      Operation operation, int fd, long address, int length, @Nullable ByteBuffer target) {
    if (target != null) {
      return receive(fd, target, length);
    }
    return switch (operation) {
      case ACCEPT -> calls.accept(fd);
      case RECEIVE -> calls.recv(fd, address, length, Linux.MSG_DONTWAIT);
      case SEND -> calls.send(fd, address, length, Linux.MSG_DONTWAIT | Linux.MSG_NOSIGNAL);
      case CONNECT -> connect(fd, address, length);
      case READ -> readAvailable(fd, address, length);
      case WRITE -> calls.write(fd, address, length, Linux.AT_POSITION);
      case AWAIT, AWAIT_HANG_UP -> ready(fd, length);
    };
  }

  /** Holds a native buffer for the attempt only, not for the wait. */
  private int receive(int fd, ByteBuffer target, int length) {
    NativeBuffer buffer = acquireBuffer(length);
    try {
      int count = calls.recv(fd, buffer.address(), length, Linux.MSG_DONTWAIT);
      if (count > 0) {
        buffer.copyTo(target, count);
      }
      return count;
    } finally {
      releaseBuffer(buffer);
    }
  }

  /** After EINPROGRESS a repeated connect returns the state of the first one. */
  private int connect(int fd, long address, int length) {
    int result = calls.connect(fd, address, length);
    return switch (-result) {
      case Errno.EINPROGRESS, Errno.EALREADY -> -Errno.EAGAIN;
      case Errno.EISCONN -> 0;
      default -> result;
    };
  }

  private int ready(int fd, int events) {
    int ready = calls.pollNow(fd, events);
    return ready == 0 ? -Errno.EAGAIN : ready;
  }

  private int operate(Operation operation, Descriptor descriptor, long address, int length)
      throws IOException {
    return operate(operation, descriptor, address, length, null);
  }

  /**
   * @param target receives the bytes; null if there is memory at {@code address}
   */
  private int operate(
      Operation operation,
      Descriptor descriptor,
      long address,
      int length,
      @Nullable ByteBuffer target)
      throws IOException {
    Fiber fiber = caller();
    fiber.checkCancelled();
    fiber.consumeBudget();
    EpollWait wait = acquireWait();
    wait.begin(fiber, descriptor, operation.events);
    try {
      int fd = descriptor.enter(wait.use);
      try {
        int result = operate(operation, wait, fiber, descriptor, fd, address, length, target);
        if (result < 0 && descriptor.isClosed()) {
          throw new AsynchronousCloseException();
        }
        return result;
      } finally {
        descriptor.leave(wait.use, calls);
      }
    } finally {
      release(wait);
    }
  }

  private int operate(
      Operation operation,
      EpollWait wait,
      Fiber fiber,
      Descriptor descriptor,
      int fd,
      long address,
      int length,
      @Nullable ByteBuffer target)
      throws IOException {
    Registration registration = registrations.known(fd, descriptor);
    boolean skipAttempt =
        operation == Operation.RECEIVE && registration != null && registration.isDrained();
    int result = skipAttempt ? -Errno.EAGAIN : attempt(operation, fd, address, length, target);
    while (result == -Errno.EAGAIN || result == -Errno.EINTR) {
      if (result == -Errno.EAGAIN) {
        if (registration == null) {
          registration = registrations.of(fd, descriptor);
        } else if (!skipAttempt) {
          registrations.renew(registration);
        }
        if (registration.error < 0) {
          return registration.error;
        }
        pause(wait, fiber, descriptor, registration);
        skipAttempt = false;
      }
      result = attempt(operation, fd, address, length, target);
    }
    if (operation == Operation.RECEIVE && registration != null) {
      registration.drained = result > 0 && result < length && !descriptor.hasShortReceives();
    }
    return result;
  }

  private void pause(EpollWait wait, Fiber fiber, Descriptor descriptor, Registration registration)
      throws AsynchronousCloseException {
    wait.enter(registration);
    enterFlight();
    fiber.pause(wait);
    leaveFlight();
    if (wait.wasCancelled()) {
      throw fiber.cancellation();
    }
    if (descriptor.isClosed()) {
      throw new AsynchronousCloseException();
    }
  }

  private EpollWait acquireWait() {
    EpollWait reused = spare;
    if (reused == null) {
      return new EpollWait(this);
    }
    spare = reused.next;
    reused.next = null;
    return reused;
  }

  private void release(EpollWait wait) {
    wait.clear();
    wait.next = spare;
    spare = wait;
  }

  @Override
  public int accept(Descriptor listener) throws IOException {
    return operate(Operation.ACCEPT, listener, 0, 0);
  }

  @Override
  public int connect(Descriptor socket, long address, int length) throws IOException {
    return operate(Operation.CONNECT, socket, address, length);
  }

  @Override
  public int recv(Descriptor socket, long address, int length) throws IOException {
    return operate(Operation.RECEIVE, socket, address, length);
  }

  @Override
  public int recv(Descriptor socket, ByteBuffer target) throws IOException {
    int length = Math.min(target.remaining(), NativeBufferPool.LARGE);
    return operate(Operation.RECEIVE, socket, 0, length, target);
  }

  @Override
  public int send(Descriptor socket, long address, int length) throws IOException {
    return operate(Operation.SEND, socket, address, length);
  }

  @Override
  public int awaitReady(Descriptor pollable, int events) throws IOException {
    boolean input = events != ONLY_HANG_UP;
    return operate(input ? Operation.AWAIT : Operation.AWAIT_HANG_UP, pollable, 0, events);
  }

  // ---- operations on files ----

  @Override
  public int read(Descriptor file, long address, int length, long offset) throws IOException {
    return isPollable(file)
        ? operate(Operation.READ, file, address, length)
        : (int) onWorker("bytes from ", file, io -> io.read(file, address, length, offset));
  }

  @Override
  public int write(Descriptor file, long address, int length, long offset) throws IOException {
    return isPollable(file)
        ? operate(Operation.WRITE, file, address, length)
        : (int) onWorker("room to write to ", file, io -> io.write(file, address, length, offset));
  }

  /**
   * Whether reads and writes of a file wait for readiness: those of a pipe or a terminal do. Such a
   * file is made non-blocking, which affects only this opening of it. A file with positions is
   * always ready, even where {@code epoll} accepts it, as on FUSE and in {@code /proc}.
   */
  private boolean isPollable(Descriptor file) throws IOException {
    int fd = file.enter(use());
    try {
      Registration known = registrations.known(fd, file);
      if (known != null) {
        return known.pollable;
      }
      if (!mayWaitWithoutEnd(file, fd)) {
        registrations.exempt(fd, file);
        return false;
      }
      boolean pollable = registrations.of(fd, file).pollable;
      if (pollable) {
        calls.setNonBlocking(fd, true);
      }
      return pollable;
    } finally {
      file.leave(use(), calls);
    }
  }

  /** Opens a FIFO without waiting for its other end, as io_uring does. */
  @Override
  public int openat(long path, int flags, int mode, Object name) throws IOException {
    return (int)
        onWorker(
            "the opening of ",
            name,
            io -> {
              int fd = io.openat(path, flags | Linux.O_NONBLOCK, mode, name);
              if (fd >= 0) {
                io.calls().setNonBlocking(fd, false);
              }
              return fd;
            });
  }

  @Override
  public int close(int fd) {
    registrations.closing(fd);
    int result = calls.close(fd);
    return result == -Errno.EINTR ? 0 : result;
  }
}
