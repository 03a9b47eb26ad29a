package dev.goasync.bridge;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.util.Set;

/**
 * The options of the JDK's sockets, which differ by platform and by modules. Loaded on first use.
 */
final class JdkOptions {
  static final Set<SocketOption<?>> OF_SOCKETS;
  static final Set<SocketOption<?>> OF_SERVER_SOCKETS;

  static {
    try (Socket socket = new Socket();
        ServerSocket listener = new ServerSocket()) {
      OF_SOCKETS = Set.copyOf(socket.supportedOptions());
      OF_SERVER_SOCKETS = Set.copyOf(listener.supportedOptions());
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private JdkOptions() {}
}
