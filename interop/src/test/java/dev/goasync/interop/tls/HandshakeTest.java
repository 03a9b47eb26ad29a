package dev.goasync.interop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.interop.tls.Settings.ClientAuth;
import dev.goasync.tls.TlsStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Negotiation, trust, and the exceptions of both peers if a handshake fails. */
@Timeout(60)
final class HandshakeTest {
  private static final String ALL = "dev.goasync.interop.tls.Peers#all";

  /** How each peer's attempt to connect ended; null if it succeeded. */
  private record Outcome(@Nullable Throwable client, @Nullable Throwable server) {}

  private static void ask(Peers.Connection connection) throws IOException {
    connection.client().writeAll("question\n");
    assertThat(connection.server().readLine()).isEqualTo("question");
    connection.server().writeAll("answer\n");
    assertThat(connection.client().readLine()).isEqualTo("answer");
  }

  /** Both peers connect, exchange a byte and close. */
  private static Outcome attempt(Peers.Connection connection) {
    Task<@Nullable Throwable> server = GoAsync.goAsync("server", () -> end(connection.server()));
    Throwable client = end(connection.client());
    return new Outcome(client, server.await());
  }

  private static @Nullable Throwable end(TlsStream tls) {
    try (tls) {
      tls.handshake();
      tls.writeAll("x");
      return tls.read(ByteBuffer.allocate(1)) == 1 ? null : new IOException("closed by the peer");
    } catch (IOException failed) {
      return failed;
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void versionAndCertificateAreKnown(Peers peers) throws Exception {
    peers.connected(connection -> {
      assertThat(connection.client().session().getProtocol()).isEqualTo(peers.version());
      assertThat(connection.server().session().getProtocol()).isEqualTo(peers.version());
      assertThat(connection.client().session().getPeerCertificates())
          .containsExactly(Identity.SERVER.certificate());
      assertThat(connection.client().applicationProtocol()).isEmpty();
      ask(connection);
    });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void applicationProtocolIsNegotiated(Peers peers) throws Exception {
    peers.connected(
        client -> client.protocols("h2", "http/1.1"),
        server -> server.protocols("http/1.1"),
        connection -> {
          assertThat(connection.client().applicationProtocol()).isEqualTo("http/1.1");
          assertThat(connection.server().applicationProtocol()).isEqualTo("http/1.1");
        });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void serverLearnsTheRequestedName(Peers peers) throws Exception {
    assumeFalse(
        peers.hasServer(TlsProvider.BOUNCY_CASTLE),
        "the session of Bouncy Castle does not implement getRequestedServerNames");
    peers.connected(connection ->
        assertThat(((ExtendedSSLSession) connection.server().session()).getRequestedServerNames())
            .containsExactly(new SNIHostName("localhost")));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void neededClientCertificateIsVerified(Peers peers) throws Exception {
    peers.connected(
        client -> client.own(Identity.CLIENT),
        server -> server.clientAuth(ClientAuth.NEEDED),
        connection -> {
          assertThat(connection.server().session().getPeerCertificates())
              .containsExactly(Identity.CLIENT.certificate());
          ask(connection);
        });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void wantedClientCertificateMayBeMissing(Peers peers) throws Exception {
    peers.connected(
        client -> client,
        server -> server.clientAuth(ClientAuth.WANTED),
        connection -> {
          assertThatThrownBy(() -> connection.server().session().getPeerCertificates())
              .isInstanceOf(SSLPeerUnverifiedException.class);
          ask(connection);
        });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void missingClientCertificateFailsBothPeers(Peers peers) throws Exception {
    peers.open(
        client -> client,
        server -> server.clientAuth(ClientAuth.NEEDED),
        connection -> {
          Outcome outcome = attempt(connection);
          assertThat(outcome.server()).isInstanceOf(SSLException.class);
          assertThat(outcome.client()).isInstanceOf(SSLException.class);
        });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void untrustedClientFailsBothPeers(Peers peers) throws Exception {
    peers.open(
        client -> client.own(Identity.UNTRUSTED),
        server -> server.clientAuth(ClientAuth.NEEDED),
        connection -> {
          Outcome outcome = attempt(connection);
          assertThat(outcome.server()).isInstanceOf(SSLException.class);
          assertThat(outcome.client()).isInstanceOf(SSLException.class);
        });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void untrustedServerFailsBothPeers(Peers peers) throws Exception {
    peers.open(
        client -> client.trusted(Identity.UNTRUSTED),
        server -> server,
        connection -> {
          Outcome outcome = attempt(connection);
          assertThat(outcome.client()).isInstanceOf(SSLException.class);
          assertThat(outcome.server()).isInstanceOf(SSLException.class);
        });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void certificateForAnotherNameFailsBothPeers(Peers peers) throws Exception {
    peers.open(
        client -> client.host("other.example"),
        server -> server,
        connection -> {
          Outcome outcome = attempt(connection);
          assertThat(outcome.client()).isInstanceOf(SSLException.class);
          assertThat(outcome.server()).isInstanceOf(SSLException.class);
          assertThatThrownBy(connection.client()::handshake).isInstanceOf(IOException.class);
        });
  }

  /** The failure of the first operation is the failure of each later one. */
  @ParameterizedTest
  @MethodSource(ALL)
  void failureIsThrownAgain(Peers peers) throws Exception {
    peers.open(
        client -> client.host("other.example"),
        server -> server,
        connection -> {
          Task<@Nullable Throwable> server =
              GoAsync.goAsync("server", () -> end(connection.server()));
          for (int i = 0; i < 3; i++) {
            assertThatThrownBy(connection.client()::handshake).isInstanceOf(SSLException.class);
          }
          assertThatThrownBy(() -> connection.client().read(ByteBuffer.allocate(1)))
              .isInstanceOf(SSLException.class);
          connection.client().close();
          assertThat(server.await()).isInstanceOf(SSLException.class);
        });
  }

  /** RFC 7301 requires an alert; servers over BoringSSL continue without a protocol instead. */
  @ParameterizedTest
  @MethodSource(ALL)
  void noCommonApplicationProtocol(Peers peers) throws Exception {
    peers.open(
        client -> client.protocols("h2"),
        server -> server.protocols("http/1.1"),
        connection -> {
          Outcome outcome = attempt(connection);
          if (peers.hasServer(TlsProvider.CONSCRYPT, TlsProvider.NETTY)) {
            assertThat(outcome).isEqualTo(new Outcome(null, null));
          } else {
            assertThat(outcome.client()).isInstanceOf(SSLException.class);
            assertThat(outcome.server()).isInstanceOf(SSLException.class);
          }
        });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void noCommonVersionFailsBothPeers(Peers peers) throws Exception {
    String other = peers.isTls13() ? Peers.TLS12 : Peers.TLS13;
    peers.open(
        client -> client,
        server -> Settings.server(other),
        connection -> {
          Outcome outcome = attempt(connection);
          assertThat(outcome.client()).isInstanceOf(SSLException.class);
          assertThat(outcome.server()).isInstanceOf(SSLException.class);
        });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void handshakeEndsAtItsTimeoutAndContinues(Peers peers) throws Exception {
    peers.open(
        client -> client,
        server -> server,
        connection -> {
          for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() ->
                    GoAsync.withTimeout(
                        Duration.ofMillis(1), () -> connection.client().handshake()))
                .isInstanceOf(DeadlineExceededException.class);
          }
          connection.handshake();
          ask(connection);
        });
  }

  /** Cancels the client's handshake at the first read of its channel, the second, and so on. */
  @ParameterizedTest
  @MethodSource(ALL)
  void handshakeContinuesAfterACancelAtEachRead(Peers peers) throws Exception {
    Peers.inCoroutine(() -> {
      int reads = 0;
      while (isCancelledAt(reads, peers)) {
        reads++;
      }
      assertThat(reads).isPositive();
    });
  }

  /** Returns false if the handshake has fewer reads. */
  private static boolean isCancelledAt(int read, Peers peers) throws Exception {
    var sockets = Peers.socketPair();
    var channel = new CancellingChannel(sockets[0], read);
    try (var connection =
        new Peers.Connection(
            sockets[0],
            sockets[1],
            peers.client().client(channel, Settings.client(peers.version())),
            peers.server().server(sockets[1], Settings.server(peers.version())))) {
      Task<?> server = GoAsync.goAsync("server", connection.server()::handshake);
      Task<?> client = GoAsync.goAsync("client", connection.client()::handshake);
      channel.cancels(client);
      boolean cancelled = true;
      try {
        client.await();
        cancelled = false;
      } catch (CancellationException expected) {
        connection.client().handshake();
      }
      Peers.finish(server);
      ask(connection);
      return cancelled;
    }
  }
}
