package dev.goasync.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.net.AsyncSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the contract of SSLEngine allows engines to do, and the JDK's engine does not. */
@Conformance
@Timeout(30)
final class TlsEngineTest {
  @FunctionalInterface
  private interface Conversation {
    void between(TlsStream client, TlsStream server, LateEngine ofServer) throws Exception;
  }

  private static void connected(String version, Conversation conversation) throws Exception {
    Caller.COROUTINE.run(() -> {
      SSLEngine engine = TlsPair.SERVER.createSSLEngine();
      engine.setUseClientMode(false);
      var late = new LateEngine(engine);
      try (TlsPair pair = TlsPair.open();
          var client = pair.client(TlsPair.version(version));
          var server = TlsStream.over(pair.serverSocket(), late)) {
        TlsPair.shake(Caller.COROUTINE, client, server);
        conversation.between(client, server, late);
      }
    });
  }

  @Test
  void taskAfterTheHandshakeRuns() throws Exception {
    connected(
        "TLSv1.3",
        (client, server, engine) -> {
          client.writeAll("hello\n");
          engine.next(LateEngine.Quirk.TASK);
          assertThat(server.readLine()).isEqualTo("hello");
          assertThat(engine.tasksRun).hasValue(1);
        });
  }

  @Test
  void taskAfterTheHandshakeOfTls12IsARenegotiation() throws Exception {
    connected(
        "TLSv1.2",
        (client, server, engine) -> {
          client.writeAll("hello\n");
          engine.next(LateEngine.Quirk.TASK);
          assertThatThrownBy(server::readLine)
              .isInstanceOf(SSLException.class)
              .hasMessageContaining("renegotiation");
        });
  }

  @Test
  void failureThatComesAfterItsAlertIsThrown() throws Exception {
    connected(
        "TLSv1.3",
        (client, server, engine) -> {
          client.writeAll("hello\n");
          engine.next(LateEngine.Quirk.LATE_FAILURE);
          assertThatThrownBy(server::readLine)
              .isInstanceOf(SSLException.class)
              .hasMessageContaining("late");
        });
  }

  @Test
  void failureThatTheNextWrapThrowsIsThrown() throws Exception {
    connected(
        "TLSv1.3",
        (client, server, engine) -> {
          client.writeAll("hello\n");
          engine.next(LateEngine.Quirk.FAILURE_BY_WRAP);
          assertThatThrownBy(server::readLine)
              .isInstanceOf(SSLException.class)
              .hasMessageContaining("late");
        });
  }

  @Test
  void bothHalvesOfTheEngineAreClosedIfTheFirstFails() throws Exception {
    connected(
        "TLSv1.3",
        (_, server, engine) -> {
          engine.closeFails = true;
          assertThatThrownBy(server::close)
              .isInstanceOf(IllegalStateException.class)
              .hasMessage("expected by this test");
          assertThat(engine.inboundClosed).isTrue();
        });
  }

  /** The reader must not spin: it runs on the loop that the writer needs. */
  @Test
  void readerWaitsForAWriterIfTheEngineMustWrapFirst() throws Exception {
    connected(
        "TLSv1.3",
        (client, server, engine) -> {
          client.writeAll("hello\n");
          byte[] large = new byte[8 << 20];
          Task<?> writing = GoAsync.goAsync(() -> server.writeAll(large));
          GoAsync.yield(); // the writer waits for the client, and holds the lock of the sender
          engine.next(LateEngine.Quirk.WRAP_FIRST);
          Task<?> reading =
              GoAsync.goAsync(() -> {
                assertThat(server.readLine()).isEqualTo("hello");
              });
          GoAsync.yield();
          ByteBuffer target = ByteBuffer.allocate(large.length);
          while (target.hasRemaining() && client.read(target) >= 0) {
            // more
          }
          Caller.finish(writing);
          Caller.finish(reading);
        });
  }

  /** A channel that another caller closes just before a read of the channel. */
  private static final class ClosedBeforeRead implements ByteChannel {
    private final AsyncSocket socket;
    private volatile Runnable beforeRead = () -> {};

    ClosedBeforeRead(AsyncSocket socket) {
      this.socket = socket;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      beforeRead.run();
      return socket.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      return socket.write(source);
    }

    @Override
    public boolean isOpen() {
      return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void closeBetweenTwoReadsOfTheChannelEndsTheReader() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (TlsPair pair = TlsPair.open()) {
        var channel = new ClosedBeforeRead(pair.serverSocket());
        SSLEngine engine = TlsPair.SERVER.createSSLEngine();
        engine.setUseClientMode(false);
        try (var client = pair.client();
            var server = TlsStream.over(channel, engine)) {
          TlsPair.shake(Caller.COROUTINE, client, server);
          channel.beforeRead = () -> closeUnchecked(server);
          assertThatThrownBy(server::readLine).isInstanceOf(AsynchronousCloseException.class);
          assertThatThrownBy(server::readLine).isExactlyInstanceOf(ClosedChannelException.class);
        }
      }
    });
  }

  private static void closeUnchecked(TlsStream stream) {
    try {
      stream.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
