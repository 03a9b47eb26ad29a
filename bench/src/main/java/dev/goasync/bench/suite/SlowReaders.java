package dev.goasync.bench.suite;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Results;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Tool;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that ask for a large file and do not read it. The JVM gets all pages of its heap at the
 * start, so that its resident memory grows by native memory only; sockets' buffers in the kernel do
 * not count.
 */
final class SlowReaders {
  private static final String CASE = "slow-readers";
  private static final String NGINX = "nginx";
  private static final int CLIENTS = 8_000;

  /** These make the server load its classes and allocate its pools. */
  private static final int FIRST = 500;

  private static final int MAX_BYTES = 1_000;
  private static final int RECEIVE_BUFFER = 4 * 1024;
  private static final int QUIET_MILLIS = 500;

  private static final byte[] REQUEST =
      "GET /file-10m HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);

  private static final List<String> FIXED_HEAP =
      List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");

  private SlowReaders() {}

  static List<Trial> trials(Workplace place) {
    return List.of(
        Trial.of(
            CASE,
            Results.US,
            () -> {
              try (Program server = ServedFiles.start(place, FIXED_HEAP)) {
                return measure(server, server.awaitPort());
              }
            }),
        new Trial(
            CASE,
            NGINX,
            Tool.NGINX.missing(),
            () -> {
              try (NativeServer nginx = ServedFiles.startNginx(place)) {
                return measure(nginx.program(), nginx.port());
              }
            }));
  }

  static Target target() {
    return Target.figure(
        "native memory of a client that does not read, in bytes",
        MAX_BYTES,
        CASE,
        Results.US,
        Metric.BYTES_PER_ITEM);
  }

  private static List<Measurement> measure(Program server, int port)
      throws IOException, InterruptedException {
    List<Socket> clients = new ArrayList<>();
    try {
      connect(clients, FIRST, port);
      double before = ProcStat.rssBytes(String.valueOf(server.pid()));
      connect(clients, CLIENTS, port);
      server.checkRuns();
      double after = ProcStat.rssBytes(String.valueOf(server.pid()));
      return List.of(new Measurement(CASE, Metric.BYTES_PER_ITEM, (after - before) / CLIENTS));
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  private static void connect(List<Socket> clients, int count, int port)
      throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      Socket client = new Socket();
      clients.add(client);
      client.setReceiveBufferSize(RECEIVE_BUFFER);
      client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      client.getOutputStream().write(REQUEST);
      if (client.getInputStream().read() != 'H') {
        throw new IOException("client " + clients.size() + " got no response");
      }
    }
    Thread.sleep(QUIET_MILLIS); // the server fills the last buffers
  }
}
