package dev.goasync.bridge;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Set;

/**
 * The options of the JDK's sockets, which differ by platform and by modules. Loaded on first use.
 * They are taken from channels, since a {@code new Socket()} may come from a factory of other code.
 */
final class JdkOptions {
  static final Set<SocketOption<?>> OF_SOCKETS;
  static final Set<SocketOption<?>> OF_SERVER_SOCKETS;

  static {
    try (SocketChannel channel = SocketChannel.open();
        ServerSocketChannel listener = ServerSocketChannel.open()) {
      Set<SocketOption<?>> options = new HashSet<>(channel.socket().supportedOptions());
      options.removeIf(option -> option.name().equals("SO_OOBINLINE")); // only Socket.setOOBInline
      OF_SOCKETS = Set.copyOf(options);
      Set<SocketOption<?>> ofListener = new HashSet<>(listener.socket().supportedOptions());
      ofListener.add(StandardSocketOptions.IP_TOS);
      OF_SERVER_SOCKETS = Set.copyOf(ofListener);
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private JdkOptions() {}
}
