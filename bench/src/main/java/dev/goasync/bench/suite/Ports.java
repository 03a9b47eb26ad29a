package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/** Ports of servers that cannot let the kernel choose one. */
final class Ports {
  private static final long ATTEMPT_MILLIS = 10;

  private Ports() {}

  /** Returns a port of loopback that is free now. */
  static int free() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  /** Waits until a server that prints nothing accepts connections. */
  static void await(Program server, int port, Duration timeout)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < end) {
      server.checkRuns();
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException notYet) {
        Thread.sleep(ATTEMPT_MILLIS);
      }
    }
    throw new IOException("no server listens on port " + port + " within " + timeout);
  }
}
