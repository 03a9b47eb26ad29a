package dev.goasync.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.testing.MemoryStream;
import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.MemoryPipe;
import dev.goasync.testkit.NoLeaks;
import java.nio.ByteBuffer;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Timeouts, on a virtual clock and over channels in memory. */
@Timeout(30)
final class TlsTimeTest {
  @RegisterExtension static final NoLeaks NO_LEAKS = new NoLeaks();

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private static void onTestLoop(Duration expected, PipeUser user) throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        MemoryPipe pipe = new MemoryPipe(1000, 10);
        var client = TlsStream.client(pipe.here(), TlsPair.CLIENT, "localhost", 1);
        var server = TlsStream.server(pipe.there(), TlsPair.SERVER);
        user.use(client, server);
      });
      assertThat(loop.elapsed()).isEqualTo(expected);
    }
  }

  @FunctionalInterface
  private interface PipeUser {
    void use(TlsStream client, TlsStream server) throws Exception;
  }

  /** A client that connects and sends nothing. */
  @Test
  void handshakeEndsAtTheTimeout() throws Exception {
    onTestLoop(
        LIMIT,
        (client, server) -> {
          assertThatThrownBy(() -> GoAsync.withTimeout(LIMIT, () -> server.readLine()))
              .isInstanceOf(DeadlineExceededException.class);
          server.close();
          assertThat(client.isOpen()).isTrue();
        });
  }

  /** A client that sends a part of its hello holds its connection for the limit only. */
  @Test
  void aHandlerEndsAHandshakeThatIsTooSlow() throws Exception {
    onTestLoop(
        LIMIT,
        (client, server) -> {
          var handler =
              TlsStream.handler(
                  TlsPair.SERVER,
                  parameters -> {},
                  LIMIT,
                  tls -> {
                    throw new AssertionError("handled before the handshake");
                  });
          MemoryStream.Pair pair = MemoryStream.pair(1000);
          pair.second().write(ByteBuffer.wrap(new byte[] {22, 3, 1, 2, 0, 1}));
          MemoryStream connection = pair.first();
          assertThatThrownBy(() -> handler.handle(connection))
              .isInstanceOf(SSLException.class)
              .hasMessageContaining("the handshake did not end within PT1M");
          assertThat(connection.isOpen()).isFalse();
        });
    assertThatThrownBy(() ->
            TlsStream.handler(TlsPair.SERVER, parameters -> {}, Duration.ofSeconds(-1), tls -> {}))
        .hasMessage("handshakeTimeout is negative: PT-1S");
  }

  @Test
  void closeWaitsForAPeerThatDoesNotReadUntilTheTimeout() throws Exception {
    onTestLoop(
        LIMIT.plus(Connection.CLOSE_TIMEOUT),
        (client, server) -> {
          Task<?> shaking = GoAsync.goAsync(server::handshake);
          client.handshake();
          Caller.finish(shaking);
          byte[] large = new byte[1_000_000];
          assertThatThrownBy(() -> GoAsync.withTimeout(LIMIT, () -> client.writeAll(large)))
              .isInstanceOf(DeadlineExceededException.class);
          client.close();
          assertThat(client.isOpen()).isFalse();
        });
  }

  /** A peer that reads slowly gets all bytes and the end. */
  @Test
  void closeWaitsForASlowPeer() throws Exception {
    onTestLoop(
        Duration.ofSeconds(4),
        (client, server) -> {
          Task<?> reader =
              GoAsync.goAsync(() -> {
                server.handshake();
                GoAsync.sleep(Duration.ofSeconds(4));
                assertThat(server.readAllBytes()).hasSize(10_000);
              });
          client.writeAll(new byte[10_000]);
          client.close();
          Caller.finish(reader);
        });
  }

  /** Output to the peer waits for room, and after some key updates the reader waits as well. */
  @Test
  void readWaitsForAPeerThatRequestsKeyUpdatesAndDoesNotRead() throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(() -> {
        MemoryPipe pipe = new MemoryPipe(100_000, 5);
        SSLEngine engine = TlsPair.CLIENT.createSSLEngine("localhost", 1);
        engine.setUseClientMode(true);
        try (var client = TlsStream.over(pipe.here(), engine);
            var server = TlsStream.server(pipe.there(), TlsPair.SERVER)) {
          TlsPair.shake(Caller.COROUTINE, client, server);
          Task<?> wisher =
              GoAsync.goAsync(() -> {
                for (int i = 0; i < 1000; i++) {
                  engine.beginHandshake();
                  client.write(ByteBuffer.allocate(1));
                }
              });
          Task<?> reader = GoAsync.goAsync(() -> server.readExactly(1000));
          for (int i = 0; i < 50_000; i++) {
            GoAsync.yield();
          }
          assertThat(reader.isCompleted()).isFalse();
          server.channel().close();
          Caller.settle(wisher);
          Caller.settle(reader);
        }
      });
    }
  }
}
