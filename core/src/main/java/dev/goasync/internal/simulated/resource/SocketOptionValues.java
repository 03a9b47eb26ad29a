package dev.goasync.internal.simulated.resource;

import dev.goasync.internal.platform.SocketHandle;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The options of a simulated socket, which are stored and, but for the lingering, not used. */
public final class SocketOptionValues {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final String kind;
  private final Map<SocketOption<?>, Object> values;

  private SocketOptionValues(String kind, Map<SocketOption<?>, Object> values) {
    this.kind = kind;
    this.values = new HashMap<>(values);
  }

  /** The options of a TCP connection. */
  public static SocketOptionValues ofStream() {
    return new SocketOptionValues(
        "stream sockets",
        Map.of(
            StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES,
            StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES,
            StandardSocketOptions.SO_KEEPALIVE, false,
            StandardSocketOptions.SO_REUSEADDR, false,
            StandardSocketOptions.SO_REUSEPORT, false,
            StandardSocketOptions.SO_LINGER, -1,
            StandardSocketOptions.TCP_NODELAY, false,
            StandardSocketOptions.IP_TOS, 0,
            SocketHandle.URGENT_INLINE, false));
  }

  /** The options of a connection between Unix sockets. */
  public static SocketOptionValues ofUnixStream() {
    return ofStream();
  }

  /** The options of a listening socket. */
  public static SocketOptionValues ofListener() {
    return new SocketOptionValues(
        "listening sockets",
        Map.of(
            StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES,
            StandardSocketOptions.SO_REUSEADDR, true,
            StandardSocketOptions.SO_REUSEPORT, false));
  }

  /** The options of a UDP socket. */
  public static SocketOptionValues ofDatagrams() {
    return new SocketOptionValues(
        "datagram sockets",
        Map.of(
            StandardSocketOptions.SO_SNDBUF,
            BUFFER_BYTES,
            StandardSocketOptions.SO_RCVBUF,
            BUFFER_BYTES,
            StandardSocketOptions.SO_BROADCAST,
            true,
            StandardSocketOptions.SO_REUSEADDR,
            false,
            StandardSocketOptions.SO_REUSEPORT,
            false,
            StandardSocketOptions.IP_TOS,
            0));
  }

  /** Sets the value of an option that the socket has. */
  public <T> void set(SocketOption<T> option, T value) {
    check(option);
    values.put(option, Objects.requireNonNull(value));
  }

  /** Returns the value of an option that the socket has. */
  public <T> T get(SocketOption<T> option) {
    check(option);
    return option.type().cast(Objects.requireNonNull(values.get(option)));
  }

  private void check(SocketOption<?> option) {
    if (!values.containsKey(option)) {
      throw new UnsupportedOperationException(option + " is not supported for " + kind);
    }
  }

  /** Whether a close drops unsent bytes and resets the connection. */
  public boolean resetsAtClose() {
    return Objects.equals(values.get(StandardSocketOptions.SO_LINGER), 0);
  }
}
