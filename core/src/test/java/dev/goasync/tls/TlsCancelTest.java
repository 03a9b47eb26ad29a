package dev.goasync.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.MemoryPipe;
import dev.goasync.testkit.Waiting;
import java.io.InterruptedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cancels, interrupts and timeouts at any point: no byte is lost or duplicated, and the stream
 * stays usable.
 */
@Conformance
@Timeout(30)
final class TlsCancelTest {
  private static final int TOTAL = 200_000;

  /** Runs an operation, cancels it at random, and returns whether it ended with a result. */
  private static boolean attempt(Random random, dev.goasync.Action<?> operation) throws Exception {
    Task<?> task = GoAsync.goAsync(operation);
    if (random.nextBoolean()) {
      for (int i = random.nextInt(4); i > 0; i--) {
        GoAsync.yield();
      }
      task.cancel("at random");
    }
    try {
      Caller.finish(task);
      return true;
    } catch (CancellationException cancelled) {
      return false;
    }
  }

  private static byte byteAt(int index, int salt) {
    return (byte) (index % 251 + index / 251 * 7 + salt);
  }

  private static void write(TlsStream tls, int salt, Random random) throws Exception {
    for (int sent = 0; sent < TOTAL; ) {
      ByteBuffer source = ByteBuffer.allocate(Math.min(1 + random.nextInt(40_000), TOTAL - sent));
      for (int i = 0; i < source.limit(); i++) {
        source.put(i, byteAt(sent + i, salt));
      }
      boolean done = attempt(random, () -> tls.write(source));
      assertThat(source.position() > 0).isEqualTo(done);
      sent += source.position();
    }
  }

  private static void read(TlsStream tls, int salt, Random random) throws Exception {
    for (int got = 0; got < TOTAL; ) {
      ByteBuffer target = ByteBuffer.allocate(1 + random.nextInt(40_000));
      attempt(random, () -> tls.read(target));
      for (int i = 0; i < target.position(); i++) {
        if (target.get(i) != byteAt(got + i, salt)) {
          throw new AssertionError("byte " + (got + i) + " is wrong");
        }
      }
      got += target.position();
    }
  }

  private static void exchange(TlsStream client, TlsStream server, long seed) throws Exception {
    List<Task<?>> all = new ArrayList<>();
    all.add(GoAsync.goAsync(() -> write(client, 1, new Random(seed))));
    all.add(GoAsync.goAsync(() -> read(server, 1, new Random(seed + 100))));
    all.add(GoAsync.goAsync(() -> write(server, 2, new Random(seed + 200))));
    all.add(GoAsync.goAsync(() -> read(client, 2, new Random(seed + 300))));
    for (Task<?> each : all) {
      Caller.finish(each);
    }
    client.shutdownOutput();
    server.shutdownOutput();
    assertThat(server.readAllBytes()).as("no duplicated bytes").isEmpty();
    assertThat(client.readAllBytes()).isEmpty();
  }

  /** The handshake is also cancelled at random, because it is part of the first operations. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyByteArrivesOnce(long seed) throws Exception {
    Caller.COROUTINE.run(() -> {
      try (TlsPair pair = TlsPair.open();
          var client = pair.client();
          var server = pair.server()) {
        pair.clientSocket().setOption(StandardSocketOptions.SO_SNDBUF, 16_384);
        pair.serverSocket().setOption(StandardSocketOptions.SO_SNDBUF, 16_384);
        exchange(client, server, seed);
      }
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyByteArrivesOnceThroughAnyChannel(long seed) throws Exception {
    Caller.COROUTINE.run(() -> {
      MemoryPipe pipe = new MemoryPipe(5000, 10_000);
      try (var client = TlsStream.client(pipe.here(), TlsPair.CLIENT, "localhost", 1);
          var server = TlsStream.server(pipe.there(), TlsPair.SERVER)) {
        exchange(client, server, seed);
      }
    });
  }

  /** The handshake is cancelled repeatedly and continues each time. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5, 8})
  void cancelledHandshakeIsContinued(int yields) throws Exception {
    Caller.COROUTINE.run(() -> {
      try (TlsPair pair = TlsPair.open();
          var client = pair.client();
          var server = pair.server()) {
        Task<?> other = GoAsync.goAsync(server::handshake);
        boolean done = false;
        for (int more = yields; !done; more++) {
          Task<?> handshake = GoAsync.goAsync(client::handshake);
          for (int i = 0; i < more; i++) {
            GoAsync.yield();
          }
          handshake.cancel();
          try {
            Caller.finish(handshake);
            done = true;
          } catch (CancellationException cancelled) {
            // continue
          }
        }
        Caller.finish(other);
        client.writeAll("done\n");
        assertThat(server.readLine()).isEqualTo("done");
      }
    });
  }

  /** Refuses every certificate, after it was interrupted. */
  private static final class SlowTrust implements X509TrustManager {
    private final CountDownLatch begun = new CountDownLatch(1);

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      begun.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException cancelled) {
        throw new CertificateException("interrupted", cancelled);
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** The cancelled coroutine does not get the failure of the handshake; the next caller does. */
  @Test
  void failureDuringACancelIsThrownByTheNextOperation() throws Exception {
    SlowTrust trust = new SlowTrust();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {trust}, null);
    Caller.COROUTINE.run(() -> {
      try (TlsPair pair = TlsPair.open();
          var client = TlsStream.client(pair.clientSocket(), context, "localhost", 1);
          var server = pair.server()) {
        Task<?> other = GoAsync.goAsync(server::handshake);
        Task<?> handshake = GoAsync.goAsync(client::handshake);
        GoAsync.offload(() -> trust.begun.await());
        handshake.cancel();
        assertThatThrownBy(() -> Caller.finish(handshake))
            .isInstanceOf(CancellationException.class);
        for (int i = 0; i < 2; i++) {
          assertThatThrownBy(() -> client.writeAll("a secret"))
              .isInstanceOf(SSLHandshakeException.class)
              .hasMessageContaining("interrupted");
        }
        assertThatThrownBy(() -> Caller.finish(other))
            .isInstanceOf(SSLHandshakeException.class)
            .hasMessageContaining("fatal alert");
      }
    });
  }

  /**
   * A cancelled write that returns a count has its bytes sent, even if no caller writes any more
   * and the reader waits already, and if the peer reads only after its own write.
   */
  @Test
  void restOfACancelledWriteIsSent() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (TlsPair pair = TlsPair.open();
          var client = pair.client();
          var server = pair.server()) {
        pair.clientSocket().setOption(StandardSocketOptions.SO_SNDBUF, 16_384);
        TlsPair.shake(Caller.COROUTINE, client, server);
        Task<byte[]> answer = GoAsync.goAsync(() -> client.readExactly(3));
        Waiting.forATurn();
        int taken = fill(client);
        int back = fill(server);
        assertThat(server.readExactly(taken)).hasSize(taken);
        assertThat(answer.await()).hasSize(3);
        assertThat(client.readExactly(back - 3)).hasSize(back - 3);
        client.writeAll("more\n");
        assertThat(server.readLine()).isEqualTo("more");
      }
    });
  }

  @Test
  void restOfAnInterruptedWriteIsSent() throws Exception {
    TlsPair.connected(
        Caller.THREAD,
        unchanged -> {},
        (client, server) -> {
          Thread writer = Thread.currentThread();
          Task<?> interrupter =
              Caller.THREAD.beside(() -> {
                Waiting.untilThreadsWait(1);
                writer.interrupt();
              });
          ByteBuffer source = ByteBuffer.allocate(50_000_000);
          assertThatThrownBy(() -> client.writeAll(source))
              .isInstanceOf(InterruptedIOException.class);
          assertThat(Thread.interrupted()).isTrue();
          Caller.finish(interrupter);
          int taken = source.position();
          assertThat(server.readExactly(taken)).hasSize(taken);
        });
  }

  /** The bytes that were taken arrive, then the end. */
  @Test
  void closeSendsTheRestOfACancelledWrite() throws Exception {
    TlsPair.connected(
        Caller.COROUTINE,
        unchanged -> {},
        (client, server) -> {
          int taken = fill(client);
          Task<?> closing = GoAsync.goAsync(client::close);
          assertThat(server.readAllBytes()).hasSize(taken);
          Caller.finish(closing);
        });
  }

  /** Writes until a write waits, cancels it, and returns the count of bytes taken. */
  private static int fill(TlsStream tls) throws Exception {
    int taken = 0;
    ByteBuffer source = ByteBuffer.allocate(16_000);
    while (!tls.holdsBuffer()) {
      Task<Integer> write = GoAsync.goAsync(() -> tls.write(source.clear()));
      Waiting.forATurn();
      write.cancel();
      taken += write.await();
    }
    return taken;
  }

  @Test
  void writeCancelledBeforeItStartsTakesNoBytes() throws Exception {
    TlsPair.connected(
        Caller.COROUTINE,
        unchanged -> {},
        (client, server) -> {
          ByteBuffer source = ByteBuffer.allocate(10);
          Task<?>[] self = new Task<?>[1];
          self[0] =
              GoAsync.goAsync(() -> {
                self[0].cancel();
                client.write(source);
              });
          assertThatThrownBy(() -> Caller.finish(self[0]))
              .isInstanceOf(CancellationException.class);
          assertThat(source.position()).isZero();
          assertThat(client.holdsBuffer()).isFalse();
        });
  }

  /** The peer gets no close_notify, so it throws. */
  @Test
  void cancelledCoroutineClosesAtOnce() throws Exception {
    TlsPair.connected(
        Caller.COROUTINE,
        unchanged -> {},
        (client, server) -> {
          Task<?> owner =
              GoAsync.goAsync(() -> {
                try (client) {
                  client.writeAll("a part");
                  client.readLine();
                }
              });
          assertThat(server.readExactly(6)).hasSize(6);
          owner.cancel();
          Caller.settle(owner);
          assertThat(client.isOpen()).isFalse();
          assertThatThrownBy(server::readLine).isInstanceOf(java.io.IOException.class);
        });
  }

  @Test
  void interruptEndsTheWaitOfAThreadOnly() throws Exception {
    TlsPair.connected(
        Caller.THREAD,
        unchanged -> {},
        (client, server) -> {
          Thread reader = Thread.currentThread();
          Task<?> interrupter =
              Caller.THREAD.beside(() -> {
                Waiting.untilThreadsWait(1);
                reader.interrupt();
              });
          assertThatThrownBy(client::readLine).isInstanceOf(InterruptedIOException.class);
          assertThat(Thread.interrupted()).isTrue();
          Caller.finish(interrupter);
          server.writeAll("still there\n");
          assertThat(client.readLine()).isEqualTo("still there");
        });
  }
}
