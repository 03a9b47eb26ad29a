package dev.goasync.net;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.io.ByteReader;
import dev.goasync.io.ByteSink;
import dev.goasync.io.ByteSource;
import dev.goasync.io.Readiness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.Charset;
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
public final class AsyncSocket implements ByteSource, ByteSink, Channel {
  private final StreamHandle handle;
  private final ByteReader reader;
  private final String name;
  private volatile boolean open = true;

  AsyncSocket(StreamHandle handle, String name) {
    this.handle = handle;
    this.name = name;
    this.reader = new ByteReader(handle::read);
  }

  /**
   * Connects to the first address of {@code host} that answers.
   *
   * @param host a name, or an address literal
   * @throws java.net.UnknownHostException if the name has no address
   * @throws java.net.ConnectException if all addresses refuse; the first one's, the others
   *     suppressed
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  public static AsyncSocket connect(String host, int port) throws IOException {
    InetSocketAddress.createUnresolved(Objects.requireNonNull(host, "host"), port); // checks both
    IOException first = null;
    for (InetAddress address : Names.resolve(host)) {
      try {
        return connectResolved(new InetSocketAddress(address, port));
      } catch (java.net.SocketException refused) {
        if (first == null) {
          first = refused;
        } else {
          first.addSuppressed(refused);
        }
      }
    }
    throw Objects.requireNonNull(first);
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
        : connectResolved(address);
  }

  private static AsyncSocket connectResolved(InetSocketAddress remote) throws IOException {
    return new AsyncSocket(Backends.platform().connect(remote), remote.toString());
  }

  /** Waits for bytes and takes what is there; returns the count, or -1 after the peer's last. */
  @Override
  public int read(ByteBuffer target) throws IOException {
    return reader().read(target);
  }

  /** Reads until the peer ends its output, as UTF-8; malformed bytes become U+FFFD. */
  public String readAll() throws IOException {
    return reader().readAll();
  }

  /** Reads until the peer ends its output. */
  public String readAll(Charset charset) throws IOException {
    return reader().readAll(charset);
  }

  /** Reads until the peer ends its output. */
  public byte[] readAllBytes() throws IOException {
    return reader().readAllBytes();
  }

  /**
   * Reads a line of UTF-8, which ends with {@code \n}, {@code \r\n} or the peer's end; without
   * that.
   *
   * @return the line, or null at the end
   */
  public @Nullable String readLine() throws IOException {
    return reader().readLine();
  }

  /**
   * Reads exactly so many bytes.
   *
   * @throws java.io.EOFException if the peer ends its output first; what came can still be read
   * @throws IllegalArgumentException if {@code count} is negative
   */
  public byte[] readExactly(int count) throws IOException {
    return reader().readExactly(count);
  }

  /** Waits for room and hands over what fits; returns the count. */
  @Override
  public int write(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    return handle.write(source);
  }

  /** Whether a read would not wait: bytes are there, read ahead or not, or the end, or an error. */
  public Readiness readable() {
    return new HandleReadiness(
        "bytes from " + this, handle, Direction.INPUT, () -> open && reader.buffered() > 0);
  }

  /** Whether a write would not wait: there is room, or an error. */
  public Readiness writable() {
    return new HandleReadiness("room at " + this, handle, Direction.OUTPUT, () -> false);
  }

  /** Ends our reading: reads return -1 from now on. */
  public void shutdownInput() throws IOException {
    handle.shutdownInput();
  }

  /** Ends our output: the peer reads what was written, and then its end. */
  public void shutdownOutput() throws IOException {
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

  /** What was read ahead is not for those who come after the close. */
  private ByteReader reader() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
    return reader;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /**
   * Closes the connection; operations of others under way end with {@link
   * java.nio.channels.AsynchronousCloseException}. Closing again does nothing. Works in a cancelled
   * coroutine, too.
   */
  @Override
  public void close() throws IOException {
    open = false;
    handle.close();
  }

  @Override
  public String toString() {
    return "AsyncSocket[" + name + (open ? "]" : ", closed]");
  }
}
