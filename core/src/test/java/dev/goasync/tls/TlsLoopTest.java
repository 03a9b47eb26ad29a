package dev.goasync.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.io.Readiness;
import dev.goasync.io.Selectable;
import dev.goasync.net.AsyncSocket;
import dev.goasync.testkit.MemoryPipe;
import dev.goasync.testkit.TestIdentity;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop does not compute handshakes, and idle connections hold no buffers. */
@Conformance
@Timeout(30)
final class TlsLoopTest {
  private static final int CONNECTIONS = 30;
  private static final int WISHES = 2000;

  private final Set<String> threads = ConcurrentHashMap.newKeySet();

  private void note() {
    threads.add(Thread.currentThread().getName());
  }

  /** Records the threads that draw random numbers, as new keys and signatures need. */
  private final class NotingRandom extends java.security.SecureRandom {
    private static final long serialVersionUID = 1L;

    @Override
    public void nextBytes(byte[] bytes) {
      note();
      super.nextBytes(bytes);
    }
  }

  private final class NotingKeys extends X509ExtendedKeyManager {
    private final TestIdentity self;

    NotingKeys(TestIdentity self) {
      this.self = self;
    }

    @Override
    public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
      note();
      return "self";
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
      note();
      return "self";
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {"self"};
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return "self";
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[] {"self"};
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return "self";
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {self.certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      note();
      return self.key();
    }
  }

  private final class NotingTrust extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
      note();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      note();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      note();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      note();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      note();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      note();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /**
   * With a client's certificate, whose signature TLS 1.3 makes inside unwrap. Random numbers and
   * keys are requested by the thread that computes.
   */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void handshakesAreComputedByTheOffloadPool(String protocol) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {new NotingKeys(TlsPair.LOCALHOST)},
        new TrustManager[] {new NotingTrust()},
        new NotingRandom());
    threads.clear(); // the context has drawn some
    Caller.COROUTINE.run(() -> {
      try (TlsPair pair = TlsPair.open();
          var client =
              TlsStream.client(
                  pair.clientSocket(), context, "localhost", 1, TlsPair.version(protocol));
          var server =
              TlsStream.server(
                  pair.serverSocket(), context, parameters -> parameters.setNeedClientAuth(true))) {
        TlsPair.shake(Caller.COROUTINE, client, server);
        assertThat(client.session().getProtocol()).isEqualTo(protocol);
        assertThat(server.session().getPeerCertificates()).hasSize(1);
      }
    });
    assertThat(threads).isNotEmpty().allMatch(name -> name.startsWith("goasync-offload"));
  }

  /** A socket that records whether a caller waits in it with a buffer. */
  private record Watched(AsyncSocket socket, AtomicInteger inRead)
      implements ByteChannel, Selectable {
    @Override
    public int read(ByteBuffer target) throws IOException {
      inRead.incrementAndGet();
      try {
        return socket.read(target);
      } finally {
        inRead.decrementAndGet();
      }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      return socket.write(source);
    }

    @Override
    public Readiness readable() {
      return socket.readable();
    }

    @Override
    public Readiness writable() {
      return socket.writable();
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

  /** Ten thousand idle connections must not hold ten thousand records. */
  @Test
  void waitingReaderHoldsNoBuffer() throws Exception {
    AtomicInteger inRead = new AtomicInteger();
    Caller.COROUTINE.run(() -> {
      List<TlsStream> streams = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        TlsPair pair = TlsPair.open();
        streams.add(
            TlsStream.client(
                new Watched(pair.clientSocket(), inRead), TlsPair.CLIENT, "localhost", 1));
        streams.add(TlsStream.server(new Watched(pair.serverSocket(), inRead), TlsPair.SERVER));
      }
      List<Task<@Nullable String>> readers = startReaders(streams);
      for (TlsStream stream : streams) {
        stream.writeAll("first\n");
      }
      assertThat(GoAsync.awaitAll(readers)).allMatch("first"::equals);
      readers = startReaders(streams);
      Waiting.forATurn();
      assertThat(streams).noneMatch(TlsStream::holdsBuffer);
      assertThat(inRead).hasValue(0);
      for (TlsStream stream : streams) {
        stream.close();
      }
      readers.forEach(Caller::settle);
    });
  }

  private static List<Task<@Nullable String>> startReaders(List<TlsStream> streams) {
    List<Task<@Nullable String>> readers = new ArrayList<>();
    for (TlsStream stream : streams) {
      readers.add(GoAsync.<@Nullable String>goAsync(() -> stream.readLine()));
    }
    return readers;
  }

  /** Has endless input, and no room for output once {@code full}. */
  private static final class Flood implements ByteChannel, Selectable {
    private final TlsStream peer;
    private final ByteChannel pipe;
    private boolean full;

    Flood(TlsStream peer, ByteChannel pipe) {
      this.peer = peer;
      this.pipe = pipe;
    }

    private static Readiness always(boolean ready) {
      return new Readiness() {
        @Override
        public boolean isReady() {
          return ready;
        }

        @Override
        public void await() {}
      };
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      return pipe.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      if (full) {
        throw new IOException("the peer does not read");
      }
      return pipe.write(source);
    }

    @Override
    public Readiness readable() {
      return always(true);
    }

    @Override
    public Readiness writable() {
      return always(!full);
    }

    @Override
    public boolean isOpen() {
      return peer.isOpen();
    }

    @Override
    public void close() throws IOException {
      pipe.close();
    }
  }

  /** Each key update needs an answer; the answers must not accumulate without end. */
  @Test
  void keyUpdatesOfAPeerThatDoesNotReadAreNotAnsweredWithoutEnd() throws Exception {
    MemoryPipe pipe = new MemoryPipe(100_000, 20_000);
    SSLEngine engine = TlsPair.CLIENT.createSSLEngine("localhost", 1);
    engine.setUseClientMode(true);
    var client = TlsStream.over(pipe.here(), engine);
    var flood = new Flood(client, pipe.there());
    var server = TlsStream.server(flood, TlsPair.SERVER);
    TlsPair.shake(Caller.THREAD, client, server);
    for (int i = 0; i < WISHES; i++) {
      engine.beginHandshake();
      client.write(ByteBuffer.allocate(1));
    }
    client.shutdownOutput();
    flood.full = true;
    assertThatThrownBy(() -> server.readExactly(WISHES)).hasMessage("the peer does not read");
    client.close();
    server.close();
  }
}
