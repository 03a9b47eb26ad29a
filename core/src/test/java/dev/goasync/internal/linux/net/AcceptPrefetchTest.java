package dev.goasync.internal.linux.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.EventLoop;
import dev.goasync.Task;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.linux.io.Prefetch;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.AsyncUnixServerSocket;
import dev.goasync.testkit.Modes;
import dev.goasync.testkit.NoLeaks;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Accept-ahead of a listener: no connection is lost or withheld from another caller. */
@Timeout(60)
final class AcceptPrefetchTest {
  @RegisterExtension static final NoLeaks NO_LEAKS = new NoLeaks();

  @TempDir Path dir;
  private final List<AsyncSocket> clients = new ArrayList<>();
  private EventLoop loop;
  private LinuxListener listener;

  @BeforeEach
  void listen() throws Exception {
    Modes.assumeMultishot();
    loop = EventLoop.start("acceptor");
    var local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    listener = (LinuxListener) Backends.platform().listen(local, 100, false);
  }

  @AfterEach
  void close() throws Exception {
    if (loop != null) {
      for (AsyncSocket client : clients) {
        client.close();
      }
      listener.close();
      loop.close();
    }
  }

  /** Connects a client that sends its number. */
  private void connect(int number) throws IOException {
    AsyncSocket client = AsyncSocket.connect((InetSocketAddress) listener.localAddress());
    clients.add(client);
    client.writeAll(new byte[] {(byte) number});
  }

  private int acceptNumber() throws IOException {
    try (StreamHandle connection = listener.accept()) {
      return numberOf(connection);
    }
  }

  private static int numberOf(StreamHandle connection) throws IOException {
    ByteBuffer number = ByteBuffer.allocate(1);
    assertThat(connection.read(number)).isEqualTo(1);
    return number.get(0);
  }

  private Prefetch.OfConnections startPrefetch() throws Exception {
    for (int i = 0; i < 5; i++) {
      connect(i);
      assertThat(acceptOn(loop)).isEqualTo(i);
    }
    return Objects.requireNonNull(listener.prefetch(), "no prefetch started");
  }

  private int acceptOn(EventLoop on) throws Exception {
    Task<Integer> task = on.goAsync(this::acceptNumber);
    Caller.finish(task);
    return task.await();
  }

  /** Connects clients and waits until the prefetch has kept a connection. */
  private void connectAndKeep(Prefetch.OfConnections prefetch, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      connect(i);
    }
    Waiting.until(() -> loop.goAsync(prefetch::isReady).await());
  }

  @Test
  void keptConnectionsAreAcceptedInOrderByAnyCaller() throws Exception {
    Prefetch.OfConnections prefetch = startPrefetch();
    connectAndKeep(prefetch, 20);
    Waiting.until(() -> keptAfterSomeTurns(prefetch) > 16);
    for (int i = 20; i < 60; i++) {
      connect(i);
    }
    assertThat(keptAfterSomeTurns(prefetch)).isLessThan(60);
    for (int i = 0; i < 30; i++) {
      assertThat(acceptNumber()).isEqualTo(i);
    }
    try (EventLoop other = EventLoop.start("other")) {
      for (int i = 30; i < 60; i++) {
        assertThat(acceptOn(other)).isEqualTo(i);
      }
    }
  }

  private int keptAfterSomeTurns(Prefetch.OfConnections prefetch) {
    return loop.goAsync(
            () -> {
              Waiting.forATurn();
              Waiting.forATurn();
              return prefetch.kept();
            })
        .await();
  }

  @Test
  void theSameLoopContinues() throws Exception {
    Prefetch.OfConnections prefetch = startPrefetch();
    connectAndKeep(prefetch, 60);
    for (int i = 0; i < 60; i++) {
      assertThat(acceptOn(loop)).isEqualTo(i);
    }
    assertThat(listener.prefetch()).isSameAs(prefetch);
  }

  /** Otherwise the first loop would take connections that the second waits for. */
  @Test
  void thePrefetchEndsWhenASecondCallerAccepts() throws Exception {
    startPrefetch();
    try (EventLoop other = EventLoop.start("other")) {
      Task<Integer> waiting = other.goAsync(this::acceptNumber);
      for (int i = 0; i < 3; i++) { // three clients for three accepts, in any order
        connect(i);
      }
      int here = acceptOn(loop);
      int there = waiting.await();
      int last = acceptNumber();
      assertThat(List.of(here, there, last)).containsExactlyInAnyOrder(0, 1, 2);
    }
  }

  @Test
  void aCancelledAcceptLosesNoConnection() throws Exception {
    Prefetch.OfConnections prefetch = startPrefetch();
    for (int i = 0; i < 50; i++) {
      Task<StreamHandle> accept = loop.goAsync(listener::accept);
      connect(i);
      accept.cancel("enough");
      try (StreamHandle accepted = accept.await()) {
        assertThat(numberOf(accepted)).isEqualTo(i);
      } catch (CancellationException nothingAccepted) {
        assertThat(acceptOn(loop)).isEqualTo(i);
      }
    }
    assertThat(listener.prefetch()).isSameAs(prefetch);
  }

  @Test
  void readinessCountsKeptConnections() throws Exception {
    connectAndKeep(startPrefetch(), 1);
    assertThat(listener.isReady(Direction.INPUT)).isTrue();
    listener.awaitReady(Direction.INPUT);
    assertThat(acceptNumber()).isZero();
    assertThat(listener.isReady(Direction.INPUT)).isFalse();
  }

  /** Otherwise the prefetch would take connections of another program. */
  @Test
  void aSharedListenerHasNoPrefetch() throws Exception {
    startPrefetch();
    SocketAddress name = UnixDomainSocketAddress.of(dir.resolve("channel"));
    try (var other = AsyncUnixServerSocket.listen(name);
        StreamHandle channel = Backends.platform().connect(name, null);
        var _ = other.accept()) {
      channel.sendDescriptors(ByteBuffer.allocate(1), List.of(listener));
    }
    for (int i = 0; i < 5; i++) {
      connect(i);
      assertThat(acceptOn(loop)).isEqualTo(i);
    }
    assertThat(listener.prefetch()).isNull();
  }

  @Test
  void closingDisconnectsKeptConnections() throws Exception {
    connectAndKeep(startPrefetch(), 3);
    listener.close();
    for (AsyncSocket client : clients) {
      assertThatEnds(client);
    }
  }

  private static void assertThatEnds(AsyncSocket client) {
    try {
      assertThat(client.readAllBytes()).isEmpty();
    } catch (IOException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
  }

  @Test
  void closingEndsAWaitingAccept() throws Exception {
    startPrefetch();
    Task<Integer> waiting = loop.goAsync(this::acceptNumber);
    listener.close();
    assertThatThrownBy(() -> Caller.finish(waiting)).isInstanceOf(ClosedChannelException.class);
  }
}
