package dev.goasync.interop.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on threads of its own between clients and a server, whose connections fail on
 * command.
 */
final class FaultyProxy implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int BACKLOG = 200;
  private static final int BUFFER_BYTES = 16_384;

  private final int serverPort;
  private final int port;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private ServerSocket listener;
  private volatile @Nullable Fault fault;
  private volatile CountDownLatch healed = new CountDownLatch(0);

  FaultyProxy(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.listener = listen(0);
    this.port = listener.getLocalPort();
  }

  int port() {
    return port;
  }

  /** Starts a fault of all connections. */
  void begin(Fault started) throws IOException {
    healed = new CountDownLatch(1);
    fault = started;
    if (started == Fault.DOWN) {
      listener.close();
    }
    if (started == Fault.DOWN || started == Fault.RESTARTED) {
      links.forEach(Link::close);
    }
  }

  /** Ends the fault. */
  void heal() throws IOException {
    fault = null;
    healed.countDown();
    if (listener.isClosed()) {
      listener = listen(port);
    }
  }

  private ServerSocket listen(int localPort) throws IOException {
    ServerSocket opened = new ServerSocket();
    opened.setReuseAddress(true);
    opened.bind(new InetSocketAddress(LOOPBACK, localPort), BACKLOG);
    Thread.ofVirtual().start(() -> accept(opened));
    return opened;
  }

  private void accept(ServerSocket opened) {
    try {
      while (true) {
        Socket client = opened.accept();
        Thread.ofVirtual().start(() -> link(client));
      }
    } catch (IOException closed) {
      // the server is down
    }
  }

  private void link(Socket client) {
    try {
      Link link = new Link(client, new Socket(LOOPBACK, serverPort));
      links.add(link);
      Thread.ofVirtual().start(link::passRequests);
      link.passAnswers();
    } catch (IOException refused) {
      close(client);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException ignored) {
      // it is closed all the same
    }
  }

  @Override
  public void close() throws IOException {
    healed.countDown();
    listener.close();
    links.forEach(Link::close);
  }

  private final class Link {
    private final Socket client;
    private final Socket server;

    Link(Socket client, Socket server) throws IOException {
      this.client = client;
      this.server = server;
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    }

    void passRequests() {
      byte[] buffer = new byte[BUFFER_BYTES];
      try {
        InputStream in = client.getInputStream();
        OutputStream out = server.getOutputStream();
        for (int count; (count = in.read(buffer)) >= 0; ) {
          out.write(buffer, 0, count);
        }
      } catch (IOException closed) {
        // by one of the ends
      }
      close();
    }

    void passAnswers() {
      byte[] buffer = new byte[BUFFER_BYTES];
      try {
        InputStream in = server.getInputStream();
        OutputStream out = client.getOutputStream();
        for (int count; (count = in.read(buffer)) >= 0; ) {
          pass(out, buffer, count);
        }
      } catch (IOException closed) {
        // by one of the ends, or by the fault
      }
      close();
    }

    private void pass(OutputStream out, byte[] answer, int count) throws IOException {
      Fault now = fault;
      if (now == Fault.SLOW) {
        awaitHealed();
      }
      if (now == Fault.RESET) {
        out.write(answer, 0, count / 2);
        client.setSoLinger(true, 0); // the close resets the connection
        throw new IOException("reset");
      }
      out.write(answer, 0, count);
    }

    private static void awaitHealed(CountDownLatch latch) throws IOException {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (IOException) new InterruptedIOException().initCause(e);
      }
    }

    private void awaitHealed() throws IOException {
      awaitHealed(healed);
    }

    void close() {
      links.remove(this);
      FaultyProxy.close(client);
      FaultyProxy.close(server);
    }
  }
}
