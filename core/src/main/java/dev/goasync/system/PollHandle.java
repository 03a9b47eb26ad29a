package dev.goasync.system;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.handle.HandleReadiness;
import dev.goasync.internal.platform.Pollable;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.io.Readiness;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.Objects;

/**
 * Waits until a file descriptor, or a selectable channel of the JDK, is ready for I/O that another
 * library does. With it, such a library works on coroutines.
 *
 * <pre>{@code
 * Pipe pipe = Pipe.open();
 * pipe.source().configureBlocking(false);
 * try (PollHandle handle = PollHandle.ofChannel(pipe.source())) {
 *   ByteBuffer buffer = ByteBuffer.allocate(100);
 *   while (pipe.source().read(buffer) == 0) {
 *     handle.readable().await();     // suspends a coroutine, blocks a thread
 *   }
 * }
 * }</pre>
 *
 * <p>A {@link dev.goasync.sync.Select} waits for the first of several:
 *
 * <pre>{@code
 * int first = 5;       // descriptors of a database driver, say
 * int second = 6;
 * try (PollHandle one = PollHandle.ofDescriptor(first);
 *     PollHandle two = PollHandle.ofDescriptor(second)) {
 *   Select.first()
 *       .onReady(one.readable(), () -> System.out.println("input from the first"))
 *       .onReady(two.readable(), () -> System.out.println("input from the second"))
 *       .run();
 * }
 * }</pre>
 *
 * <p>Readiness is level-triggered: while there is input, each wait for it returns at once.
 *
 * <p><b>Ownership.</b> The descriptor or channel stays open when the handle is closed, and its
 * blocking mode is not changed. Close the handle before the descriptor is closed: the system reuses
 * the number of a closed descriptor for another file.
 *
 * <p><b>Threads, errors, cancellation.</b> Any number of coroutines and threads may wait at the
 * same time; see {@link Readiness} for the rest.
 */
public final class PollHandle implements AutoCloseable {
  private final String name;
  private final Pollable.Handle handle;

  private PollHandle(String name, Pollable.Handle handle) {
    this.name = name;
    this.handle = handle;
  }

  /**
   * Returns a handle for a file descriptor. A regular file is always ready.
   *
   * @throws IllegalArgumentException if {@code fd} is negative
   * @throws IOException if no such descriptor is open
   * @throws UnsupportedOperationException on the {@code nio} backend, which has no descriptors
   */
  public static PollHandle ofDescriptor(int fd) throws IOException {
    if (fd < 0) {
      throw new IllegalArgumentException("fd is negative: " + fd);
    }
    return new PollHandle("descriptor " + fd, Backends.platform().pollable(fd));
  }

  /**
   * Returns a handle for a channel, on every backend. A channel that can accept a connection is
   * readable; a channel that can finish connecting is writable.
   *
   * @throws java.nio.channels.IllegalBlockingModeException if the channel is in blocking mode
   */
  public static PollHandle ofChannel(SelectableChannel channel) throws IOException {
    Objects.requireNonNull(channel, "channel");
    return new PollHandle(channel.toString(), Backends.pollable(channel));
  }

  /**
   * Returns the readiness for input: bytes, the end of the stream or an error.
   *
   * @throws UnsupportedOperationException if the channel has no input
   */
  public Readiness readable() {
    return readiness("input from ", Direction.INPUT);
  }

  /**
   * Returns the readiness for output: room in the buffer, or an error.
   *
   * @throws UnsupportedOperationException if the channel has no output
   */
  public Readiness writable() {
    return readiness("room at ", Direction.OUTPUT);
  }

  private Readiness readiness(String what, Direction direction) {
    if (!handle.has(direction)) {
      throw new UnsupportedOperationException(
          name + " has no " + (direction == Direction.INPUT ? "input" : "output"));
    }
    return new HandleReadiness(what + name, handle, direction);
  }

  /**
   * Closes the handle. Waits in progress throw {@link
   * java.nio.channels.AsynchronousCloseException}. The descriptor or channel stays open. A second
   * call does nothing.
   */
  @Override
  public void close() throws IOException {
    handle.close();
  }

  @Override
  public String toString() {
    return "PollHandle[" + name + "]";
  }
}
