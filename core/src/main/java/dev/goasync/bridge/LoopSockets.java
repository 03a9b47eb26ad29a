package dev.goasync.bridge;

import dev.goasync.GoAsync;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketImpl;
import java.util.Objects;

/**
 * Makes {@code new Socket(...)} pause in coroutines, for libraries that take no {@code
 * SocketFactory}, such as the remote driver of H2; and makes a {@link Socket} of any {@link
 * ByteStream}, for libraries that take a connected socket.
 *
 * <pre>{@code
 * import java.sql.DriverManager;
 *
 * public static void main(String[] args) throws Exception {
 *   LoopSockets.install();                               // first of all, once in a program
 *   goAsync(() -> {
 *     try (var connection = DriverManager.getConnection("jdbc:h2:tcp://127.0.0.1/~/shop")) {
 *       System.out.println(connection.getMetaData().getDatabaseProductVersion());
 *     }
 *   }).await();
 * }
 * }</pre>
 *
 * <p>A socket gets its implementation when it is first used. In a coroutine it gets that of {@link
 * LoopSocketFactory}. On any other thread it gets one of the JDK, that of a {@code SocketChannel},
 * which a coroutine may use later as well: it pauses in full mode and blocks the loop in portable
 * mode. Server sockets stay those of the JDK.
 *
 * <p>docs/guide/library-sockets.md lists the differences from a program without this method. Prefer
 * {@link LoopSocketFactory} if the library takes a factory.
 */
public final class LoopSockets {
  private static boolean installed;

  private LoopSockets() {}

  /**
   * Sets the implementation of all sockets that the program makes from now on. Further calls have
   * no effect. It cannot be undone, since the JDK accepts one factory in the life of a program.
   *
   * <p><b>Threads.</b> Any thread may call this method.
   *
   * @throws IllegalStateException if other code has called {@link Socket#setSocketImplFactory}
   */
  @SuppressWarnings("deprecation") // the JDK has no other way
  public static synchronized void install() {
    if (installed) {
      return;
    }
    try {
      Socket.setSocketImplFactory(LoopSockets::createEndpoint);
    } catch (IOException refused) {
      throw new IllegalStateException(
          "other code has set a factory by Socket.setSocketImplFactory, which can be set once;"
              + " remove that call, or give the library a LoopSocketFactory",
          refused);
    }
    installed = true;
  }

  /**
   * Returns a connected socket that reads from {@code stream} and writes to it, such as a {@link
   * dev.goasync.tls.TlsStream} or a stream in memory. In a coroutine its operations pause the
   * coroutine, on any other thread they block the thread, as those of the stream do. {@code
   * SO_TIMEOUT} limits reads. {@link Socket#close} closes the stream.
   *
   * <pre>{@code
   * import java.net.Socket;
   *
   * AsyncSocket transport = AsyncSocket.connect("localhost", 6379);
   * Socket socket = LoopSockets.view(transport);
   * socket.setSoTimeout(5_000);
   * socket.getOutputStream().write("PING\r\n".getBytes());
   * }</pre>
   *
   * <p>Addresses and options are those of the {@link dev.goasync.net.StreamSocket} that the stream
   * is or that lies below its TLS. Any other stream has the address 0.0.0.0 and no options: setting
   * one throws as the JDK does for an option that a socket does not support. {@link
   * Socket#shutdownOutput} works for sockets and for TLS and throws {@link
   * UnsupportedOperationException} otherwise. After {@link Socket#shutdownInput} reads return the
   * end; a read that waits already goes on, unless the stream is a socket. {@code available()}
   * returns 0.
   *
   * <p><b>Threads.</b> Any thread may use the socket. Its user should be the stream's only one.
   *
   * <p><b>Cancellation.</b> An operation that is cancelled, or whose thread is interrupted, closes
   * the stream and throws a {@link java.net.SocketException}, as with the sockets of {@link
   * LoopSocketFactory}.
   *
   * @throws NullPointerException if {@code stream} is null
   */
  public static Socket view(ByteStream stream) {
    return LoopSocket.view(Objects.requireNonNull(stream, "stream"));
  }

  private static SocketImpl createEndpoint() {
    return GoAsync.inCoroutine() ? new StreamEndpoint() : new ChannelEndpoint();
  }
}
