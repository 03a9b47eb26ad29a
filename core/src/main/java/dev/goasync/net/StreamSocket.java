package dev.goasync.net;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.internal.handle.HandleReadiness;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.io.ByteStream;
import dev.goasync.io.Readiness;
import dev.goasync.io.Selectable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;

/**
 * A connection of two sockets, be it by TCP ({@link AsyncSocket}) or between Unix sockets ({@link
 * AsyncUnixSocket}). In a coroutine each operation pauses the coroutine; on any other thread it
 * blocks the thread.
 *
 * <p><b>Threads.</b> One reader and one writer at a time, which may be different threads or
 * coroutines. A second reader that comes meanwhile gets an {@link IllegalStateException}; the bytes
 * of two writers may mix.
 *
 * <p><b>Errors.</b> {@link java.net.SocketException} and its subclasses, with the peer's address in
 * the message; {@link java.nio.channels.ClosedChannelException} after {@link #close}, and {@link
 * java.nio.channels.AsynchronousCloseException} if closed meanwhile by another; {@link
 * java.io.InterruptedIOException} if a plain thread is interrupted while it waits.
 *
 * <p><b>Cancellation.</b> An operation of a cancelled coroutine, or interrupted thread, ends with
 * an exception only when nothing has happened, else returns what has; the socket stays open and no
 * byte is lost. {@link #close} always closes.
 */
public abstract sealed class StreamSocket extends ByteStream implements Selectable
    permits AsyncSocket, AsyncUnixSocket {
  private static final int DROPPED_BYTES = 4096;

  final StreamHandle handle;
  private final String name;

  StreamSocket(StreamHandle handle, String name) {
    super(handle::read);
    this.handle = handle;
    this.name = name;
  }

  /** Waits for room and hands over what fits; returns the count. */
  @Override
  public int write(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    return handle.write(source);
  }

  /** Writes what fits of the buffers in one go; returns the count. */
  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, sources.length);
    return handle.write(sources, offset, length);
  }

  @Override
  protected int exchange(ByteBuffer output, Runnable written, ByteBuffer target)
      throws IOException {
    return handle.exchange(output, written, target);
  }

  @Override
  protected Object endpoint() {
    return handle;
  }

  @Override
  public Readiness readable() {
    return new HandleReadiness(
        "bytes from " + this, handle, Direction.INPUT, () -> isOpen() && buffered() > 0);
  }

  @Override
  public Readiness writable() {
    return new HandleReadiness("room at " + this, handle, Direction.OUTPUT);
  }

  /** Ends our reading: reads return -1 from now on. */
  public void shutdownInput() throws IOException {
    handle.shutdownInput();
  }

  /**
   * Ends our output: the peer reads what was written, and then its end. What the caller has written
   * to {@link #writer} goes first.
   */
  public void shutdownOutput() throws IOException {
    flushBeforeClose();
    handle.shutdownOutput();
  }

  /** Our end's address. */
  public SocketAddress localAddress() throws IOException {
    return handle.localAddress();
  }

  /** The peer's address. */
  public SocketAddress remoteAddress() throws IOException {
    return handle.remoteAddress();
  }

  /**
   * Sets an option of {@link java.net.StandardSocketOptions}.
   *
   * @return this
   * @throws UnsupportedOperationException if such sockets have no such option
   * @throws IllegalArgumentException if the value is not one of the option's
   */
  public <T> StreamSocket setOption(SocketOption<T> option, T value) throws IOException {
    Objects.requireNonNull(option, "option");
    handle.setOption(option, Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * An option's value.
   *
   * @throws UnsupportedOperationException if such sockets have no such option
   */
  public <T> T getOption(SocketOption<T> option) throws IOException {
    return handle.getOption(Objects.requireNonNull(option, "option"));
  }

  @Override
  protected void closeHandle() throws IOException {
    handle.close();
  }

  /**
   * Closes the connection after last words that the peer shall read, such as why it is refused:
   * ends our output and drops what still comes, until the peer's end. A {@link #close} while bytes
   * come resets the connection, and the peer may lose what it has not read yet.
   *
   * <p>A cancelled coroutine closes at once.
   *
   * @param limit for how long to wait for the peer's end
   * @throws IllegalArgumentException if {@code limit} is negative
   */
  public void lingerAndClose(Duration limit) throws IOException {
    if (limit.isNegative()) {
      throw new IllegalArgumentException("limit is negative: " + limit);
    }
    try (this) {
      shutdownOutput();
      GoAsync.withTimeout(limit, this::dropInput);
    } catch (DeadlineExceededException _) {
      // it has had its time
    }
  }

  private void dropInput() throws IOException {
    ByteBuffer dropped = ByteBuffer.allocate(DROPPED_BYTES);
    while (read(dropped.clear()) >= 0) {
      // nobody wants it
    }
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + name + (isOpen() ? "]" : ", closed]");
  }
}
