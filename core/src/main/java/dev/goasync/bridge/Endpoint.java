package dev.goasync.bridge;

import dev.goasync.internal.loop.Interrupts;
import dev.goasync.internal.platform.SocketHandle;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
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
 * Base of the {@link SocketImpl}s: the operations that the JDK's {@code Socket} and {@code
 * ServerSocket} call after they have checked arguments and state, over a handle of the backend.
 *
 * <p>The JDK calls {@link #create} and {@link #close} while it holds a lock. A coroutine must not
 * pause there: another coroutine that waits for the lock would block the loop in portable mode. So
 * {@link #close} only sets a flag, and the owning socket calls {@link #closeHandle} after the JDK
 * has released the lock.
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

  private static final int MAX_TRAFFIC_CLASS = 255;

  /** An option of the module jdk.net. */
  private static final String READ_ONLY = "SO_INCOMING_NAPI_ID";

  private volatile @Nullable SocketHandle handle;
  private volatile boolean closed;

  /** {@code SO_TIMEOUT}; 0 for none. */
  private volatile int timeoutMillis;

  /** The handle of the created and open socket. */
  final SocketHandle handle() throws SocketException {
    SocketHandle current = handle;
    if (current == null || closed) {
      throw new SocketException(closed ? "Socket closed" : "Socket not created");
    }
    return current;
  }

  /** Replaces the handle by the one that it has become; closes it if the socket was closed. */
  final void setHandle(SocketHandle changed) throws IOException {
    handle = changed;
    if (closed) {
      changed.close();
      throw new SocketException("Socket closed");
    }
  }

  final int timeoutMillis() {
    return timeoutMillis;
  }

  /** Sets {@link SocketImpl#localport}, which the JDK returns from methods that cannot throw. */
  final void updateLocalPort() throws IOException {
    localport = ((InetSocketAddress) handle().localAddress()).getPort();
  }

  /**
   * Returns the exception of the JDK's sockets. Their messages have no address, and some libraries
   * compare them; the cause has the address.
   */
  static IOException asSocketFailure(IOException thrown) {
    String message = thrown.getMessage();
    SocketException converted;
    if (thrown instanceof ClosedChannelException) {
      converted = new SocketException("Socket closed");
    } else if (thrown instanceof SocketException && message != null && message.contains(": ")) {
      converted = withMessage(thrown.getClass(), message.substring(0, message.indexOf(": ")));
    } else {
      return thrown;
    }
    converted.initCause(thrown);
    return converted;
  }

  private static SocketException withMessage(Class<?> type, String message) {
    if (type == ConnectException.class) {
      return new ConnectException(message);
    }
    if (type == BindException.class) {
      return new BindException(message);
    }
    return type == NoRouteToHostException.class
        ? new NoRouteToHostException(message)
        : new SocketException(message);
  }

  @Override
  protected void close() {
    closed = true;
  }

  /**
   * Closes the handle; operations of other callers that wait end with a SocketException. The
   * interrupt status of a cancelled coroutine survives, as with the JDK's sockets: a library that
   * goes on after the failure of its socket may wait by means of the JDK.
   */
  final void closeHandle() throws IOException {
    SocketHandle current = handle;
    if (closed && current != null) {
      boolean interrupted = Interrupts.clear();
      try {
        beforeClose(current);
        current.close();
      } finally {
        Interrupts.restore(interrupted);
      }
    }
  }

  /** Called before the handle is closed; must not throw. */
  void beforeClose(SocketHandle open) {}

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
    var _ = handle();
    checkValue(option, value);
    set(option, value);
  }

  /** Refuses what the JDK refuses, with its messages, which some libraries compare. */
  private static void checkValue(SocketOption<?> option, Object value) throws SocketException {
    if (option.name().equals(READ_ONLY)) {
      throw new SocketException("Attempt to set read only option " + READ_ONLY);
    }
    if (!(value instanceof Integer number)) {
      return;
    }
    if (option == StandardSocketOptions.IP_TOS && (number & ~MAX_TRAFFIC_CLASS) != 0) {
      throw new IllegalArgumentException("Invalid IP_TOS value");
    }
    if (number < 0
        && (option == StandardSocketOptions.SO_SNDBUF
            || option == StandardSocketOptions.SO_RCVBUF)) {
      throw new IllegalArgumentException("Invalid send/receive buffer size");
    }
  }

  @Override
  protected final <T> T getOption(SocketOption<T> option) throws IOException {
    return get(supported(option));
  }

  private <T> void set(SocketOption<T> option, Object value) throws IOException {
    try {
      handle().setOption(option, option.type().cast(value));
    } catch (IOException thrown) {
      throw asSocketFailure(thrown);
    }
  }

  private <T> T get(SocketOption<T> option) throws IOException {
    try {
      return handle().getOption(option);
    } catch (IOException thrown) {
      throw asSocketFailure(thrown);
    }
  }

  /** Sets an option by its number. The JDK passes false to turn {@code SO_LINGER} off. */
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
    if (thrown instanceof SocketException already) {
      return already;
    }
    var wrapped = new SocketException(thrown.getMessage());
    wrapped.initCause(thrown);
    return wrapped;
  }
}
