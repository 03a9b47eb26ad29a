package dev.goasync.internal.linux.io;

import dev.goasync.internal.platform.Pollable;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;

/** Runs system calls on an open descriptor, and waits for its readiness. */
public final class DescriptorCalls {
  /** A system call on an open descriptor that does not wait. */
  public interface Call<R> {
    /** Makes the call. */
    R on(SystemCalls calls, int fd) throws IOException;
  }

  private DescriptorCalls() {}

  /** Makes a call that does not wait, inside the descriptor. */
  public static <R> R with(Descriptor socket, Call<R> call) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      int fd = socket.enter(io.use());
      try {
        return call.on(io.calls(), fd);
      } finally {
        socket.leave(io.use(), io.calls());
      }
    } finally {
      io.release();
    }
  }

  /** A non-blocking attempt of an operation. */
  @FunctionalInterface
  public interface Attempt {
    /** Makes the attempt; returns a count or -errno. */
    int with(LinuxIo io, int fd) throws IOException;
  }

  /**
   * Repeats a non-blocking attempt, with a wait for readiness in between, until it succeeds or
   * fails; returns a count, or -errno. If the caller is cancelled, nothing has happened.
   */
  public static int untilDone(Descriptor socket, int events, Attempt operation) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      return untilDone(io, socket, events, operation);
    } finally {
      io.release();
    }
  }

  /**
   * Attempts a non-blocking operation until its result is not EAGAIN, and waits for readiness in
   * between; returns a count, or -errno. A cancelled operation has done nothing.
   */
  public static int untilDone(LinuxIo io, Descriptor descriptor, int events, Attempt operation)
      throws IOException {
    while (true) {
      io.consumeBudget();
      int result = once(io, descriptor, operation);
      if (result == -Errno.EAGAIN) {
        int ready = io.awaitReady(descriptor, events);
        if (ready < 0) {
          return ready;
        }
      } else if (result != -Errno.EINTR) {
        return result;
      }
    }
  }

  /** Closes the number of a descriptor that became unreachable. On the cleaner's thread. */
  static void closeNumber(int fd) {
    LinuxIo io = LinuxIo.acquireBlocking();
    try {
      io.close(fd);
    } finally {
      io.release();
    }
  }

  private static int once(LinuxIo io, Descriptor socket, Attempt operation) throws IOException {
    int fd = socket.enter(io.use());
    try {
      return operation.with(io, fd);
    } finally {
      socket.leave(io.use(), io.calls());
    }
  }

  /** Throws the exception of a socket if {@code result} is -errno. */
  public static void check(int result, Object socket) throws IOException {
    if (result < 0) {
      throw IoErrors.ofSocket(-result, socket);
    }
  }

  /** Closes the descriptor. Not cancellable. */
  public static void close(Descriptor socket) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      check(socket.close(io), socket);
    } finally {
      io.release();
    }
  }

  /** Whether an operation in this direction would return at once. */
  public static boolean isReady(Descriptor socket, Pollable.Direction direction)
      throws IOException {
    return with(
        socket,
        (calls, fd) -> {
          int ready;
          do {
            ready = calls.pollNow(fd, events(direction));
          } while (ready == -Errno.EINTR);
          check(ready, socket);
          return ready > 0;
        });
  }

  /** Waits until an operation in this direction would return at once. */
  public static void awaitReady(
      Descriptor socket, Pollable.Direction direction, long threadTimeoutNanos) throws IOException {
    LinuxIo io = LinuxIo.acquire(threadTimeoutNanos);
    try {
      check(io.awaitReady(socket, events(direction)), socket);
    } finally {
      io.release();
    }
  }

  private static int events(Pollable.Direction direction) {
    return switch (direction) {
      case INPUT -> Linux.POLLIN | Linux.POLLRDHUP;
      case OUTPUT -> Linux.POLLOUT;
      case HANG_UP -> LinuxIo.ONLY_HANG_UP;
    };
  }
}
