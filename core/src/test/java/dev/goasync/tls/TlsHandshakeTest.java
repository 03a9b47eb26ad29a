package dev.goasync.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.ConnectionHandler;
import dev.goasync.net.Server;
import dev.goasync.testkit.TestIdentity;
import dev.goasync.testkit.Waiting;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.StandardConstants;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trust, negotiation, and the exceptions of both peers if the handshake fails. */
@Conformance
@Timeout(30)
final class TlsHandshakeTest {
  private static final TestIdentity OTHER = TestIdentity.of("other.example");
  private static final TestIdentity ALICE = TestIdentity.of("alice");

  @FunctionalInterface
  private interface Asking {
    void server(int port) throws Exception;
  }

  /** Runs a server and a client of it. */
  private static void served(
      Caller caller,
      SSLContext context,
      Consumer<SSLParameters> parameters,
      ConnectionHandler<TlsStream> handler,
      BlockingQueue<Throwable> failures,
      Asking asking)
      throws Exception {
    caller.run(() -> {
      try (Server server =
          Server.with()
              .onFailure(failures::add)
              .listen(TlsPair.LOOPBACK, TlsStream.handler(context, parameters, handler))) {
        asking.server(server.port());
      }
    });
  }

  private static void echo(TlsStream tls) throws IOException {
    for (String line; (line = tls.readLine()) != null; ) {
      tls.writeAll(line + "\n");
    }
  }

  private static void ask(TlsStream tls) throws IOException {
    tls.writeAll("hello\n");
    assertThat(tls.readLine()).isEqualTo("hello");
  }

  @ParameterizedTest
  @EnumSource
  void connectsByNameAndByAddress(Caller caller) throws Exception {
    caller.run(() -> {
      try (Server server =
          Server.listen(
              0,
              TlsStream.handler(
                  TlsPair.SERVER,
                  unchanged -> {},
                  Duration.ofMinutes(1),
                  TlsHandshakeTest::echo))) {
        for (String host : List.of("localhost", "127.0.0.1")) {
          try (var tls = TlsStream.connect(host, server.port(), TlsPair.CLIENT)) {
            ask(tls);
            assertThat(tls.session().getPeerCertificates())
                .containsExactly(TlsPair.LOCALHOST.certificate());
            assertThat(tls.applicationProtocol()).isEmpty();
          }
        }
      }
    });
  }

  /** The client throws the reason, the server the client's alert. */
  @ParameterizedTest
  @EnumSource
  void untrustedServerIsRefused(Caller caller) throws Exception {
    var failures = new LinkedBlockingQueue<Throwable>();
    served(
        caller,
        TlsPair.SERVER,
        unchanged -> {},
        TlsHandshakeTest::echo,
        failures,
        port -> {
          assertThatThrownBy(() -> TlsStream.connect("localhost", port))
              .isInstanceOf(SSLHandshakeException.class)
              .hasMessageContaining("PKIX path")
              .hasMessageContaining("" + port);
          assertThat(TlsPair.first(failures))
              .isInstanceOf(SSLHandshakeException.class)
              .hasMessageContaining("fatal alert: certificate_unknown");
        });
  }

  @ParameterizedTest
  @EnumSource
  void certificateForAnotherNameIsRefused(Caller caller) throws Exception {
    var failures = new LinkedBlockingQueue<Throwable>();
    served(
        caller,
        OTHER.context(),
        unchanged -> {},
        TlsHandshakeTest::echo,
        failures,
        port -> {
          assertThatThrownBy(() -> TlsStream.connect("localhost", port, OTHER.trustingContext()))
              .isInstanceOf(SSLHandshakeException.class)
              .hasMessageContaining("No subject alternative DNS name matching localhost");
          assertThat(TlsPair.first(failures)).hasMessageContaining("fatal alert");
        });
  }

  /** The server has two certificates and sees the name that the client sent. */
  @ParameterizedTest
  @EnumSource
  void serverChoosesItsCertificateByName(Caller caller) throws Exception {
    SSLContext both = TestIdentity.context(new TestIdentity[] {TlsPair.LOCALHOST, OTHER});
    SSLContext trusting = TestIdentity.context(new TestIdentity[0], TlsPair.LOCALHOST, OTHER);
    served(
        caller,
        both,
        unchanged -> {},
        tls ->
            tls.writeAll(((ExtendedSSLSession) tls.session()).getRequestedServerNames().toString()),
        new LinkedBlockingQueue<>(),
        port -> {
          for (TestIdentity each : List.of(TlsPair.LOCALHOST, OTHER, TlsPair.LOCALHOST)) {
            String name = each.name().substring("CN=".length());
            try (var socket = AsyncSocket.connect("127.0.0.1", port);
                var tls = TlsStream.client(socket, trusting, name, port)) {
              assertThat(tls.readAll()).contains("type=host_name (0), value=" + name);
              assertThat(tls.session().getPeerCertificates()).containsExactly(each.certificate());
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void applicationProtocolIsNegotiated(Caller caller) throws Exception {
    var failures = new LinkedBlockingQueue<Throwable>();
    served(
        caller,
        TlsPair.SERVER,
        parameters -> parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"}),
        tls -> tls.writeAll(tls.applicationProtocol()),
        failures,
        port -> {
          for (String wanted : List.of("h2", "http/1.1")) {
            try (var tls = connectWanting(port, "never heard", wanted)) {
              assertThat(tls.applicationProtocol()).isEqualTo(wanted);
              assertThat(tls.readAll()).isEqualTo(wanted);
            }
          }
          assertThatThrownBy(() -> connectWanting(port, "never heard"))
              .isInstanceOf(SSLHandshakeException.class)
              .hasMessageContaining("fatal alert: no_application_protocol");
          assertThat(TlsPair.first(failures)).isInstanceOf(SSLHandshakeException.class);
        });
  }

  private static TlsStream connectWanting(int port, String... protocols) throws IOException {
    return TlsStream.connect(
        "localhost",
        port,
        TlsPair.CLIENT,
        parameters -> parameters.setApplicationProtocols(protocols));
  }

  @ParameterizedTest
  @EnumSource
  void clientCertificateIsRequired(Caller caller) throws Exception {
    SSLContext trustingAlice = TestIdentity.context(new TestIdentity[] {TlsPair.LOCALHOST}, ALICE);
    var failures = new LinkedBlockingQueue<Throwable>();
    served(
        caller,
        trustingAlice,
        parameters -> parameters.setNeedClientAuth(true),
        tls -> tls.writeAll(tls.session().getPeerPrincipal().getName()),
        failures,
        port -> {
          SSLContext alice = TestIdentity.context(new TestIdentity[] {ALICE}, TlsPair.LOCALHOST);
          try (var tls = TlsStream.connect("localhost", port, alice)) {
            assertThat(tls.readAll()).isEqualTo("CN=alice");
          }
          for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            assertThatThrownBy(
                    () -> {
                      try (var tls =
                          TlsStream.connect(
                              "localhost", port, TlsPair.CLIENT, TlsPair.version(protocol))) {
                        tls.readAll(); // in TLS 1.3 the client is done before the server has
                        // checked
                      }
                    })
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("fatal alert");
            assertThat(TlsPair.first(failures))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("Empty client certificate chain");
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void optionalClientCertificateCanBeMissing(Caller caller) throws Exception {
    served(
        caller,
        TestIdentity.context(new TestIdentity[] {TlsPair.LOCALHOST}, ALICE),
        parameters -> parameters.setWantClientAuth(true),
        tls -> {
          try {
            tls.writeAll(tls.session().getPeerPrincipal().getName());
          } catch (SSLPeerUnverifiedException unknown) {
            tls.writeAll("no certificate");
          }
        },
        new LinkedBlockingQueue<>(),
        port -> {
          try (var tls = TlsStream.connect("localhost", port, TlsPair.CLIENT)) {
            assertThat(tls.readAll()).isEqualTo("no certificate");
          }
        });
  }

  /** A resumed session keeps its creation time and needs no signature. */
  @ParameterizedTest
  @EnumSource
  void resumesSessions(Caller caller) throws Exception {
    List<Long> created = new ArrayList<>();
    served(
        caller,
        TlsPair.LOCALHOST.context(),
        unchanged -> {},
        TlsHandshakeTest::echo,
        new LinkedBlockingQueue<>(),
        port -> {
          for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            SSLContext client = TlsPair.LOCALHOST.trustingContext();
            created.clear();
            for (int i = 0; i < 3; i++) {
              try (var tls =
                  TlsStream.connect("localhost", port, client, TlsPair.version(protocol))) {
                ask(tls);
                created.add(tls.session().getCreationTime());
                Waiting.until(() -> System.currentTimeMillis() > created.getFirst());
              }
            }
            assertThat(created.stream().distinct()).as(protocol).hasSize(1);
            try (var tls =
                TlsStream.connect(
                    "localhost",
                    port,
                    TlsPair.LOCALHOST.trustingContext(),
                    TlsPair.version(protocol))) {
              assertThat(tls.session().getCreationTime()).isGreaterThan(created.getFirst());
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void readerAndWriterCanBothStartTheHandshake(Caller caller) throws Exception {
    caller.run(() -> {
      try (TlsPair pair = TlsPair.open();
          var client = pair.client();
          var server = pair.server()) {
        List<Task<?>> all = new ArrayList<>();
        all.add(caller.beside(() -> assertThat(client.readLine()).isEqualTo("from the server")));
        all.add(caller.beside(() -> server.writeAll("from the server\n")));
        all.add(caller.beside(() -> client.writeAll("from the client\n")));
        assertThat(server.readLine()).isEqualTo("from the client");
        for (Task<?> each : all) {
          Caller.finish(each);
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void plainTextIsRefusedWithAnAlert(Caller caller) throws Exception {
    var failures = new LinkedBlockingQueue<Throwable>();
    served(
        caller,
        TlsPair.SERVER,
        unchanged -> {},
        TlsHandshakeTest::echo,
        failures,
        port -> {
          try (var plain = AsyncSocket.connect("127.0.0.1", port)) {
            plain.writeAll("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            byte[] alert = plain.readAllBytes();
            assertThat(alert).startsWith(21, 3).hasSize(7);
            assertThat(TlsPair.first(failures))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("does not speak TLS");
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void serverThatDoesNotSpeakTlsIsReported(Caller caller) throws Exception {
    caller.run(() -> {
      try (Server server =
          Server.listen(
              0,
              connection -> {
                connection.read(ByteBuffer.allocate(1));
                connection.writeAll("SSH-2.0-OpenSSH_9.2\r\n");
                connection.readAllBytes();
              })) {
        assertThatThrownBy(() -> TlsStream.connect("localhost", server.port(), TlsPair.CLIENT))
            .isInstanceOf(SSLException.class)
            .hasMessageContaining("does not speak TLS");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void endOfTheChannelInTheHandshakeThrows(Caller caller) throws Exception {
    caller.run(() -> {
      try (Server server = Server.listen(0, connection -> connection.readExactly(5))) {
        assertThatThrownBy(() -> TlsStream.connect("localhost", server.port(), TlsPair.CLIENT))
            .isInstanceOfAny(SSLHandshakeException.class, SocketException.class);
      }
      try (TlsPair pair = TlsPair.open();
          var server = pair.server()) {
        pair.clientSocket().shutdownOutput();
        for (int i = 0; i < 2; i++) {
          assertThatThrownBy(server::handshake)
              .isInstanceOf(SSLHandshakeException.class)
              .hasCauseInstanceOf(EOFException.class);
        }
      }
    });
  }

  /** Records after the handshake: one that is not encrypted, and one that is too long. */
  @ParameterizedTest
  @EnumSource
  void wrongRecordsEndTheConnectionWithAnAlert(Caller caller) throws Exception {
    byte[] forged = {23, 3, 3, 0, 40};
    byte[] oversized = {23, 3, 3, (byte) 0xff, (byte) 0xff};
    byte[] unknown = {99, 3, 3, 0, 40};
    for (byte[] header : List.of(forged, oversized, unknown)) {
      TlsPair.connected(
          caller,
          unchanged -> {},
          (client, server) -> {
            client.writeAll("good\n");
            var below = (AsyncSocket) client.channel();
            below.writeAll(header);
            below.writeAll(new byte[40]);
            assertThat(server.readLine()).isEqualTo("good");
            assertThatThrownBy(server::readLine).isInstanceOf(SSLException.class);
            assertThatThrownBy(() -> server.writeAll("more")).isInstanceOf(SSLException.class);
            assertThatThrownBy(client::readLine)
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("fatal alert");
          });
    }
  }

  /** A failing manager ends the handshake of both peers. */
  @ParameterizedTest
  @EnumSource
  void failureOfATrustManagerIsThrownAndSentAsAlert(Caller caller) throws Exception {
    var failures = new LinkedBlockingQueue<Throwable>();
    served(
        caller,
        TlsPair.SERVER,
        parameters ->
            parameters.setSNIMatchers(
                List.of(
                    new SNIMatcher(StandardConstants.SNI_HOST_NAME) {
                      @Override
                      public boolean matches(SNIServerName name) {
                        throw new IllegalStateException("broken matcher");
                      }
                    })),
        TlsHandshakeTest::echo,
        failures,
        port -> {
          assertThatThrownBy(() -> TlsStream.connect("localhost", port, TlsPair.CLIENT))
              .isInstanceOf(SSLException.class)
              .hasMessageContaining("fatal alert: internal_error");
          assertThat(TlsPair.first(failures))
              .isInstanceOf(SSLException.class)
              .hasRootCauseInstanceOf(IllegalStateException.class);
        });
  }
}
