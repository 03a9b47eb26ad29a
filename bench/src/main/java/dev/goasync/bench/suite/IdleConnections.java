package dev.goasync.bench.suite;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import dev.goasync.bench.harness.Program;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The memory that connections cost a server while nothing is said on them. */
final class IdleConnections {
  private static final String CASE = "connections";
  private static final int COUNT = 10_000;

  /** These make the server load and compile what it needs, before its memory is looked at. */
  private static final int FIRST = 200;

  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);
  private static final byte LAST_OF_ANSWER = '!';

  private IdleConnections() {}

  static Trial trial(Workplace place, Peer peer) {
    return Trial.of(
        peer.id(),
        CASE + " " + peer.id(),
        peer.missing(),
        () -> {
          try (Program server = Program.start(peer.command("0"))) {
            int port = Integer.parseInt(server.awaitLine("listening on"));
            return List.of(
                new Measurement(CASE, Metric.BYTES_PER_ITEM, bytesOfEach(server.pid(), port)));
          }
        });
  }

  private static double bytesOfEach(long pid, int port) throws Exception {
    List<SocketChannel> open = new ArrayList<>();
    try {
      connect(port, FIRST, open);
      double before = resident(pid);
      connect(port, COUNT, open);
      return (resident(pid) - before) / COUNT;
    } finally {
      for (SocketChannel each : open) {
        each.close();
      }
    }
  }

  private static void connect(int port, int count, List<SocketChannel> open) throws IOException {
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    ByteBuffer answer = ByteBuffer.allocate(1024);
    for (int i = 0; i < count; i++) {
      SocketChannel client = SocketChannel.open(server);
      open.add(client);
      client.write(ByteBuffer.wrap(REQUEST));
      answer.clear();
      while (answer.position() == 0 || answer.get(answer.position() - 1) != LAST_OF_ANSWER) {
        if (client.read(answer) < 0) {
          throw new EOFException("the server closed connection " + open.size());
        }
      }
    }
  }

  /** Without a JVM's garbage, which says nothing about connections. */
  private static double resident(long pid) throws IOException, InterruptedException {
    String id = String.valueOf(pid);
    Path executable = Path.of("/proc", id, "exe").toRealPath();
    if (executable.endsWith("java")) {
      String jcmd = executable.resolveSibling("jcmd").toString();
      var _ = Program.run(List.of(jcmd, id, "GC.run"));
    }
    return ProcStat.rssBytes(id);
  }
}
