package dev.goasync.bridge;

import dev.goasync.internal.platform.SocketHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK's {@code Socket} and {@code ServerSocket} call, which have checked arguments and
 * states before, over a handle of the backend.
 *
 * <p>The JDK calls {@link #create} and {@link #close} while it holds a lock, in which a coroutine
 * must not pause: another one that wants the lock would stop the loop in portable mode. So the
 * socket that owns this closes the handle by itself, after the lock: {@link #closeHandle}.
 */
abstract class Endpoint extends SocketImpl {
  private static final Map<Integer, SocketOption<?>> BY_NUMBER =
      Map.of(
          SocketOptions.TCP_NODELAY, StandardSocketOptions.TCP_NODELAY,
          SocketOptions.SO_KEEPALIVE, StandardSocketOptions.SO_KEEPALIVE,
          SocketOptions.SO_SNDBUF, StandardSocketOptions.SO_SNDBUF,
          SocketOptions.SO_RCVBUF, StandardSocketOptions.SO_RCVBUF,
          SocketOptions.SO_LINGER, StandardSocketOptions.SO_LINGER,
          SocketOptions.SO_REUSEADDR, StandardSocketOptions.SO_REUSEADDR,
          SocketOptions.SO_REUSEPORT, StandardSocketOptions.SO_REUSEPORT,
          SocketOptions.IP_TOS, StandardSocketOptions.IP_TOS,
          SocketOptions.SO_OOBINLINE, SocketHandle.URGENT_INLINE);

  private volatile @Nullable SocketHandle handle;
  private volatile boolean closed;

  /** {@code SO_TIMEOUT}; 0 for no limit. */
  private volatile int timeoutMillis;

  /** The socket, once it has been created. */
  final SocketHandle handle() throws SocketException {
    SocketHandle current = handle;
    if (current == null || closed) {
      throw new SocketException(closed ? "Socket closed" : "Socket not created");
    }
    return current;
  }

  /** What the socket has become; closes it if that is known to be unwanted. */
  final void become(SocketHandle changed) throws IOException {
    handle = changed;
    if (closed) {
      changed.close();
      throw new SocketException("Socket closed");
    }
  }

  final int timeoutMillis() {
    return timeoutMillis;
  }

  /** The port of our end, for who asks without being able to hear of a failure. */
  final void noteLocalPort() throws IOException {
    localport = ((InetSocketAddress) handle().localAddress()).getPort();
  }

  /** As the JDK's sockets tell it: a {@link SocketException}. */
  static IOException asOfSockets(IOException thrown) {
    if (!(thrown instanceof ClosedChannelException)) {
      return thrown;
    }
    var told = new SocketException("Socket closed");
    told.initCause(thrown);
    return told;
  }

  @Override
  protected final void close() {
    closed = true;
  }

  /** Closes the handle; operations of others under way end with a {@link SocketException}. */
  final void closeHandle() throws IOException {
    SocketHandle current = handle;
    if (closed && current != null) {
      current.close();
    }
  }

  // ---- options ----

  @Override
  protected abstract Set<SocketOption<?>> supportedOptions();

  private <T> SocketOption<T> supported(SocketOption<T> option) {
    if (!supportedOptions().contains(Objects.requireNonNull(option, "option"))) {
      throw new UnsupportedOperationException("'" + option + "' not supported");
    }
    return option;
  }

  @Override
  protected final <T> void setOption(SocketOption<T> option, T value) throws IOException {
    if (!supported(option).type().isInstance(value)) {
      throw new IllegalArgumentException("Invalid value '" + value + "'");
    }
    set(option, value);
  }

  @Override
  protected final <T> T getOption(SocketOption<T> option) throws IOException {
    return get(supported(option));
  }

  private <T> void set(SocketOption<T> option, Object value) throws IOException {
    try {
      handle().setOption(option, option.type().cast(value));
    } catch (IOException thrown) {
      throw asOfSockets(thrown);
    }
  }

  private <T> T get(SocketOption<T> option) throws IOException {
    try {
      return handle().getOption(option);
    } catch (IOException thrown) {
      throw asOfSockets(thrown);
    }
  }

  /** {@code SO_LINGER} comes as false for none. */
  @Override
  public final void setOption(int number, Object value) throws SocketException {
    var _ = handle();
    try {
      if (number == SocketOptions.SO_TIMEOUT) {
        timeoutMillis = (Integer) value;
      } else if (number == SocketOptions.SO_LINGER && Boolean.FALSE.equals(value)) {
        set(StandardSocketOptions.SO_LINGER, -1);
      } else {
        set(byNumber(number), value);
      }
    } catch (IOException
        | UnsupportedOperationException
        | IllegalArgumentException
        | ClassCastException thrown) {
      throw asSocketException(thrown);
    }
  }

  @Override
  public final Object getOption(int number) throws SocketException {
    SocketHandle current = handle();
    try {
      return switch (number) {
        case SocketOptions.SO_TIMEOUT -> timeoutMillis;
        case SocketOptions.SO_BINDADDR -> ((InetSocketAddress) current.localAddress()).getAddress();
        case SocketOptions.SO_LINGER -> {
          Integer seconds = get(StandardSocketOptions.SO_LINGER);
          if (seconds < 0) {
            yield false;
          }
          yield seconds;
        }
        default -> get(byNumber(number));
      };
    } catch (IOException | UnsupportedOperationException thrown) {
      throw asSocketException(thrown);
    }
  }

  private static SocketOption<?> byNumber(int number) throws SocketException {
    SocketOption<?> option = BY_NUMBER.get(number);
    if (option == null) {
      throw new SocketException("Unknown option " + number);
    }
    return option;
  }

  private static SocketException asSocketException(Exception thrown) {
    if (thrown instanceof SocketException told) {
      return told;
    }
    var told = new SocketException(thrown.getMessage());
    told.initCause(thrown);
    return told;
  }
}
