package dev.goasync.bench.program;

import static dev.goasync.GoAsync.goAsync;

import dev.goasync.net.AsyncDatagramSocket;
import dev.goasync.net.Datagram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Sends each datagram back, many with one system call. */
public final class UdpEcho {
  private static final int BATCH = 64;
  private static final int MAX_BYTES = 2048;

  private UdpEcho() {}

  /** Argument: the port, 0 for any. */
  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    goAsync(() -> serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))).await();
  }

  private static Void serve(InetSocketAddress address) throws IOException {
    try (AsyncDatagramSocket socket = AsyncDatagramSocket.bind(address)) {
      System.out.println("listening on " + ((InetSocketAddress) socket.localAddress()).getPort());
      while (true) {
        List<Datagram> datagrams = socket.receiveBatch(BATCH, MAX_BYTES);
        while (!datagrams.isEmpty()) {
          datagrams = datagrams.subList(socket.sendBatch(datagrams), datagrams.size());
        }
      }
    }
  }
}
