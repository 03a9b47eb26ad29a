package dev.goasync.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.bridge.LoopServerSocketFactory;
import dev.goasync.bridge.LoopSslSocketFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's TLS sockets on top of sockets of the library, at both ends. */
@Timeout(60)
final class TlsTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /** Fewer than in the tests of queries: a handshake costs a hundred times as much. */
  private static final int HANDSHAKES = 20;

  private static final char[] PASSWORD = "for a test".toCharArray();

  @RegisterExtension final OneLoop one = new OneLoop();

  private static SSLContext context;

  /** Creates a key for this host with keytool, and a context that trusts it. */
  @BeforeAll
  static void makeKey(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
    assertThat(keytool.waitFor()).as(printed).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    var ownKeys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    ownKeys.init(keys, PASSWORD);
    var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(keys);
    context = SSLContext.getInstance("TLS");
    context.init(ownKeys.getKeyManagers(), trusted.getTrustManagers(), null);
  }

  private static void echo(Socket accepted) throws IOException {
    var tls =
        (SSLSocket)
            context.getSocketFactory().createSocket(accepted, null, accepted.getPort(), true);
    try (tls) {
      tls.setUseClientMode(false);
      tls.getInputStream().transferTo(tls.getOutputStream());
    }
  }

  private static void exchange(Socket tls, String text) throws IOException {
    try (tls) {
      tls.getOutputStream().write(text.getBytes(US_ASCII));
      byte[] answer = tls.getInputStream().readNBytes(text.length());
      assertThat(new String(answer, US_ASCII)).isEqualTo(text);
    }
  }

  @Test
  void manyConnectionsShareOneLoop() throws Exception {
    var factory = new LoopSslSocketFactory(context);
    one.run(() -> {
      try (ServerSocket server =
          new LoopServerSocketFactory().createServerSocket(0, HANDSHAKES, LOOPBACK)) {
        List<Task<?>> ends = new ArrayList<>();
        ends.addAll(
            OneLoop.start(
                HANDSHAKES,
                number -> {
                  echo(server.accept());
                  return number;
                }));
        ends.addAll(
            OneLoop.start(
                HANDSHAKES,
                number -> {
                  int port = server.getLocalPort();
                  Socket tls =
                      number % 2 == 0
                          ? factory.createSocket("localhost", port)
                          : factory.createSocket(LOOPBACK, port, LOOPBACK, 0);
                  exchange(tls, "number " + number);
                  return number;
                }));
        GoAsync.awaitAll(ends);
      }
    });
  }

  @Test
  void cipherSuitesAndErrorsAreThoseOfTheJdk() throws Exception {
    var factory = new LoopSslSocketFactory(context.getSocketFactory());
    assertThat(factory.getDefaultCipherSuites())
        .isEqualTo(context.getSocketFactory().getDefaultCipherSuites());
    assertThat(factory.getSupportedCipherSuites())
        .isEqualTo(context.getSocketFactory().getSupportedCipherSuites());
    assertThatThrownBy(factory::createSocket)
        .isInstanceOf(SocketException.class)
        .hasCauseInstanceOf(UnsupportedOperationException.class);
    one.run(() -> {
      try (ServerSocket server = new LoopServerSocketFactory().createServerSocket(0, 5, LOOPBACK)) {
        Task<?> plain =
            GoAsync.goAsync(() -> {
              try (Socket accepted = server.accept()) {
                accepted.getOutputStream().write("this is not TLS\n".getBytes(US_ASCII));
                accepted.getInputStream().readAllBytes();
              }
            });
        try (Socket tls = factory.createSocket(LOOPBACK, server.getLocalPort())) {
          assertThatThrownBy(() -> tls.getOutputStream().write(1)).isInstanceOf(SSLException.class);
        }
        plain.await();
      }
    });
  }
}
