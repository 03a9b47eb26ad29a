package dev.goasync.internal.linux.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.EventLoop;
import dev.goasync.Task;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.linux.io.AcceptPrefetch;
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

/** A listener whose loop accepts while nobody asks: no connection is lost or kept from anybody. */
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

  /** A client that tells its number. */
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

  private AcceptPrefetch acceptingAhead() throws Exception {
    for (int i = 0; i < 5; i++) {
      connect(i);
      assertThat(acceptOn(loop)).isEqualTo(i);
    }
    return Objects.requireNonNull(listener.intake(), "nothing accepts ahead");
  }

  private int acceptOn(EventLoop on) throws Exception {
    Task<Integer> task = on.goAsync(this::acceptNumber);
    Caller.finish(task);
    return task.await();
  }

  /** Several clients come, and the loop takes some, though nobody accepts. */
  private void connectAhead(AcceptPrefetch intake, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      connect(i);
    }
    Waiting.until(() -> loop.goAsync(intake::isReady).await());
  }

  @Test
  void whoComesLaterTakesThemInTheirOrder() throws Exception {
    AcceptPrefetch intake = acceptingAhead();
    connectAhead(intake, 20);
    Waiting.until(() -> keptAfterSomeTurns(intake) > 16);
    for (int i = 20; i < 60; i++) {
      connect(i);
    }
    assertThat(keptAfterSomeTurns(intake)).isLessThan(60);
    for (int i = 0; i < 30; i++) {
      assertThat(acceptNumber()).isEqualTo(i);
    }
    try (EventLoop other = EventLoop.start("other")) {
      for (int i = 30; i < 60; i++) {
        assertThat(acceptOn(other)).isEqualTo(i);
      }
    }
  }

  private int keptAfterSomeTurns(AcceptPrefetch intake) {
    return loop.goAsync(
            () -> {
              Waiting.forATurn();
              Waiting.forATurn();
              return intake.kept();
            })
        .await();
  }

  @Test
  void theSameLoopGoesOn() throws Exception {
    AcceptPrefetch intake = acceptingAhead();
    connectAhead(intake, 60);
    for (int i = 0; i < 60; i++) {
      assertThat(acceptOn(loop)).isEqualTo(i);
    }
    assertThat(listener.intake()).isSameAs(intake);
  }

  /** Else its loop would take connections that the other waits for. */
  @Test
  void itEndsWhenAnotherWaits() throws Exception {
    acceptingAhead();
    try (EventLoop other = EventLoop.start("other")) {
      Task<Integer> waiting = other.goAsync(this::acceptNumber);
      for (int i = 0; i < 3; i++) { // one of each three is for it, whoever gets it
        connect(i);
      }
      int here = acceptOn(loop);
      int there = waiting.await();
      int last = acceptNumber();
      assertThat(List.of(here, there, last)).containsExactlyInAnyOrder(0, 1, 2);
    }
  }

  @Test
  void aCancelledAcceptTakesNone() throws Exception {
    AcceptPrefetch intake = acceptingAhead();
    for (int i = 0; i < 50; i++) {
      Task<StreamHandle> accept = loop.goAsync(listener::accept);
      connect(i);
      accept.cancel("enough");
      try (StreamHandle accepted = accept.await()) {
        assertThat(numberOf(accepted)).isEqualTo(i);
      } catch (CancellationException none) {
        assertThat(acceptOn(loop)).isEqualTo(i);
      }
    }
    assertThat(listener.intake()).isSameAs(intake);
  }

  @Test
  void readinessKnowsOfThem() throws Exception {
    connectAhead(acceptingAhead(), 1);
    assertThat(listener.isReady(Direction.INPUT)).isTrue();
    listener.awaitReady(Direction.INPUT);
    assertThat(acceptNumber()).isZero();
    assertThat(listener.isReady(Direction.INPUT)).isFalse();
  }

  /** Else it would take connections that are for another program. */
  @Test
  void whatIsSharedIsNotAcceptedFromAhead() throws Exception {
    acceptingAhead();
    SocketAddress name = UnixDomainSocketAddress.of(dir.resolve("way"));
    try (var other = AsyncUnixServerSocket.listen(name);
        StreamHandle way = Backends.platform().connect(name, null);
        var _ = other.accept()) {
      way.sendDescriptors(ByteBuffer.allocate(1), List.of(listener));
    }
    for (int i = 0; i < 5; i++) {
      connect(i);
      assertThat(acceptOn(loop)).isEqualTo(i);
    }
    assertThat(listener.intake()).isNull();
  }

  @Test
  void closingTurnsThemAway() throws Exception {
    connectAhead(acceptingAhead(), 3);
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
  void closingEndsAnAcceptThatWaits() throws Exception {
    acceptingAhead();
    Task<Integer> waiting = loop.goAsync(this::acceptNumber);
    listener.close();
    assertThatThrownBy(() -> Caller.finish(waiting)).isInstanceOf(ClosedChannelException.class);
  }
}
