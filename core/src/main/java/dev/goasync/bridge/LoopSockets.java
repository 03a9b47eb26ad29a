package dev.goasync.bridge;

import dev.goasync.GoAsync;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketImpl;

/**
 * Makes {@code new Socket(...)} pause in coroutines, for libraries that take no {@code
 * SocketFactory}, such as the remote driver of H2.
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

  private static SocketImpl createEndpoint() {
    return GoAsync.inCoroutine() ? new StreamEndpoint() : new ChannelEndpoint();
  }
}
