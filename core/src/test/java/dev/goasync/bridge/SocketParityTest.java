package dev.goasync.bridge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same tests for the JDK's sockets and for those of this library, on a thread and in a
 * coroutine.
 */
@Conformance
@SuppressWarnings("try") // closing early is what is tested
final class SocketParityTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @FunctionalInterface
  private interface Conversation {
    void with(Socket here, Socket there) throws Exception;
  }

  private static ServerSocket listen(Kind kind) throws IOException {
    return kind.serverSockets().createServerSocket(0, 10, LOOPBACK);
  }

  private static void connected(Kind kind, Conversation conversation) throws Exception {
    kind.run(() -> {
      try (ServerSocket server = listen(kind);
          Socket here = kind.sockets().createSocket(LOOPBACK, server.getLocalPort());
          Socket there = server.accept()) {
        conversation.with(here, there);
      }
    });
  }

  private static void send(Socket from, String text) throws IOException {
    from.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private static String receive(Socket at, int count) throws IOException {
    return new String(at.getInputStream().readNBytes(count), US_ASCII);
  }

  @ParameterizedTest
  @EnumSource
  void sendsAndReceives(Kind kind) throws Exception {
    connected(
        kind,
        (here, there) -> {
          send(here, "hello");
          assertThat(receive(there, 5)).isEqualTo("hello");
          OutputStream out = there.getOutputStream();
          out.write(200);
          out.write(new byte[] {9, 1, 2, 9}, 1, 2);
          out.write(new byte[0]);
          out.flush();
          InputStream in = here.getInputStream();
          assertThat(in.read()).isEqualTo(200);
          byte[] target = new byte[4];
          assertThat(in.read(target, 0, 0)).isZero();
          assertThat(in.readNBytes(target, 1, 2)).isEqualTo(2);
          assertThat(target).containsExactly(0, 1, 2, 0);
          assertThatThrownBy(() -> in.read(target, 3, 2))
              .isInstanceOf(IndexOutOfBoundsException.class);
          assertThatThrownBy(() -> out.write(target, -1, 2))
              .isInstanceOf(IndexOutOfBoundsException.class);
          there.close();
          assertThat(in.read()).isEqualTo(-1);
          assertThat(in.read(target)).isEqualTo(-1);
          assertThat(in.available()).isZero();
        });
  }

  @ParameterizedTest
  @EnumSource
  void addressesAndStateAreReported(Kind kind) throws Exception {
    connected(
        kind,
        (here, there) -> {
          assertThat(here.getInetAddress()).isEqualTo(LOOPBACK);
          assertThat(here.getPort()).isEqualTo(there.getLocalPort());
          assertThat(there.getInetAddress()).isEqualTo(LOOPBACK);
          assertThat(there.getRemoteSocketAddress()).isEqualTo(here.getLocalSocketAddress());
          assertThat(here.getLocalAddress()).isEqualTo(LOOPBACK);
          assertThat(here).asString().contains("port=" + there.getLocalPort());
          for (Socket each : new Socket[] {here, there}) {
            assertThat(each.isConnected() && each.isBound() && !each.isClosed()).isTrue();
            assertThat(each.getChannel()).isNull();
            each.close();
            each.close();
            assertThat(each.isConnected() && each.isBound() && each.isClosed()).isTrue();
            assertThatThrownBy(each::getInputStream).isInstanceOf(SocketException.class);
            assertThatThrownBy(each::getTcpNoDelay).isInstanceOf(SocketException.class);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void availableReturnsTheCountOfReceivedBytes(Kind kind) throws Exception {
    connected(
        kind,
        (here, there) -> {
          InputStream in = here.getInputStream();
          assertThat(in.available()).isZero();
          send(there, "abc");
          assertThat(in.read()).isEqualTo('a');
          assertThat(in.available()).isEqualTo(2);
          assertThat(in.read(new byte[9])).isEqualTo(2);
          assertThat(in.available()).isZero();
        });
  }

  @ParameterizedTest
  @EnumSource
  void optionsKeepTheirValues(Kind kind) throws Exception {
    kind.run(() -> {
      try (ServerSocket server = listen(kind);
          Socket socket = kind.sockets().createSocket()) {
        assertThat(socket.isConnected() || socket.isBound()).isFalse();
        setAll(socket);
        assertAllSet(socket);
        socket.connect(server.getLocalSocketAddress());
        assertAllSet(socket);
        socket.setSoLinger(false, 0);
        assertThat(socket.getSoLinger()).isEqualTo(-1);
        socket.setOption(StandardSocketOptions.SO_LINGER, 3);
        assertThat(socket.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(3);
        socket.setSoLinger(false, 0);
        assertThat(socket.supportedOptions())
            .contains(StandardSocketOptions.TCP_NODELAY, StandardSocketOptions.SO_RCVBUF);
        assertThatThrownBy(() -> socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL))
            .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> socket.setOption(StandardSocketOptions.SO_SNDBUF, -1))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> socket.setSoTimeout(-1))
            .isInstanceOf(IllegalArgumentException.class);
      }
    });
  }

  private static void setAll(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    socket.setOOBInline(true);
    socket.setReuseAddress(true);
    socket.setSoLinger(true, 7);
    socket.setSoTimeout(1234);
    socket.setTrafficClass(0x10);
    socket.setReceiveBufferSize(8192);
    socket.setSendBufferSize(8192);
    socket.setPerformancePreferences(1, 2, 3);
  }

  private static void assertAllSet(Socket socket) throws IOException {
    assertThat(socket.getTcpNoDelay()).isTrue();
    assertThat(socket.getKeepAlive()).isTrue();
    assertThat(socket.getOOBInline()).isTrue();
    assertThat(socket.getReuseAddress()).isTrue();
    assertThat(socket.getSoLinger()).isEqualTo(7);
    assertThat(socket.getSoTimeout()).isEqualTo(1234);
    assertThat(socket.getTrafficClass()).isEqualTo(0x10);
    assertThat(socket.getReceiveBufferSize()).isBetween(8192, 16384);
    assertThat(socket.getSendBufferSize()).isBetween(8192, 16384);
  }

  @ParameterizedTest
  @EnumSource
  void bindsTheLocalAddress(Kind kind) throws Exception {
    InetAddress other = InetAddress.ofLiteral("127.0.0.2");
    kind.run(() -> {
      try (ServerSocket server = listen(kind);
          Socket here = kind.sockets().createSocket(LOOPBACK, server.getLocalPort(), other, 0);
          Socket there = server.accept();
          Socket second = kind.sockets().createSocket()) {
        assertThat(there.getInetAddress()).isEqualTo(other);
        assertThat(there.getPort()).isEqualTo(here.getLocalPort());
        assertThatThrownBy(() -> second.bind(server.getLocalSocketAddress()))
            .isInstanceOf(BindException.class);
        second.bind(null);
        int port = second.getLocalPort();
        assertThat(port).isPositive();
        assertThatThrownBy(() -> second.bind(null)).isInstanceOf(SocketException.class);
        second.connect(server.getLocalSocketAddress());
        assertThat(second.getLocalPort()).isEqualTo(port);
        assertThatThrownBy(() -> second.connect(server.getLocalSocketAddress()))
            .isInstanceOf(SocketException.class);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void refusedConnectsThrowWithTheReason(Kind kind) throws Exception {
    kind.run(() -> {
      int unusedPort;
      try (ServerSocket server = listen(kind)) {
        unusedPort = server.getLocalPort();
      }
      assertThatThrownBy(() -> kind.sockets().createSocket(LOOPBACK, unusedPort))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("Connection refused");
      assertThatThrownBy(() -> kind.sockets().createSocket("no such host", 1))
          .isInstanceOf(java.net.UnknownHostException.class)
          .hasMessageContaining("no such host");
      assertThatThrownBy(() -> kind.sockets().createSocket(LOOPBACK, 65_536))
          .isInstanceOf(IllegalArgumentException.class);
      try (Socket socket = kind.sockets().createSocket()) {
        assertThatThrownBy(() -> socket.connect(UnixDomainSocketAddress.of("none")))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> socket.connect(new InetSocketAddress(LOOPBACK, unusedPort)))
            .isInstanceOf(ConnectException.class);
        assertThat(socket.isClosed()).isTrue();
        assertThatThrownBy(() -> socket.connect(new InetSocketAddress(LOOPBACK, unusedPort)))
            .isInstanceOf(SocketException.class);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void aConnectToTheWildcardReachesThisHost(Kind kind) throws Exception {
    kind.run(() -> {
      try (ServerSocket server = kind.serverSockets().createServerSocket(0);
          Socket socket = kind.sockets().createSocket()) {
        socket.connect(new InetSocketAddress(server.getLocalPort()));
        assertThat(socket.getInetAddress()).isEqualTo(InetAddress.getLocalHost());
      }
    });
  }

  /** No call accepts, and the system queues no more connections for a full listener. */
  @ParameterizedTest
  @EnumSource
  void connectTimesOut(Kind kind) throws Exception {
    kind.run(() -> {
      List<Socket> sockets = new ArrayList<>();
      try (ServerSocket full = kind.serverSockets().createServerSocket(0, 1, LOOPBACK)) {
        SocketTimeoutException late = null;
        while (late == null) {
          Socket next = kind.sockets().createSocket();
          sockets.add(next);
          try {
            next.connect(full.getLocalSocketAddress(), 5);
          } catch (SocketTimeoutException expected) {
            late = expected;
          }
        }
        if (kind != Kind.OF_JDK) { // the JDK gives no message if the time was over before it tried
          assertThat(late).hasMessageContaining("Connect timed out");
        }
        assertThat(sockets.getLast().isClosed()).isTrue();
      } finally {
        for (Socket each : sockets) {
          each.close();
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void readCanBeRepeatedAfterATimeout(Kind kind) throws Exception {
    connected(
        kind,
        (here, there) -> {
          here.setSoTimeout(1);
          for (int round = 0; round < 3; round++) {
            assertThatThrownBy(() -> here.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("Read timed out");
            here.setSoTimeout(10_000);
            send(there, "x");
            assertThat(here.getInputStream().read()).isEqualTo('x');
            here.setSoTimeout(1);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void acceptCanBeRepeatedAfterATimeout(Kind kind) throws Exception {
    kind.run(() -> {
      try (ServerSocket server = listen(kind)) {
        server.setSoTimeout(1);
        assertThat(server.getSoTimeout()).isEqualTo(1);
        assertThatThrownBy(server::accept)
            .isInstanceOf(SocketTimeoutException.class)
            .hasMessage("Accept timed out");
        server.setSoTimeout(10_000);
        try (Socket here = kind.sockets().createSocket(LOOPBACK, server.getLocalPort());
            Socket there = server.accept()) {
          send(here, "x");
          assertThat(receive(there, 1)).isEqualTo("x");
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void shutdownEndsOneDirection(Kind kind) throws Exception {
    connected(
        kind,
        (here, there) -> {
          OutputStream out = here.getOutputStream();
          InputStream in = here.getInputStream();
          send(here, "last");
          here.shutdownOutput();
          assertThat(here.isOutputShutdown() && !here.isInputShutdown()).isTrue();
          assertThat(new String(there.getInputStream().readAllBytes(), US_ASCII)).isEqualTo("last");
          assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
          assertThatThrownBy(here::getOutputStream).isInstanceOf(SocketException.class);
          assertThatThrownBy(here::shutdownOutput).isInstanceOf(SocketException.class);
          send(there, "still");
          assertThat(receive(here, 5)).isEqualTo("still");
          here.shutdownInput();
          assertThat(here.isInputShutdown()).isTrue();
          assertThat(in.read()).isEqualTo(-1);
          assertThat(in.available()).isZero();
          assertThatThrownBy(here::getInputStream).isInstanceOf(SocketException.class);
        });
  }

  @ParameterizedTest
  @EnumSource
  void closeEndsWaitingOperations(Kind kind) throws Exception {
    connected(
        kind,
        (here, there) -> {
          try (ServerSocket server = listen(kind)) {
            InputStream in = here.getInputStream();
            Task<?> reader = kind.beside(() -> in.read());
            Task<?> acceptor = kind.beside(() -> server.accept());
            Parked.untilTwoWait(kind);
            in.close();
            server.close();
            assertThatThrownBy(() -> Caller.finish(reader)).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> Caller.finish(acceptor)).isInstanceOf(SocketException.class);
            assertThat(here.isClosed() && server.isClosed()).isTrue();
            assertThat(there.getInputStream().read()).isEqualTo(-1);
            assertThatThrownBy(in::read).isInstanceOf(SocketException.class);
            assertThatThrownBy(server::accept).isInstanceOf(SocketException.class);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void urgentBytesAreReadInlineOrDropped(Kind kind) throws Exception {
    connected(
        kind,
        (here, there) -> {
          send(here, "a");
          here.sendUrgentData('!');
          send(here, "b");
          assertThat(receive(there, 2)).isEqualTo("ab");
          there.setOOBInline(true);
          send(here, "c");
          here.sendUrgentData('!');
          send(here, "d");
          assertThat(receive(there, 3)).isEqualTo("c!d");
        });
  }

  @ParameterizedTest
  @EnumSource
  void resetThrows(Kind kind) throws Exception {
    connected(
        kind,
        (here, there) -> {
          there.setSoLinger(true, 0);
          there.close();
          assertThatThrownBy(() -> here.getInputStream().read())
              .isInstanceOf(SocketException.class)
              .hasMessageContaining("Connection reset");
        });
  }

  @ParameterizedTest
  @EnumSource
  void transfersManyBytesInRandomPieces(Kind kind) throws Exception {
    int total = 600_000;
    connected(
        kind,
        (here, there) -> {
          here.setSendBufferSize(8192);
          CRC32 sent = new CRC32();
          Task<?> writer =
              kind.beside(() -> {
                Random random = new Random(1);
                for (int left = total; left > 0; ) {
                  byte[] piece = new byte[Math.min(left, 1 + random.nextInt(100_000))];
                  random.nextBytes(piece);
                  sent.update(piece);
                  here.getOutputStream().write(piece);
                  left -= piece.length;
                }
                here.shutdownOutput();
              });
          CRC32 received = new CRC32();
          Random random = new Random(2);
          byte[] target = new byte[50_000];
          int count;
          while ((count = there.getInputStream().read(target, 7, 1 + random.nextInt(40_000)))
              >= 0) {
            received.update(target, 7, count);
          }
          Caller.finish(writer);
          assertThat(received.getValue()).isEqualTo(sent.getValue());
        });
  }

  /** Bytes of one write stay together, however many callers write at once. */
  @ParameterizedTest
  @EnumSource
  void concurrentWritesDoNotMix(Kind kind) throws Exception {
    int each = 100_000;
    connected(
        kind,
        (here, there) -> {
          here.setSendBufferSize(8192);
          Task<?>[] writers = new Task<?>[3];
          for (int i = 0; i < writers.length; i++) {
            byte[] mine = new byte[each];
            Arrays.fill(mine, (byte) i);
            writers[i] = kind.beside(() -> here.getOutputStream().write(mine));
          }
          for (int i = 0; i < writers.length; i++) {
            byte[] piece = there.getInputStream().readNBytes(each);
            byte[] same = new byte[each];
            Arrays.fill(same, piece[0]);
            assertThat(piece).isEqualTo(same);
          }
          for (Task<?> writer : writers) {
            Caller.finish(writer);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void listensWithBacklogAndAddress(Kind kind) throws Exception {
    kind.run(() -> {
      try (ServerSocket server = kind.serverSockets().createServerSocket()) {
        assertThat(server.isBound()).isFalse();
        assertThatThrownBy(server::accept).isInstanceOf(SocketException.class);
        server.setReceiveBufferSize(8192);
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(0), 5);
        assertThat(server.getReceiveBufferSize()).isBetween(8192, 16384);
        assertThat(server.getReuseAddress()).isTrue();
        assertThat(server.getInetAddress().isAnyLocalAddress()).isTrue();
        assertThat(server.getChannel()).isNull();
        assertThat(server).asString().contains("localport=" + server.getLocalPort());
        assertThat(server.supportedOptions()).contains(StandardSocketOptions.SO_RCVBUF);
        assertThatThrownBy(() -> server.bind(null)).isInstanceOf(SocketException.class);
        assertThatThrownBy(
                () -> kind.serverSockets().createServerSocket(server.getLocalPort()).close())
            .isInstanceOf(BindException.class);
        try (Socket v4 = kind.sockets().createSocket(LOOPBACK, server.getLocalPort());
            Socket accepted = server.accept()) {
          assertThat(accepted.getInetAddress()).isEqualTo(LOOPBACK);
          assertThat(accepted.getPort()).isEqualTo(v4.getLocalPort());
        }
      }
      try (ServerSocket server = kind.serverSockets().createServerSocket(0, 5);
          Socket named = kind.sockets().createSocket("localhost", server.getLocalPort());
          Socket accepted = server.accept()) {
        send(named, "x");
        assertThat(receive(accepted, 1)).isEqualTo("x");
      }
    });
  }
}
