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
 * A connected stream socket: TCP ({@link AsyncSocket}) or Unix ({@link AsyncUnixSocket}). In a
 * coroutine each operation pauses the coroutine; on any other thread it blocks the thread.
 *
 * <p><b>Threads.</b> One reader and one writer at a time, which may be different threads or
 * coroutines. A second reader at the same time gets an {@link IllegalStateException}; the bytes of
 * two concurrent writers may mix.
 *
 * <p><b>Errors.</b> {@link java.net.SocketException} and its subclasses, with the peer's address in
 * the message; {@link java.nio.channels.ClosedChannelException} after {@link #close}, and {@link
 * java.nio.channels.AsynchronousCloseException} if another caller closes the socket during the
 * operation; {@link java.io.InterruptedIOException} if a plain thread is interrupted while it
 * waits.
 *
 * <p><b>Cancellation.</b> An operation of a cancelled coroutine, or interrupted thread, ends with
 * an exception only if no byte was transferred, else returns the count; the socket stays open and
 * no byte is lost. {@link #close} always closes.
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

  /** Waits for room in the send buffer and writes as much as fits; returns the count. */
  @Override
  public int write(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    return handle.write(source);
  }

  /** Waits for room in the send buffer and writes as much of the buffers as fits. */
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

  /**
   * Returns the readiness for the end of the connection: it has failed, for example by a reset of
   * the peer, or both directions have ended. After the end of the input, and before the next write,
   * no operation reports a reset; a wait for this readiness does:
   *
   * <pre>{@code
   * String question = socket.readAll();
   * Task<?> answer = goAsync(() -> {
   *   sleep(Duration.ofSeconds(10)); // look the answer up
   *   socket.writeAll("the answer to " + question);
   * });
   * Select.first()
   *     .onReady(socket.hangUp(), () -> answer.cancel("the client has closed the connection"))
   *     .onTask(answer, answered -> System.out.println("answered"))
   *     .run();
   * }</pre>
   *
   * <p>Its methods throw {@link UnsupportedOperationException} on the {@code nio} backend, where
   * only the next write reports a reset.
   */
  public Readiness hangUp() {
    return new HandleReadiness("the end of " + this, handle, Direction.HANG_UP);
  }

  /** Ends the input: reads return -1 from now on. */
  public void shutdownInput() throws IOException {
    handle.shutdownInput();
  }

  /**
   * Ends the output: the peer reads the bytes that were written, then the end of the stream. Bytes
   * that the caller has written to {@link #writer} are flushed first.
   */
  public void shutdownOutput() throws IOException {
    flushBeforeClose();
    handle.shutdownOutput();
  }

  /** The local address. */
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
   * @throws UnsupportedOperationException if sockets of this kind do not have the option
   * @throws IllegalArgumentException if the value is not valid for the option
   */
  public <T> StreamSocket setOption(SocketOption<T> option, T value) throws IOException {
    Objects.requireNonNull(option, "option");
    handle.setOption(option, Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * Returns an option's value.
   *
   * @throws UnsupportedOperationException if sockets of this kind do not have the option
   */
  public <T> T getOption(SocketOption<T> option) throws IOException {
    return handle.getOption(Objects.requireNonNull(option, "option"));
  }

  @Override
  protected void closeHandle() throws IOException {
    handle.close();
  }

  /**
   * Closes the connection so that the peer can read a last message, such as the reason of a
   * refusal: ends the output, then reads and drops input until the peer's end. A plain {@link
   * #close} with unread input resets the connection, and the peer may lose bytes that it has not
   * read yet.
   *
   * <p>A cancelled coroutine closes at once.
   *
   * @param timeout how long to wait for the peer's end
   * @throws IllegalArgumentException if {@code timeout} is negative
   */
  public void lingerAndClose(Duration timeout) throws IOException {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout is negative: " + timeout);
    }
    try (this) {
      shutdownOutput();
      GoAsync.withTimeout(timeout, this::dropInput);
    } catch (DeadlineExceededException _) {
      // close without the peer's end
    }
  }

  private void dropInput() throws IOException {
    ByteBuffer dropped = ByteBuffer.allocate(DROPPED_BYTES);
    while (read(dropped.clear()) >= 0) {
      // drop it
    }
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + name + (isOpen() ? "]" : ", closed]");
  }
}
