package dev.goasync.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.net.Server;
import dev.goasync.testkit.TestIdentity;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The peer is the JDK's SSLSocket, on a thread of its own. */
@Conformance
@Timeout(30)
final class TlsWithJdkTest {
  private static final int TOTAL = 300_000;
  private static final String[] PROTOCOLS = {"first", "second"};

  private static byte[] bytes(int seed) {
    byte[] bytes = new byte[TOTAL];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @FunctionalInterface
  private interface Peer {
    void serve(SSLSocket socket) throws Exception;
  }

  /** Runs a server of the JDK's sockets for one client. */
  private static void withServer(Caller caller, Peer peer, PortUser user) throws Exception {
    TestIdentity alice = TestIdentity.of("alice");
    try (var listener =
        (SSLServerSocket)
            TestIdentity.context(new TestIdentity[] {TlsPair.LOCALHOST}, alice)
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      listener.setNeedClientAuth(true);
      var parameters = listener.getSSLParameters();
      parameters.setApplicationProtocols(PROTOCOLS);
      listener.setSSLParameters(parameters);
      Task<?> server =
          Caller.THREAD.beside(() -> {
            try (var socket = (SSLSocket) listener.accept()) {
              peer.serve(socket);
            }
          });
      caller.run(() -> user.use(listener.getLocalPort(), alice));
      Caller.finish(server);
    }
  }

  @FunctionalInterface
  private interface PortUser {
    void use(int port, TestIdentity self) throws Exception;
  }

  @ParameterizedTest
  @CsvSource({"THREAD, TLSv1.3", "COROUTINE, TLSv1.3", "THREAD, TLSv1.2", "COROUTINE, TLSv1.2"})
  void clientWorksWithJdkServer(Caller caller, String protocol) throws Exception {
    withServer(
        caller,
        socket -> {
          var in = new DataInputStream(socket.getInputStream());
          byte[] all = new byte[TOTAL];
          in.readFully(all);
          assertThat(all).isEqualTo(bytes(1));
          assertThat(socket.getApplicationProtocol()).isEqualTo("second");
          assertThat(socket.getSession().getPeerPrincipal()).hasToString("CN=alice");
          socket.getOutputStream().write(bytes(2));
          assertThat(in.read()).isEqualTo(-1);
        },
        (port, alice) -> {
          var context = TestIdentity.context(new TestIdentity[] {alice}, TlsPair.LOCALHOST);
          try (var tls =
              TlsStream.connect(
                  "localhost",
                  port,
                  context,
                  parameters -> {
                    parameters.setProtocols(new String[] {protocol});
                    parameters.setApplicationProtocols(new String[] {"second", "third"});
                  })) {
            tls.writeAll(bytes(1));
            assertThat(tls.readExactly(TOTAL)).isEqualTo(bytes(2));
            assertThat(tls.session().getProtocol()).isEqualTo(protocol);
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"THREAD, TLSv1.3", "COROUTINE, TLSv1.3", "THREAD, TLSv1.2", "COROUTINE, TLSv1.2"})
  void jdkClientWorksWithServer(Caller caller, String protocol) throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    caller.run(() -> {
      try (Server server =
          Server.listen(
              0,
              TlsStream.handler(
                  TlsPair.SERVER,
                  tls -> {
                    assertThat(tls.readExactly(TOTAL)).isEqualTo(bytes(3));
                    tls.writeAll(bytes(4));
                    seen.add(tls.readAll());
                  }))) {
        Task<?> client = Caller.THREAD.beside(() -> talk(server.port(), protocol));
        Caller.finish(client);
        assertThat(TlsPair.first(seen)).isEqualTo("end");
      }
    });
  }

  private static void talk(int port, String protocol) throws IOException {
    try (var socket =
        (SSLSocket) TlsPair.CLIENT.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.getOutputStream().write(bytes(3));
      byte[] all = new byte[TOTAL];
      new DataInputStream(socket.getInputStream()).readFully(all);
      assertThat(all).isEqualTo(bytes(4));
      assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
      socket.getOutputStream().write("end".getBytes(UTF_8));
    }
  }

  /** TLS 1.2 only: a renegotiation that was started but not finished would mix two handshakes. */
  @ParameterizedTest
  @EnumSource
  void renegotiationIsRefused(Caller caller) throws Exception {
    BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    caller.run(() -> {
      try (Server server =
          Server.with()
              .onFailure(failures::add)
              .listen(TlsPair.LOOPBACK, TlsStream.handler(TlsPair.SERVER, tls -> tls.readAll()))) {
        Task<?> client =
            Caller.THREAD.beside(() -> {
              try (var socket =
                  (SSLSocket)
                      TlsPair.CLIENT.getSocketFactory().createSocket("127.0.0.1", server.port())) {
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                socket.startHandshake();
                socket.startHandshake();
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
              }
            });
        Caller.settle(client);
        assertThat(TlsPair.first(failures)).hasMessageContaining("renegotiation");
      }
    });
  }
}
