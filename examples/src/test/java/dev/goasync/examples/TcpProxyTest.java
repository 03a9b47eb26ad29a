package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tcp-proxy} between a client and a server that use the JDK's sockets. */
@Timeout(120)
final class TcpProxyTest {
  private static final int MANY = 1_000;
  private static final long FLOOD = 200_000_000;
  private static final long STALL_MILLIS = 1_000;

  private ServerSocket upstream;
  private RunningExample proxy;
  private int port;

  @BeforeEach
  void start() throws IOException {
    upstream =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), MANY)
            .socket();
    List<String> smallMemory = List.of("-Xmx64m", "-XX:MaxDirectMemorySize=160m");
    proxy = RunningExample.start(smallMemory, TcpProxy.class, target(upstream));
    port = proxy.awaitPort();
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    upstream.close();
  }

  private static String target(ServerSocket server) {
    return "127.0.0.1:" + server.getLocalPort();
  }

  private static FutureTask<Void> inParallel(IoAction action) {
    FutureTask<Void> task =
        new FutureTask<>(() -> {
          action.run();
          return null;
        });
    Thread.ofVirtual().start(task);
    return task;
  }

  private interface IoAction {
    void run() throws IOException;
  }

  private static byte[] random(int seed) {
    byte[] bytes = new byte[3_000_000];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void forwardsBothDirectionsAtOnce() throws Exception {
    try (var client = Talk.open(port);
        var server = upstream.accept()) {
      byte[] there = random(1);
      byte[] back = random(2);
      var writers = new ArrayList<FutureTask<Void>>();
      writers.add(inParallel(() -> client.getOutputStream().write(there)));
      writers.add(inParallel(() -> server.getOutputStream().write(back)));
      assertThat(client.getInputStream().readNBytes(back.length)).isEqualTo(back);
      assertThat(server.getInputStream().readNBytes(there.length)).isEqualTo(there);
      for (var writer : writers) {
        writer.get();
      }
    }
  }

  @Test
  void eitherDirectionMayEndFirst() throws Exception {
    try (var client = Talk.open(port);
        var server = upstream.accept()) {
      Talk.send(client, "question");
      client.shutdownOutput();
      assertThat(Talk.rest(server)).isEqualTo("question");
      Talk.send(server, "answer");
      assertThat(Talk.read(client, 6)).isEqualTo("answer");
      server.shutdownOutput();
      assertThat(Talk.rest(client)).isEmpty();
    }
    try (var client = Talk.open(port);
        var server = upstream.accept()) {
      Talk.send(server, "greeting");
      server.shutdownOutput();
      assertThat(Talk.rest(client)).isEqualTo("greeting");
      Talk.send(client, "reply");
      client.shutdownOutput();
      assertThat(Talk.rest(server)).isEqualTo("reply");
    }
  }

  @Test
  void aResetIsForwardedInEitherDirection() throws Exception {
    try (var client = Talk.open(port);
        var server = upstream.accept()) {
      Talk.send(client, "x");
      Talk.read(server, 1);
      Talk.reset(client);
      assertThatThrownBy(() -> Talk.rest(server)).isInstanceOf(SocketException.class);
    }
    try (var client = Talk.open(port);
        var server = upstream.accept()) {
      Talk.send(client, "x");
      Talk.read(server, 1);
      Talk.reset(server);
      assertThatThrownBy(() -> Talk.rest(client)).isInstanceOf(SocketException.class);
    }
  }

  /** The proxy does not read from a client that has ended its output, and still sees its reset. */
  @Test
  void aResetAfterAHalfCloseIsForwarded() throws Exception {
    try (var client = Talk.open(port);
        var server = upstream.accept()) {
      Talk.send(client, "question");
      client.shutdownOutput();
      assertThat(Talk.rest(server)).isEqualTo("question");
      Talk.reset(client);
      assertThat(proxy.awaitLine("AsyncSocket[")).contains("Connection reset");
      assertThatThrownBy(
              () -> {
                while (true) {
                  Talk.send(server, "late");
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  /** The sender stalls; all that it has sent is received when the reader continues. */
  @Test
  void aSlowReaderStallsTheSender() throws Exception {
    try (var client = Talk.open(port);
        var server = upstream.accept()) {
      CRC32 sent = new CRC32();
      long count = sendUntilItStalls(server.getChannel(), sent);
      assertThat(count).isLessThan(FLOOD);
      CRC32 received = new CRC32();
      byte[] buffer = new byte[100_000];
      for (long left = count; left > 0; ) {
        int read = client.getInputStream().read(buffer, 0, (int) Math.min(left, buffer.length));
        received.update(buffer, 0, read);
        left -= read;
      }
      assertThat(received.getValue()).isEqualTo(sent.getValue());
    }
  }

  private static long sendUntilItStalls(SocketChannel channel, CRC32 sum) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(random(3));
    long count = 0;
    channel.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_WRITE);
      while (count < FLOOD && selector.select(STALL_MILLIS) > 0) {
        selector.selectedKeys().clear();
        int from = bytes.position();
        int written = channel.write(bytes);
        sum.update(bytes.array(), from, written);
        count += written;
        if (!bytes.hasRemaining()) {
          bytes.clear();
        }
      }
    }
    channel.configureBlocking(true);
    return count;
  }

  @Test
  void reportsAnUnreachableServer() throws Exception {
    upstream.close();
    try (var client = Talk.open(port)) {
      assertThat(Talk.rest(client)).isEmpty();
    }
    assertThat(proxy.awaitLine("AsyncSocket["))
        .contains("cannot reach " + target(upstream), "Connection refused");
  }

  @Tag("long")
  @Test
  void forwardsAThousandConnectionsAndMakesMoreWait() throws Exception {
    List<Socket> clients = Talk.connect(port, MANY);
    List<Socket> servers = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      servers.add(upstream.accept());
    }
    for (Socket client : clients) {
      Talk.send(client, "hello");
    }
    for (Socket server : servers) {
      assertThat(Talk.read(server, 5)).isEqualTo("hello");
      Talk.send(server, "back");
    }
    try (var late = Talk.open(port)) {
      Talk.send(late, "late");
      for (Socket client : clients) {
        assertThat(Talk.read(client, 4)).isEqualTo("back");
      }
      upstream.setSoTimeout(1);
      assertThatThrownBy(upstream::accept).isInstanceOf(IOException.class);
      upstream.setSoTimeout(0);
      clients.getFirst().close();
      for (Socket server : servers) {
        server.close();
      }
      try (Socket served = upstream.accept()) {
        assertThat(Talk.read(served, 4)).isEqualTo("late");
      }
    }
    Talk.closeAll(clients);
  }

  @Test
  void openConnectionsMayEndAfterCtrlC() throws Exception {
    try (var client = Talk.open(port);
        var server = upstream.accept()) {
      Talk.send(client, "begun");
      assertThat(Talk.read(server, 5)).isEqualTo("begun");
      proxy.sendInterrupt();
      Talk.awaitRefusal(port);
      Talk.send(server, "finished");
      server.shutdownOutput();
      assertThat(Talk.rest(client)).isEqualTo("finished");
      client.shutdownOutput();
      assertThat(Talk.rest(server)).isEmpty();
    }
    assertThat(proxy.awaitStatus()).isEqualTo(130);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nothing", "host:", ":80", "host:0", "host:65536", "a:b:80", "[::1]"})
  void printsItsUsageForWrongArguments(String wrong) throws Exception {
    try (var failed = RunningExample.start(TcpProxy.class, wrong)) {
      assertThat(failed.awaitEnd(2))
          .contains("usage: tcp-proxy [--bind ADDRESS] [--port PORT] HOST:PORT");
    }
  }
}
