package dev.goasync.interop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.net.AsyncSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What one connection leaves for the next: a session, and no descriptor. */
@Timeout(60)
final class SessionTest {
  private static final int CONNECTIONS = 200;

  /** Fewer bytes than the certificate takes, which a resumed handshake does not send. */
  private static final int CERTIFICATE = 150;

  /** Counts the bytes that a server sends: a resumed handshake sends no certificate. */
  private static final class Counting implements ByteChannel {
    private final ByteChannel channel;
    private long written;

    Counting(ByteChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      return channel.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      int count = channel.write(source);
      written += count;
      return count;
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** Connects, exchanges a line each way and closes; returns the bytes that the server sent. */
  private static long connect(Peers peers) throws Exception {
    AsyncSocket[] sockets = Peers.socketPair();
    var channel = new Counting(sockets[1]);
    try (var connection =
        new Peers.Connection(
            sockets[0],
            sockets[1],
            peers.client().client(sockets[0], Settings.client(peers.version())),
            peers.server().server(channel, Settings.server(peers.version())))) {
      Task<?> server =
          GoAsync.goAsync(
              "server", () -> connection.server().writeAll(connection.server().readLine() + "\n"));
      connection.client().writeAll("hello\n");
      assertThat(connection.client().readLine()).isEqualTo("hello");
      Peers.finish(server);
      connection.client().shutdownOutput();
      assertThat(connection.server().readAll()).isEmpty();
    }
    return channel.written;
  }

  /** The providers that resume each other's sessions; a change of this table is worth a note. */
  private static boolean resume(Peers peers) {
    if (peers.isTls13()) {
      return peers.hasServer(TlsProvider.JDK, TlsProvider.NETTY)
          && !peers.hasClient(TlsProvider.BOUNCY_CASTLE);
    }
    return switch (peers.client()) {
      case JDK, BOUNCY_CASTLE -> true;
      case CONSCRYPT -> peers.hasServer(TlsProvider.JDK);
      case NETTY -> throw new IllegalArgumentException("not predictable");
    };
  }

  @ParameterizedTest
  @MethodSource("dev.goasync.interop.tls.Peers#all")
  void sessionIsResumed(Peers peers) throws Exception {
    assumeTrue(
        peers.isTls13() || peers.client() != TlsProvider.NETTY,
        "netty's client of TLS 1.2 resumes depending on earlier connections of its context");
    Peers.inCoroutine(() -> {
      long first = connect(peers);
      long second = connect(peers);
      assertThat(second < first - CERTIFICATE)
          .as(first + ", then " + second)
          .isEqualTo(resume(peers));
    });
  }

  private static long descriptors() {
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      return links.count();
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  /** Without a garbage collection, which would close what an engine left open. */
  @ParameterizedTest
  @EnumSource
  void closedConnectionsLeaveNoDescriptor(TlsProvider provider) throws Exception {
    Peers.inCoroutine(() -> {
      connect(new Peers(provider, provider, Peers.TLS13));
      connect(new Peers(provider, provider, Peers.TLS12));
      long before = descriptors();
      for (int i = 0; i < CONNECTIONS; i++) {
        connect(new Peers(provider, provider, i % 2 == 0 ? Peers.TLS13 : Peers.TLS12));
      }
      assertThat(descriptors()).isLessThanOrEqualTo(before);
    });
  }

  /** A connection that is closed before or in the midst of its handshake. */
  @ParameterizedTest
  @EnumSource
  void unfinishedConnectionsLeaveNoDescriptor(TlsProvider provider) throws Exception {
    Peers peers = new Peers(provider, provider, Peers.TLS13);
    Peers.inCoroutine(() -> {
      connect(peers);
      long before = descriptors();
      for (int i = 0; i < CONNECTIONS; i++) {
        AsyncSocket[] sockets = Peers.socketPair();
        try (var client = provider.client(sockets[0], Settings.client(Peers.TLS13));
            var server = provider.server(sockets[1], Settings.server(Peers.TLS13))) {
          Task<?> shaking = GoAsync.goAsync(client::handshake);
          GoAsync.yield();
          shaking.cancel();
          assertThatThrownBy(shaking::await).isInstanceOf(CancellationException.class);
          assertThat(server.isOpen()).isTrue();
        }
      }
      assertThat(descriptors()).isLessThanOrEqualTo(before);
    });
  }
}
