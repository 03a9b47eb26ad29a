package dev.goasync.bridge;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.goasync.Caller;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The program of {@link LoopSocketsTest}, in a JVM of its own: a factory cannot be removed. */
final class InstalledSockets {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int COUNT = 20;

  private InstalledSockets() {}

  /** The first argument is "foreign" to set another factory first. */
  @SuppressWarnings("deprecation")
  public static void main(String[] arguments) throws Exception {
    if (Boolean.getBoolean("foreign")) {
      Socket.setSocketImplFactory(() -> {
        throw new AssertionError("not used");
      });
      try {
        LoopSockets.install();
      } catch (IllegalStateException refused) {
        System.out.println(refused.getMessage());
      }
      return;
    }
    LoopSockets.install();
    LoopSockets.install();
    try (ServerSocket server = new ServerSocket(0, 100, LOOPBACK)) {
      Task<?> echo = Caller.THREAD.beside(() -> echo(server));
      Caller.THREAD.run(() -> options(server.getLocalPort()));
      System.out.println("thread: " + talk(server.getLocalPort(), 0));
      Kind.onVirtualThread(
              () -> System.out.println("virtual thread: " + talk(server.getLocalPort(), 0)))
          .await();
      try (EventLoop loop = EventLoop.start("installed")) {
        loop.goAsync(() -> options(server.getLocalPort())).await();
        loop.goAsync(() -> coroutines(server.getLocalPort())).await();
      }
      Caller.settle(echo);
    }
  }

  /** Serves each connection in a thread: the server side is the JDK's. */
  private static void echo(ServerSocket server) throws IOException {
    for (int i = 0; i < COUNT + 6; i++) {
      Socket accepted = server.accept();
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try (accepted) {
              accepted.getInputStream().transferTo(accepted.getOutputStream());
            } catch (IOException reset) {
              // the client has closed
            }
          });
    }
  }

  private static String talk(int port, int number) throws IOException {
    try (Socket socket = new Socket(LOOPBACK, port)) {
      String text = "number " + number;
      socket.getOutputStream().write(text.getBytes(US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }

  private static void coroutines(int port) throws IOException {
    System.out.println("coroutine: " + talk(port, 0));
    try (Socket waiting = new Socket(LOOPBACK, port)) {
      Task<Integer> reader = GoAsync.goAsync(() -> waiting.getInputStream().read());
      List<Task<String>> tasks = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        int number = i;
        tasks.add(GoAsync.goAsync(() -> talk(port, number)));
      }
      System.out.println("together: " + Set.copyOf(GoAsync.awaitAll(tasks)).size());
      System.out.println("the first reader waits: " + !reader.isCompleted());
      reader.cancel("no longer needed");
      Caller.settle(reader);
      System.out.println("cancelled: " + reader.failure());
    }
    try (Socket late = new Socket(LOOPBACK, port)) {
      late.setSoTimeout(1);
      late.getInputStream().read();
    } catch (java.net.SocketTimeoutException timeout) {
      System.out.println("late: " + timeout.getMessage());
    }
  }

  private static void options(int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
      socket.setSoLinger(true, 3);
      socket.setKeepAlive(true);
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      socket.connect(new java.net.InetSocketAddress(LOOPBACK, port));
      Set<SocketOption<?>> options = socket.supportedOptions();
      System.out.println(
          "options: %s %s %s %s %s %s"
              .formatted(
                  socket.getTcpNoDelay(),
                  socket.getSoTimeout(),
                  socket.getSoLinger(),
                  socket.getKeepAlive(),
                  socket.getReuseAddress(),
                  options.contains(StandardSocketOptions.TCP_NODELAY)));
      socket.close();
      socket.getInputStream();
    } catch (SocketException closed) {
      System.out.println("closed: " + closed.getMessage());
    }
  }
}
