package dev.goasync.interop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.net.AsyncSocket;
import dev.goasync.tls.TlsStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The end of one direction and of a connection, as agreed, as an attack or by a fault. */
@Timeout(60)
final class EndTest {
  private static final String ALL = "dev.goasync.interop.tls.Peers#all";

  static final String NO_HALF_CLOSE =
      "only the engine of the JDK reads after its own close_notify, and writes after the peer's";

  /** A record of application data that is no ciphertext of this connection. */
  private static final byte[] FORGED = new byte[5 + 64];

  static {
    FORGED[0] = 23;
    FORGED[1] = 3;
    FORGED[2] = 3;
    FORGED[4] = 64;
  }

  private static void expect(TlsStream tls, String text) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(text.length());
    while (buffer.hasRemaining() && tls.read(buffer) >= 0) {
      // more
    }
    assertThat(new String(buffer.array(), java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo(text);
  }

  @FunctionalInterface
  private interface Ends {
    void run(TlsStream first, TlsStream second, AsyncSocket firstSocket) throws Exception;
  }

  /** Runs the test from the client's end, then from the server's. */
  private static void fromEachEnd(Peers peers, Ends ends) throws Exception {
    peers.connected(connection ->
        ends.run(connection.client(), connection.server(), connection.clientSocket()));
    peers.connected(connection ->
        ends.run(connection.server(), connection.client(), connection.serverSocket()));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void halfCloseLeavesTheOtherDirectionOpen(Peers peers) throws Exception {
    assumeTrue(peers.isTls13(), "close_notify ends both directions in TLS 1.2");
    assumeTrue(
        peers.client() == TlsProvider.JDK && peers.server() == TlsProvider.JDK, NO_HALF_CLOSE);
    fromEachEnd(
        peers,
        (first, second, socket) -> {
          first.writeAll("question");
          first.shutdownOutput();
          assertThat(second.readAll()).isEqualTo("question");
          second.writeAll("answer");
          second.shutdownOutput();
          assertThat(first.readAll()).isEqualTo("answer");
          assertThat(first.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void shutdownOutputEndsThePeersInput(Peers peers) throws Exception {
    fromEachEnd(
        peers,
        (first, second, socket) -> {
          first.writeAll("bye");
          first.shutdownOutput();
          first.shutdownOutput();
          assertThat(second.readAll()).isEqualTo("bye");
          assertThatThrownBy(() -> first.writeAll("more"))
              .isInstanceOf(IOException.class)
              .hasMessageContaining("the output was shut down");
          second.close();
          assertThat(first.readAll()).isEmpty();
        });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void peerOfACloseReadsAllDataAndTheEnd(Peers peers) throws Exception {
    fromEachEnd(
        peers,
        (first, second, socket) -> {
          first.writeAll("bye");
          first.close();
          first.close();
          assertThat(second.readAll()).isEqualTo("bye");
          assertThat(second.read(ByteBuffer.allocate(1))).isEqualTo(-1);
          assertThatThrownBy(() -> first.writeAll("x")).isInstanceOf(ClosedChannelException.class);
          assertThatThrownBy(() -> first.read(ByteBuffer.allocate(1)))
              .isInstanceOf(ClosedChannelException.class);
        });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void closeEndsAReadOfTheSameEnd(Peers peers) throws Exception {
    fromEachEnd(
        peers,
        (first, second, socket) -> {
          Task<Integer> reading = GoAsync.goAsync(() -> first.read(ByteBuffer.allocate(1)));
          GoAsync.yield();
          first.close();
          assertThatThrownBy(() -> Peers.finish(reading))
              .isInstanceOf(ClosedChannelException.class);
          assertThat(second.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void endWithoutCloseNotifyIsAnError(Peers peers) throws Exception {
    fromEachEnd(
        peers,
        (first, second, socket) -> {
          first.writeAll("abc");
          expect(second, "abc");
          socket.shutdownOutput();
          for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> second.read(ByteBuffer.allocate(1)))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("without a close_notify")
                .hasCauseInstanceOf(EOFException.class);
          }
        });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void forgedRecordFailsBothPeers(Peers peers) throws Exception {
    fromEachEnd(
        peers,
        (first, second, socket) -> {
          first.writeAll("abc");
          expect(second, "abc");
          ByteBuffer forged = ByteBuffer.wrap(FORGED);
          while (forged.hasRemaining()) {
            socket.write(forged);
          }
          assertThatThrownBy(() -> second.read(ByteBuffer.allocate(1)))
              .isInstanceOf(SSLException.class);
          assertThatThrownBy(() -> second.writeAll("x")).isInstanceOf(SSLException.class);
          second.close();
          assertThatThrownBy(() -> first.read(ByteBuffer.allocate(1)))
              .isInstanceOf(SSLException.class);
        });
  }
}
