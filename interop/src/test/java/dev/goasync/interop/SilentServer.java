package dev.goasync.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A server that accepts connections, and neither reads nor answers. */
public final class SilentServer implements AutoCloseable {
  private final ServerSocket listener;
  private final Thread acceptor = Thread.ofPlatform().daemon().unstarted(this::accept);
  private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();

  public SilentServer() throws IOException {
    listener = new ServerSocket(0, 100, InetAddress.ofLiteral("127.0.0.1"));
    acceptor.start();
  }

  private void accept() {
    try {
      while (true) {
        accepted.add(listener.accept());
      }
    } catch (SocketException closed) {
      // by close()
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  public int connections() {
    return accepted.size();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    while (acceptor.isAlive()) {
      Thread.yield();
    }
    for (Socket socket : accepted) {
      socket.close();
    }
  }
}
