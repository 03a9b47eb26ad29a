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
 * A loop's epoll instance and the operations that wait for it.
 *
 * <p>An operation is tried first. If it would wait, its descriptor is registered, once and edge by
 * edge, and the coroutine pauses until an event; then it is tried again. So in the steady state an
 * operation costs its own system call, and one wait serves many. A socket whose input was all taken
 * is not tried again before an event, which saves the call that would say so.
 */
final class EpollPoller extends PollerIo {
  private static final int INPUT = Linux.POLLIN | Linux.POLLRDHUP;
  private static final int OUTPUT = Linux.POLLOUT;
  private static final int BROKEN = Linux.EPOLLERR | Linux.EPOLLHUP;

  /** Urgent data too: a receive stops short of them, though there is more. */
  private static final int ENDED = BROKEN | Linux.POLLRDHUP | Linux.EPOLLPRI;

  /**
   * The wake-up event's data, which {@link EpollBackend} registers it with: no descriptor's, whose
   * number is not negative.
   */
  static final long WAKE_UP = -1;

  private final Epoll epoll;
  private final Registrations registrations;
  private @Nullable EpollWait spare;

  EpollPoller(Loop loop, SystemCalls calls, Epoll epoll, WakeEvent wakeEvent) {
    super(loop, calls, wakeEvent);
    this.epoll = epoll;
    this.registrations = new Registrations(epoll);
  }

  // ---- polling: the loop's thread ----

  @Override
  public void poll(long timeoutNanos) {
    if (timeoutNanos == 0 && inFlight() == 0) {
      return; // nobody could be told anything
    }
    int count = epoll.await(timeoutNanos);
    for (int i = 0; i < count; i++) {
      long data = epoll.dataAt(i);
      Registration registration = data == WAKE_UP ? null : registrations.named(data);
      if (registration != null && registration.isOrphaned()) {
        registrations.withdraw(registration);
      } else if (registration != null) {
        happened(registration, epoll.eventsAt(i));
      }
    }
  }

  private static void happened(Registration registration, int events) {
    registration.drained = false;
    if ((events & ENDED) != 0) {
      registration.ended = true;
    }
    registration.happened((events & BROKEN) != 0 ? INPUT | OUTPUT : events);
  }

  @Override
  public void close() {
    wakeEvent.close(calls);
    epoll.close();
  }

  /** A descriptor is closed under a wait. Any thread. */
  void endFromAnywhere(EpollWait wait, long use) {
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
    AWAIT(INPUT | OUTPUT);

    final int events;

    Operation(int events) {
      this.events = events;
    }
  }

  /** One try: the result, or -EAGAIN if the operation would wait. */
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
      case READ -> calls.read(fd, address, length, Linux.AT_POSITION);
      case WRITE -> calls.write(fd, address, length, Linux.AT_POSITION);
      case AWAIT -> ready(fd, length);
    };
  }

  /** A chunk is held for the try only, not for the wait. */
  private int receive(int fd, ByteBuffer target, int length) {
    NativeBuffer chunk = acquireBuffer(length);
    try {
      int count = calls.recv(fd, chunk.address(), length, Linux.MSG_DONTWAIT);
      if (count > 0) {
        chunk.copyTo(target, count);
      }
      return count;
    } finally {
      releaseBuffer(chunk);
    }
  }

  /** A second connect tells how the first one goes. */
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
   * @param target where a receive puts its bytes; null if there is memory at {@code address}
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
    EpollWait wait = takeWait();
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
    boolean useless =
        operation == Operation.RECEIVE && registration != null && registration.isDrained();
    int result = useless ? -Errno.EAGAIN : attempt(operation, fd, address, length, target);
    while (result == -Errno.EAGAIN || result == -Errno.EINTR) {
      if (result == -Errno.EAGAIN) {
        if (registration == null) {
          registration = registrations.of(fd, descriptor);
        } else if (!useless) {
          registrations.renew(registration);
        }
        if (registration.error < 0) {
          return registration.error;
        }
        pause(wait, fiber, descriptor, registration);
        useless = false;
      }
      result = attempt(operation, fd, address, length, target);
    }
    if (operation == Operation.RECEIVE && registration != null) {
      registration.drained = result > 0 && result < length && !descriptor.isStoppingShort();
    }
    return result;
  }

  private void pause(EpollWait wait, Fiber fiber, Descriptor descriptor, Registration registration)
      throws AsynchronousCloseException {
    wait.enter(registration);
    enterFlight();
    fiber.pause(wait);
    leaveFlight();
    if (descriptor.isClosed()) {
      throw new AsynchronousCloseException();
    }
    if (wait.wasCancelled()) {
      throw fiber.cancellation();
    }
  }

  private EpollWait takeWait() {
    EpollWait taken = spare;
    if (taken == null) {
      return new EpollWait(this);
    }
    spare = taken.next;
    taken.next = null;
    return taken;
  }

  private void release(EpollWait wait) {
    wait.forget();
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
    return operate(Operation.AWAIT, pollable, 0, events);
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
   * Whether a file is one to wait for: a pipe, a terminal. Such a file is made non-blocking, which
   * concerns our own opening of it only. What lies on a disk, or as if on one, has positions and is
   * always ready, even where {@code epoll} would take it, as with FUSE and files of {@code /proc}.
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

  /** As a ring does it: a pipe is opened without waiting for its other end. */
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
