package dev.goasync.net;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.io.ByteStream;
import dev.goasync.io.Readiness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection. In a coroutine each operation pauses the coroutine; on any other thread it
 * blocks the thread.
 *
 * <pre>{@code
 * try (var socket = AsyncSocket.connect("localhost", 7)) {
 *   socket.writeAll("hello\n");
 *   System.out.println(socket.readLine());
 * }
 * }</pre>
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
public final class AsyncSocket extends ByteStream {
  private final StreamHandle handle;
  private final String name;
  private volatile boolean open = true;

  AsyncSocket(StreamHandle handle, String name) {
    super(handle::read);
    this.handle = handle;
    this.name = name;
  }

  /**
   * Connects to the address of {@code host} that answers first. A coroutine begins with the next
   * address when one has not answered for a quarter of a second (RFC 8305, "happy eyeballs"); a
   * plain thread tries one after the other.
   *
   * @param host a name, or an address literal
   * @throws java.net.UnknownHostException if the name has no address
   * @throws java.net.ConnectException if all addresses refuse; the first one's, the others
   *     suppressed
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  public static AsyncSocket connect(String host, int port) throws IOException {
    InetSocketAddress.createUnresolved(Objects.requireNonNull(host, "host"), port); // checks both
    List<InetSocketAddress> remotes = new ArrayList<>();
    for (InetAddress address : Names.resolve(host)) {
      remotes.add(new InetSocketAddress(address, port));
    }
    return new HappyEyeballs<>(remote -> connectResolved(remote, null)).connect(remotes);
  }

  /**
   * Like {@link #connect(String, int)}, for at most {@code limit}, the look-up of the name
   * included.
   *
   * @throws SocketTimeoutException if nobody answered in time
   * @throws IllegalArgumentException if {@code limit} is negative, or {@code port} not in 0..65535
   */
  public static AsyncSocket connect(String host, int port, Duration limit) throws IOException {
    try {
      return GoAsync.<AsyncSocket, IOException>withTimeout(limit, () -> connect(host, port));
    } catch (DeadlineExceededException late) {
      var timeout =
          new SocketTimeoutException(
              "connecting to " + host + ":" + port + " took longer than " + limit);
      timeout.initCause(late);
      throw timeout;
    }
  }

  /**
   * Connects from an address of ours, to choose the interface or the port.
   *
   * @param local port 0 for any free one
   * @throws java.net.BindException if {@code local} is in use, or not ours
   * @throws java.net.ConnectException if it is refused
   */
  public static AsyncSocket connect(InetSocketAddress remote, InetSocketAddress local)
      throws IOException {
    return connectResolved(
        Names.resolve(Objects.requireNonNull(remote, "remote")),
        Names.resolve(Objects.requireNonNull(local, "local")));
  }

  /**
   * Connects to an address; a name in it is resolved first.
   *
   * @throws java.net.ConnectException if it is refused
   * @throws UnsupportedAddressTypeException if it is no {@link InetSocketAddress}
   */
  public static AsyncSocket connect(SocketAddress remote) throws IOException {
    Objects.requireNonNull(remote, "remote");
    if (!(remote instanceof InetSocketAddress address)) {
      throw new UnsupportedAddressTypeException();
    }
    return address.isUnresolved()
        ? connect(address.getHostString(), address.getPort())
        : connectResolved(address, null);
  }

  private static AsyncSocket connectResolved(
      InetSocketAddress remote, @Nullable InetSocketAddress local) throws IOException {
    return new AsyncSocket(Backends.platform().connect(remote, local), remote.toString());
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

  /** Whether a read would not wait: bytes are there, read ahead or not, or the end, or an error. */
  public Readiness readable() {
    return new HandleReadiness(
        "bytes from " + this, handle, Direction.INPUT, () -> open && buffered() > 0);
  }

  /** Whether a write would not wait: there is room, or an error. */
  public Readiness writable() {
    return new HandleReadiness("room at " + this, handle, Direction.OUTPUT, () -> false);
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
  public InetSocketAddress localAddress() throws IOException {
    return handle.localAddress();
  }

  /** The peer's address. */
  public InetSocketAddress remoteAddress() throws IOException {
    return handle.remoteAddress();
  }

  /**
   * Sets an option of {@link java.net.StandardSocketOptions}.
   *
   * @return this
   * @throws UnsupportedOperationException if TCP has no such option
   * @throws IllegalArgumentException if the value is not one of the option's
   */
  public <T> AsyncSocket setOption(SocketOption<T> option, T value) throws IOException {
    Objects.requireNonNull(option, "option");
    handle.setOption(option, Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * An option's value.
   *
   * @throws UnsupportedOperationException if TCP has no such option
   */
  public <T> T getOption(SocketOption<T> option) throws IOException {
    return handle.getOption(Objects.requireNonNull(option, "option"));
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /**
   * Closes the connection; operations of others under way end with {@link
   * java.nio.channels.AsynchronousCloseException}. Closing again does nothing. Works in a cancelled
   * coroutine, too. What the caller has written to {@link #writer} goes out first, but in a
   * cancelled coroutine.
   */
  @Override
  public void close() throws IOException {
    try {
      flushBeforeClose();
    } finally {
      open = false;
      handle.close();
    }
  }

  @Override
  public String toString() {
    return "AsyncSocket[" + name + (open ? "]" : ", closed]");
  }
}
