package dev.goasync.interop.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.interop.tls.Settings.ClientAuth;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.tls.TlsStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams over each provider against blocking TLS sockets of the JDK. */
@Timeout(60)
final class JdkSocketTest {
  private static final int LARGE = 300_000;

  /** One of our ends, whose peer is a socket of the JDK. */
  record End(TlsProvider provider, boolean isClient, String version) {
    static Stream<End> all() {
      List<End> all = new ArrayList<>();
      for (TlsProvider provider : TlsProvider.values()) {
        for (boolean client : new boolean[] {true, false}) {
          all.add(new End(provider, client, Peers.TLS13));
          all.add(new End(provider, client, Peers.TLS12));
        }
      }
      return all.stream();
    }

    @Override
    public String toString() {
      return provider + (isClient ? " client, " : " server, ") + version;
    }
  }

  static Stream<End> tls13() {
    return End.all().filter(end -> end.version().equals(Peers.TLS13));
  }

  static Stream<End> tls12() {
    return End.all().filter(end -> end.version().equals(Peers.TLS12));
  }

  @FunctionalInterface
  private interface OfPeer {
    void run(SSLSocket peer) throws Exception;
  }

  @FunctionalInterface
  private interface OfStream {
    void run(TlsStream tls) throws Exception;
  }

  /** Runs both ends at once, the socket's on a thread of the offload pool. */
  private static void run(End end, OfStream ours, OfPeer peers) throws Exception {
    Peers.inCoroutine(() -> {
      try (var listener =
          AsyncServerSocket.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
        int port = listener.localAddress().getPort();
        Task<?> peer =
            GoAsync.goAsync(
                "peer",
                () ->
                    GoAsync.offload(() -> {
                      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port);
                          SSLSocket tls = over(socket, end)) {
                        peers.run(tls);
                      }
                    }));
        AsyncSocket socket = listener.accept();
        try (TlsStream tls = stream(socket, end)) {
          ours.run(tls);
        }
        Peers.finish(peer);
      }
    });
  }

  private static TlsStream stream(AsyncSocket socket, End end) throws Exception {
    return end.isClient()
        ? end.provider().client(socket, Settings.client(end.version()).own(Identity.CLIENT))
        : end.provider()
            .server(socket, Settings.server(end.version()).clientAuth(ClientAuth.NEEDED));
  }

  private static SSLSocket over(Socket socket, End end) throws IOException {
    Settings settings =
        end.isClient()
            ? Settings.server(end.version()).clientAuth(ClientAuth.NEEDED)
            : Settings.client(end.version()).own(Identity.CLIENT);
    return TlsProvider.JDK.socket(socket, settings, !end.isClient());
  }

  private static void echo(TlsStream tls) throws IOException {
    for (String line; (line = tls.readLine()) != null; ) {
      tls.writeAll(line + "\n");
    }
  }

  private static void ask(SSLSocket peer, String question) throws IOException {
    peer.getOutputStream().write((question + "\n").getBytes(US_ASCII));
    byte[] answer = peer.getInputStream().readNBytes(question.length() + 1);
    assertThat(new String(answer, US_ASCII)).isEqualTo(question + "\n");
  }

  @ParameterizedTest
  @MethodSource("dev.goasync.interop.tls.JdkSocketTest$End#all")
  void linesAreExchangedWithClientCertificates(End end) throws Exception {
    run(
        end,
        JdkSocketTest::echo,
        peer -> {
          ask(peer, "hello");
          ask(peer, "x".repeat(5_000));
          assertThat(peer.getSession().getPeerCertificates())
              .containsExactly((end.isClient() ? Identity.CLIENT : Identity.SERVER).certificate());
        });
  }

  @ParameterizedTest
  @MethodSource("dev.goasync.interop.tls.JdkSocketTest$End#all")
  void muchIsSentBothWays(End end) throws Exception {
    String large = "y".repeat(LARGE);
    run(
        end,
        tls -> {
          Task<?> writing = GoAsync.goAsync(() -> tls.writeAll(large));
          assertThat(tls.readAll()).isEqualTo(large);
          writing.await();
          tls.shutdownOutput();
        },
        peer -> {
          // A close_notify of TLS 1.2 ends both directions, so the socket reads before it sends it.
          Thread writer =
              Thread.ofPlatform()
                  .start(() -> {
                    try {
                      peer.getOutputStream().write(large.getBytes(US_ASCII));
                    } catch (IOException failed) {
                      throw new java.io.UncheckedIOException(failed);
                    }
                  });
          assertThat(peer.getInputStream().readNBytes(LARGE)).hasSize(LARGE);
          writer.join();
          peer.shutdownOutput();
        });
  }

  @ParameterizedTest
  @MethodSource("tls13")
  void keyUpdatesAreAnswered(End end) throws Exception {
    run(
        end,
        JdkSocketTest::echo,
        peer -> {
          for (int i = 0; i < 5; i++) {
            ask(peer, "before " + i);
            peer.startHandshake();
            ask(peer, "after " + i);
          }
        });
  }

  /** Our end throws, unless its engine answers by a warning and the peer gives up. */
  @ParameterizedTest
  @MethodSource("tls12")
  void renegotiationIsRefused(End end) throws Exception {
    assumeTrue(
        end.provider() != TlsProvider.CONSCRYPT || !end.isClient(),
        "Conscrypt's client ignores a request to renegotiate, as RFC 5246, 7.4.1.1 allows");
    run(
        end,
        tls -> {
          assertThat(tls.readLine()).isEqualTo("hello");
          assertThatThrownBy(() -> tls.read(java.nio.ByteBuffer.allocate(1)))
              .isInstanceOf(SSLException.class);
        },
        peer -> {
          peer.getOutputStream().write("hello\n".getBytes(US_ASCII));
          assertThatThrownBy(
                  () -> {
                    peer.startHandshake();
                    peer.getInputStream().read();
                  })
              .isInstanceOf(IOException.class);
        });
  }

  @ParameterizedTest
  @MethodSource("tls13")
  void eachEndClosesItsOutput(End end) throws Exception {
    assumeTrue(end.provider() == TlsProvider.JDK, EndTest.NO_HALF_CLOSE);
    run(
        end,
        tls -> {
          tls.writeAll("bye");
          tls.shutdownOutput();
          assertThat(tls.readAll()).isEqualTo("answer");
        },
        peer -> {
          assertThat(peer.getInputStream().readAllBytes()).hasSize(3);
          peer.getOutputStream().write("answer".getBytes(US_ASCII));
          peer.shutdownOutput();
        });
  }
}
