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
 * A descriptor, or a channel of the JDK, that somebody else has opened and does the I/O on: here it
 * is only waited for, so that such libraries run on coroutines too.
 *
 * <pre>{@code
 * try (PollHandle handle = PollHandle.ofDescriptor(database.socket())) {
 *   database.sendQuery(text);
 *   while (database.isBusy()) {
 *     handle.readable().await();        // pauses a coroutine, blocks a thread
 *     database.consumeInput();
 *   }
 * }
 *
 * Select.first()                        // any of several
 *     .onReady(one.readable(), () -> read(one))
 *     .onReady(other.readable(), () -> read(other))
 *     .run();
 * }</pre>
 *
 * <p>The readiness is a level: as long as there is input, each wait for it returns at once.
 *
 * <p><b>Owner.</b> The descriptor or channel stays its owner's, and as blocking or non-blocking as
 * it is. Close the handle before the owner closes what it stands for, as a number that has been
 * closed soon means another file.
 *
 * <p><b>Threads, errors, cancellation.</b> Any number of coroutines and threads may wait at once;
 * the rest is as {@link Readiness} says.
 */
public final class PollHandle implements AutoCloseable {
  private final String name;
  private final Pollable.Handle handle;

  private PollHandle(String name, Pollable.Handle handle) {
    this.name = name;
    this.handle = handle;
  }

  /**
   * A descriptor by its number. A file on a disk is always ready.
   *
   * @throws IllegalArgumentException if {@code fd} is negative
   * @throws IOException if no such descriptor is open
   * @throws UnsupportedOperationException on a backend that knows no descriptors: {@code nio}
   */
  public static PollHandle ofDescriptor(int fd) throws IOException {
    if (fd < 0) {
      throw new IllegalArgumentException("fd is negative: " + fd);
    }
    return new PollHandle("descriptor " + fd, Backends.platform().pollable(fd));
  }

  /**
   * A channel, on every backend. To accept is its input, to finish connecting its output.
   *
   * @throws java.nio.channels.IllegalBlockingModeException if the channel is in blocking mode
   */
  public static PollHandle ofChannel(SelectableChannel channel) throws IOException {
    Objects.requireNonNull(channel, "channel");
    return new PollHandle(channel.toString(), Backends.pollable(channel));
  }

  /**
   * Whether there is input, or its end, or an error.
   *
   * @throws UnsupportedOperationException if it is a channel that has no input
   */
  public Readiness readable() {
    return readiness("input from ", Direction.INPUT);
  }

  /**
   * Whether there is room for output, or an error.
   *
   * @throws UnsupportedOperationException if it is a channel that has no output
   */
  public Readiness writable() {
    return readiness("room at ", Direction.OUTPUT);
  }

  private Readiness readiness(String what, Direction direction) {
    if (!handle.has(direction)) {
      throw new UnsupportedOperationException(name + " has no " + direction);
    }
    return new HandleReadiness(what + name, handle, direction);
  }

  /**
   * Ends the use of it: waits under way end with {@link
   * java.nio.channels.AsynchronousCloseException}. The descriptor or channel stays open. Closing
   * again does nothing.
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
