package dev.goasync.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.Descriptors;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.Waiting;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Conformance
final class AsyncSocketTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private long openBefore;
  private AsyncServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    openBefore = Descriptors.count("socket:");
    server = AsyncServerSocket.listen(LOOPBACK);
  }

  @AfterEach
  void nothingIsLeftOpen() throws IOException {
    server.close();
    assertThat(Descriptors.count("socket:")).isEqualTo(openBefore);
  }

  @FunctionalInterface
  private interface Conversation {
    void with(AsyncSocket here, AsyncSocket there) throws Exception;
  }

  private void connected(Caller caller, Conversation conversation) throws Exception {
    caller.run(() -> {
      try (var here = AsyncSocket.connect(server.localAddress());
          var there = server.accept()) {
        conversation.with(here, there);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void sendsAndReceives(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          here.writeAll("one\r\ntwo\nthree");
          assertThat(there.readLine()).isEqualTo("one");
          assertThat(there.readLine()).isEqualTo("two");
          assertThat(there.readExactly(2)).containsExactly('t', 'h');
          here.shutdownOutput();
          assertThatThrownBy(() -> here.writeAll("more"))
              .isInstanceOf(SocketException.class)
              .hasMessageContaining("output was shut down");
          assertThat(there.readAll()).isEqualTo("ree");
          assertThat(there.read(ByteBuffer.allocate(1))).isEqualTo(-1);
          assertThat(there.read(ByteBuffer.allocateDirect(1))).isEqualTo(-1);
          assertThatThrownBy(() -> there.readExactly(1)).isInstanceOf(EOFException.class);
          there.writeAll(new byte[] {7});
          ByteBuffer direct = ByteBuffer.allocateDirect(4);
          assertThat(here.read(direct)).isEqualTo(1);
          assertThat(direct.get(0)).isEqualTo((byte) 7);
          here.shutdownInput();
          assertThat(here.read(direct)).isEqualTo(-1);
        });
  }

  /** A receive stops before an urgent byte, even if later bytes have been received. */
  @ParameterizedTest
  @EnumSource
  void urgentBytesOfThePeerDoNotDelayReads(Caller caller) throws Exception {
    try (var peer = new java.net.Socket()) {
      peer.connect(server.localAddress());
      caller.run(() -> {
        try (var there = server.accept()) {
          Task<?> first = caller.beside(() -> peer.getOutputStream().write('\n'));
          assertThat(there.readLine()).as("after a wait").isEmpty();
          first.await();
          for (int round = 0; round < 20; round++) {
            peer.getOutputStream().write('a');
            peer.sendUrgentData('!');
            peer.getOutputStream().write("b\n".getBytes(US_ASCII));
            assertThat(there.readLine()).isEqualTo("ab");
          }
        }
      });
    }
  }

  @ParameterizedTest
  @EnumSource
  void addressesAndOptionsAreReported(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          assertThat(here.remoteAddress()).isEqualTo(server.localAddress());
          assertThat(there.remoteAddress()).isEqualTo(here.localAddress());
          assertThat(there).asString().contains(here.localAddress().toString());
          assertThat(here.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
          here.setOption(StandardSocketOptions.TCP_NODELAY, true)
              .setOption(StandardSocketOptions.SO_KEEPALIVE, true)
              .setOption(StandardSocketOptions.SO_RCVBUF, 8192);
          assertThat(here.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
          assertThat(here.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
          assertThat(here.getOption(StandardSocketOptions.SO_RCVBUF)).isGreaterThan(4096);
          assertThat(here.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(-1);
          here.setOption(StandardSocketOptions.SO_LINGER, 3);
          assertThat(here.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(3);
          assertThatThrownBy(() -> here.setOption(StandardSocketOptions.SO_SNDBUF, -1))
              .isInstanceOf(IllegalArgumentException.class);
          here.setOption(StandardSocketOptions.IP_TOS, 0x10);
          assertThat(here.getOption(StandardSocketOptions.IP_TOS)).isEqualTo(0x10);
          assertThatThrownBy(() -> here.getOption(StandardSocketOptions.IP_MULTICAST_TTL))
              .isInstanceOf(UnsupportedOperationException.class)
              .hasMessageContaining("IP_MULTICAST_TTL");
          here.setOption(StandardSocketOptions.SO_LINGER, -1);
        });
  }

  @ParameterizedTest
  @EnumSource
  void transfersManyBytesInRandomPieces(Caller caller) throws Exception {
    int total = 2_000_000;
    connected(
        caller,
        (here, there) -> {
          here.setOption(StandardSocketOptions.SO_SNDBUF, 8192);
          CRC32 sent = new CRC32();
          Task<?> writer =
              caller.beside(() -> {
                Random random = new Random(1);
                for (int left = total; left > 0; ) {
                  byte[] piece = new byte[Math.min(left, 1 + random.nextInt(200_000))];
                  random.nextBytes(piece);
                  sent.update(piece);
                  here.writeAll(
                      random.nextBoolean()
                          ? ByteBuffer.wrap(piece)
                          : ByteBuffer.allocateDirect(piece.length).put(piece).flip());
                  left -= piece.length;
                }
                here.shutdownOutput();
              });
          CRC32 received = new CRC32();
          Random random = new Random(2);
          int count = 0;
          while (true) {
            int room = 1 + random.nextInt(100_000);
            ByteBuffer buffer =
                random.nextBoolean() ? ByteBuffer.allocate(room) : ByteBuffer.allocateDirect(room);
            if (there.read(buffer) < 0) {
              break;
            }
            count += buffer.position();
            received.update(buffer.flip());
          }
          Caller.finish(writer);
          assertThat(count).isEqualTo(total);
          assertThat(received.getValue()).isEqualTo(sent.getValue());
        });
  }

  @ParameterizedTest
  @EnumSource
  void closeEndsWaitingOperations(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          Task<?> reader = caller.beside(here::readLine);
          Task<?> acceptor = caller.beside(server::accept);
          if (caller == Caller.THREAD) {
            Waiting.untilThreadsWait(2);
          } else {
            Waiting.forATurn();
          }
          here.close();
          server.close();
          assertThatThrownBy(() -> Caller.finish(reader))
              .isInstanceOf(AsynchronousCloseException.class);
          assertThatThrownBy(() -> Caller.finish(acceptor))
              .isInstanceOf(AsynchronousCloseException.class);
          assertThatThrownBy(() -> here.writeAll("x")).isInstanceOf(ClosedChannelException.class);
          assertThatThrownBy(here::remoteAddress).isInstanceOf(ClosedChannelException.class);
          assertThatThrownBy(server::accept).isInstanceOf(ClosedChannelException.class);
          assertThat(there.readLine()).isNull();
        });
  }

  @Test
  @SuppressWarnings("try") // closing early is what is tested
  void closeByAThreadEndsTheReadOfACoroutine() throws Exception {
    try (var here = AsyncSocket.connect(server.localAddress());
        var there = server.accept()) {
      CountDownLatch begun = new CountDownLatch(1);
      Task<?> reader =
          GoAsync.goAsync(() -> {
            begun.countDown();
            here.readLine();
          });
      begun.await();
      here.close();
      assertThatThrownBy(() -> Caller.finish(reader)).isInstanceOf(ClosedChannelException.class);
      assertThat(there.readLine()).isNull();
    }
  }

  @Test
  void cancelledReadAndAcceptLeaveTheSocketsUsable() throws Exception {
    connected(
        Caller.COROUTINE,
        (here, there) -> {
          for (int i = 0; i < 100; i++) {
            Task<String> reader = GoAsync.goAsync(() -> String.valueOf(here.readLine()));
            Task<AsyncSocket> acceptor = GoAsync.goAsync(server::accept);
            GoAsync.yield();
            if (i % 2 == 0) {
              there.writeAll("line " + i + "\n");
            }
            reader.cancel("first");
            acceptor.cancel("first");
            assertThatThrownBy(acceptor::await).isInstanceOf(CancellationException.class);
            if (i % 2 != 0) {
              there.writeAll("line " + i + "\n");
            }
            String line;
            try {
              line = reader.await();
            } catch (CancellationException nothingRead) {
              line = here.readLine();
            }
            assertThat(line).isEqualTo("line " + i);
          }
          try (var second = AsyncSocket.connect(server.localAddress());
              var accepted = server.accept()) {
            second.writeAll("x\n");
            assertThat(accepted.readLine()).isEqualTo("x");
          }
        });
  }

  @Test
  void interruptEndsTheWaitOfAThread() throws Exception {
    try (var here = AsyncSocket.connect(server.localAddress());
        var there = server.accept()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(here::readLine).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
      there.writeAll("still here\n");
      assertThat(here.readLine()).isEqualTo("still here");
    }
  }

  @Test
  void secondReaderIsRefused() throws Exception {
    connected(
        Caller.COROUTINE,
        (here, there) -> {
          Task<String> first = GoAsync.goAsync(() -> String.valueOf(here.readLine()));
          GoAsync.yield();
          assertThatThrownBy(here::readLine)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("two callers are reading at once");
          there.writeAll("mine\n");
          assertThat(first.await()).isEqualTo("mine");
        });
  }

  @ParameterizedTest
  @EnumSource
  void wrongArgumentsAndAddressesAreRefused(Caller caller) throws Exception {
    caller.run(() -> {
      int port = server.localAddress().getPort();
      assertThatThrownBy(() -> AsyncServerSocket.listen(server.localAddress()))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("Address already in use")
          .hasMessageContaining(Integer.toString(port));
      server.close();
      assertThatThrownBy(() -> AsyncSocket.connect("127.0.0.1", port))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("Connection refused: /127.0.0.1:" + port);
      assertThatThrownBy(() -> AsyncSocket.connect("no such host", 1))
          .isInstanceOf(UnknownHostException.class)
          .hasMessageContaining("no such host");
      assertThatThrownBy(() -> AsyncSocket.connect("localhost", -1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> AsyncServerSocket.listen(new InetSocketAddress("192.0.2.1", 0)))
          .isInstanceOf(BindException.class);
      assertThatThrownBy(() -> AsyncServerSocket.listen(LOOPBACK, 0, false))
          .hasMessage("backlog must be positive: 0");
    });
  }

  @ParameterizedTest
  @EnumSource
  void bindsTheLocalAddress(Caller caller) throws Exception {
    InetAddress other = InetAddress.getByName("127.0.0.2");
    caller.run(() -> {
      InetSocketAddress remote = server.localAddress();
      try (var here = AsyncSocket.connect(remote, new InetSocketAddress(other, 0));
          var there = server.accept()) {
        assertThat(here.localAddress().getAddress()).isEqualTo(other);
        assertThat(there.remoteAddress()).isEqualTo(here.localAddress());
      }
      assertThatThrownBy(() -> AsyncSocket.connect(remote, remote))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("Address already in use")
          .hasMessageContaining(remote.toString());
      assertThatThrownBy(() -> AsyncSocket.connect(remote, new InetSocketAddress("192.0.2.1", 0)))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("192.0.2.1");
    });
  }

  /** No call accepts, and the system queues no more connections for a full listener. */
  @ParameterizedTest
  @EnumSource
  void connectEndsAtItsTimeout(Caller caller) throws Exception {
    caller.run(() -> {
      try (var full = AsyncServerSocket.listen(LOOPBACK, 1, false);
          var first = AsyncSocket.connect(full.localAddress());
          var second = AsyncSocket.connect(full.localAddress())) {
        assertThat(first.isOpen() && second.isOpen()).isTrue();
        int port = full.localAddress().getPort();
        assertThatThrownBy(() -> AsyncSocket.connect("127.0.0.1", port, Duration.ofMillis(20)))
            .isInstanceOf(SocketTimeoutException.class)
            .hasMessage("connecting to 127.0.0.1:" + port + " took longer than PT0.02S");
      }
      int port = server.localAddress().getPort();
      try (var here = AsyncSocket.connect("127.0.0.1", port, Duration.ofDays(1))) {
        assertThat(here.remoteAddress()).isEqualTo(server.localAddress());
      }
    });
  }

  /** "localhost" may have an address of each family; the server listens on one of them. */
  @ParameterizedTest
  @EnumSource
  void triesAllAddressesOfAName(Caller caller) throws Exception {
    caller.run(() -> {
      try (var here = AsyncSocket.connect("localhost", server.localAddress().getPort());
          var there = server.accept()) {
        assertThat(there.remoteAddress()).isEqualTo(here.localAddress());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void resetThrows(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          there.setOption(StandardSocketOptions.SO_LINGER, 0);
          there.close();
          assertThatThrownBy(here::readLine)
              .isInstanceOf(SocketException.class)
              .hasMessageContaining("Connection reset");
          assertThatThrownBy(() -> here.writeAll("x")).isInstanceOf(SocketException.class);
        });
  }

  @ParameterizedTest
  @EnumSource
  void listensOnBothFamiliesAndSharesPorts(Caller caller) throws Exception {
    caller.run(() -> {
      try (var any = AsyncServerSocket.listen(new InetSocketAddress(0), 10, true);
          var same = AsyncServerSocket.listen(any.localAddress(), 10, true)) {
        int port = any.localAddress().getPort();
        assertThat(same.localAddress().getPort()).isEqualTo(port);
      }
      try (var any = AsyncServerSocket.listen(0);
          var v4 = AsyncSocket.connect("127.0.0.1", any.localAddress().getPort());
          var accepted = any.accept()) {
        assertThat(accepted.remoteAddress()).isEqualTo(v4.localAddress());
      }
    });
  }
}
