package dev.goasync.internal.linux.net;

import static dev.goasync.GoAsync.goAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Body;
import dev.goasync.Caller;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.linux.io.Prefetch;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.AsyncUnixServerSocket;
import dev.goasync.testkit.Modes;
import dev.goasync.testkit.NoLeaks;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Read-ahead of a connection: no byte is lost, duplicated or out of order. */
@Timeout(60)
final class ReceivePrefetchTest {
  @RegisterExtension static final NoLeaks NO_LEAKS = new NoLeaks();

  @TempDir Path dir;
  private EventLoop loop;
  private AsyncServerSocket server;
  private AsyncSocket peer;
  private LinuxStream stream;

  @BeforeEach
  void connect() throws Exception {
    Modes.assumeMultishot();
    loop = EventLoop.start("receiver");
    server = AsyncServerSocket.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    stream = (LinuxStream) Backends.platform().connect(server.localAddress(), null);
    peer = server.accept();
  }

  @AfterEach
  void close() throws Exception {
    if (loop != null) {
      stream.close();
      peer.close();
      server.close();
      loop.close();
    }
  }

  /** Exchanges small messages, each read before the next, until the prefetch starts. */
  private Prefetch.OfBytes startPrefetch() throws Exception {
    for (int i = 0; i < 5; i++) {
      peer.writeAll("hello");
      assertThat(onLoop(() -> text(5))).isEqualTo("hello");
    }
    return Objects.requireNonNull(stream.prefetch(), "no prefetch started");
  }

  private <R> R onLoop(Body<R, Exception> body) throws Exception {
    return on(loop, body);
  }

  private static <R> R on(EventLoop loop, Body<R, Exception> body) throws Exception {
    Task<R> task = loop.goAsync(body);
    Caller.finish(task);
    return task.await();
  }

  private String text(int length) throws IOException {
    return text(stream, length);
  }

  private static String text(StreamHandle from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && from.read(bytes) >= 0) {
      // more
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
  }

  /** Sends bytes and waits until the prefetch has kept them. */
  private void sendAndKeep(Prefetch.OfBytes prefetch, String text) throws Exception {
    int before = onLoop(prefetch::kept);
    peer.writeAll(text);
    Waiting.until(() -> onLoop(prefetch::kept) == before + text.length());
  }

  @Test
  void keptBytesAreReadFirstByAnyCaller() throws Exception {
    Prefetch.OfBytes prefetch = startPrefetch();
    sendAndKeep(prefetch, "early ");
    peer.writeAll("late");
    assertThat(text("early late".length())).isEqualTo("early late");
    try (EventLoop other = EventLoop.start("other")) {
      peer.writeAll("on another loop");
      assertThat(on(other, () -> text(15))).isEqualTo("on another loop");
    }
    peer.writeAll("and back");
    assertThat(onLoop(() -> text(8))).isEqualTo("and back");
  }

  @Test
  void anotherLoopContinues() throws Exception {
    sendAndKeep(startPrefetch(), "early ");
    peer.writeAll("late");
    try (EventLoop other = EventLoop.start("other")) {
      assertThat(on(other, () -> text(10))).isEqualTo("early late");
      for (int i = 0; i < 5; i++) {
        peer.writeAll("hello");
        assertThat(on(other, () -> text(5))).isEqualTo("hello");
      }
    }
  }

  /** A coroutine that blocks its loop reads as a thread does, while the loop cannot turn. */
  @Test
  void aCoroutineInSyncContinues() throws Exception {
    sendAndKeep(startPrefetch(), "early ");
    peer.writeAll("late");
    assertThat(onLoop(() -> GoAsync.<String, Exception>sync(() -> text(10))))
        .isEqualTo("early late");
  }

  @Test
  void aWaitingReaderContinuesWhenThePrefetchEnds() throws Exception {
    startPrefetch();
    Task<String> waiting = loop.goAsync(() -> text(5));
    Waiting.until(() -> onLoop(() -> fiberWaits("bytes from")));
    assertThat(stream.isReady(Direction.INPUT)).isFalse();
    peer.writeAll("hello");
    assertThat(waiting.await()).isEqualTo("hello");
  }

  private static boolean fiberWaits(String what) {
    Loop inner = Objects.requireNonNull(Fiber.current()).loop();
    return inner.fibers().stream()
        .anyMatch(fiber -> fiber.waiting() != null && fiber.waiting().describe().startsWith(what));
  }

  @Test
  void readinessAndAvailableCountKeptBytes() throws Exception {
    sendAndKeep(startPrefetch(), "early");
    assertThat(stream.isReady(Direction.INPUT)).isTrue();
    stream.awaitReady(Direction.INPUT);
    assertThat(stream.available()).isEqualTo(5);
    assertThat(onLoop(() -> text(5))).isEqualTo("early");
    assertThat(stream.isReady(Direction.INPUT)).isFalse();
    assertThat(stream.available()).isZero();
  }

  @Test
  void theEndFollowsKeptBytes() throws Exception {
    sendAndKeep(startPrefetch(), "last");
    peer.close();
    assertThat(onLoop(() -> text(10))).isEqualTo("last");
    assertThat(onLoop(() -> stream.read(ByteBuffer.allocate(1)))).isEqualTo(-1);
    assertThat(stream.read(ByteBuffer.allocate(1))).isEqualTo(-1);
  }

  @Test
  void anErrorFollowsKeptBytesAndStays() throws Exception {
    sendAndKeep(startPrefetch(), "last");
    peer.setOption(StandardSocketOptions.SO_LINGER, 0);
    peer.close();
    assertThat(onLoop(() -> text(4))).isEqualTo("last");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> onLoop(() -> stream.read(ByteBuffer.allocate(1))))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
  }

  @Test
  void aCancelledReadLosesNoByte() throws Exception {
    Prefetch.OfBytes prefetch = startPrefetch();
    for (int i = 0; i < 100; i++) {
      Task<String> reader = loop.goAsync(() -> text(5));
      if (i % 3 == 0) {
        Waiting.until(() -> onLoop(() -> fiberWaits("bytes from")));
      }
      peer.writeAll("hello");
      reader.cancel("enough");
      String got = "";
      try {
        got = reader.await();
      } catch (CancellationException nothing) {
        // no byte was read
      }
      int left = 5 - got.length();
      assertThat(got + onLoop(() -> text(left))).isEqualTo("hello");
    }
    assertThat(stream.prefetch()).isSameAs(prefetch);
  }

  @Test
  void keptBytesOfAnIdleReaderAreBounded() throws Exception {
    Prefetch.OfBytes prefetch = startPrefetch();
    String piece = "0123456789".repeat(100);
    while (onLoop(prefetch::kept) <= 16 * 1024) {
      sendAndKeep(prefetch, piece);
    }
    int kept = onLoop(prefetch::kept);
    peer.writeAll(piece);
    onLoop(() -> {
      Waiting.forATurn();
      Waiting.forATurn();
      return true;
    });
    assertThat(onLoop(prefetch::kept)).isEqualTo(kept);
    for (int left = kept + piece.length(); left > 0; left -= piece.length()) {
      assertThat(onLoop(() -> text(piece.length()))).isEqualTo(piece);
    }
    sendAndKeep(prefetch, "more");
  }

  @Test
  void keptBytesOfASlowReaderAreBounded() throws Exception {
    Prefetch.OfBytes prefetch = startPrefetch();
    byte[] sent = new byte[4_000_000];
    new Random(1).nextBytes(sent);
    Task<?> writer =
        goAsync(() -> {
          for (int from = 0; from < sent.length; from += 1000) {
            peer.writeAll(ByteBuffer.wrap(sent, from, 1000));
          }
        });
    ByteBuffer got = ByteBuffer.allocate(sent.length);
    int max = 0;
    while (got.hasRemaining()) {
      max = Math.max(max, onLoop(prefetch::kept));
      got.limit(Math.min(got.capacity(), got.position() + 500));
      int count = onLoop(() -> stream.read(got));
      assertThat(count).isPositive();
      got.limit(got.capacity());
    }
    Caller.finish(writer);
    assertThat(got.array()).isEqualTo(sent);
    assertThat(max).isLessThan(300_000);
  }

  @Test
  void thePeerSeesTheCloseAtOnce() throws Exception {
    startPrefetch();
    stream.close();
    assertThat(peer.readAllBytes()).isEmpty();
  }

  /** A close returns although the loop does not turn. */
  @Test
  void closingDoesNotWaitForABlockedLoop() throws Exception {
    startPrefetch();
    CountDownLatch closed = new CountDownLatch(1);
    Task<?> blocking =
        loop.goAsync(() ->
            GoAsync.sync(() -> {
              closed.await();
              return true;
            }));
    stream.close();
    closed.countDown();
    Caller.finish(blocking);
    assertThat(peer.readAllBytes()).isEmpty();
  }

  @Test
  void thePeerSeesTheCloseByACoroutineAtOnce() throws Exception {
    startPrefetch();
    onLoop(() -> {
      stream.close();
      assertThat(peer.readAllBytes()).isEmpty();
      return true;
    });
  }

  @Test
  void closingEndsAWaitingRead() throws Exception {
    startPrefetch();
    Task<String> waiting = loop.goAsync(() -> text(5));
    Waiting.until(() -> onLoop(() -> fiberWaits("bytes from")));
    stream.close();
    assertThatThrownBy(() -> Caller.finish(waiting)).isInstanceOf(AsynchronousCloseException.class);
  }

  @Test
  void keptBytesAreNotReadAfterTheClose() throws Exception {
    sendAndKeep(startPrefetch(), "early");
    stream.close();
    ByteBuffer bytes = ByteBuffer.allocate(5);
    assertThatThrownBy(() -> onLoop(() -> stream.read(bytes)))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> stream.read(bytes)).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void shutdownInputDropsKeptBytes() throws Exception {
    sendAndKeep(startPrefetch(), "early");
    stream.shutdownInput();
    assertThat(onLoop(() -> stream.read(ByteBuffer.allocate(5)))).isEqualTo(-1);
  }

  /** The receiver of the descriptor could not read the kept bytes. */
  @Test
  void aConnectionWithKeptBytesIsNotPassed() throws Exception {
    sendAndKeep(startPrefetch(), "early");
    SocketAddress name = UnixDomainSocketAddress.of(dir.resolve("channel"));
    try (var listener = AsyncUnixServerSocket.listen(name);
        StreamHandle channel = Backends.platform().connect(name, null);
        var _ = listener.accept()) {
      ByteBuffer bytes = ByteBuffer.allocate(1);
      assertThatThrownBy(() -> channel.sendDescriptors(bytes, List.of(stream)))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("5 received bytes are unread");
      assertThat(bytes.position()).isZero();
      assertThat(text(5)).isEqualTo("early");
      channel.sendDescriptors(bytes, List.of(stream));
    }
    peer.writeAll("late");
    assertThat(onLoop(() -> text(4))).isEqualTo("late");
  }

  @Test
  void keptBytesOutliveTheLoop() throws Exception {
    sendAndKeep(startPrefetch(), "early ");
    loop.close();
    peer.writeAll("late");
    assertThat(text(10)).isEqualTo("early late");
  }

  @Test
  void bulkDataIsReceivedInLargePieces() throws Exception {
    startPrefetch();
    byte[] sent = new byte[1_000_000];
    new Random(2).nextBytes(sent);
    Task<?> writer = goAsync(() -> peer.writeAll(sent));
    ByteBuffer got = ByteBuffer.allocate(sent.length);
    onLoop(() -> {
      while (got.hasRemaining() && stream.read(got) > 0) {
        // more
      }
      return true;
    });
    Caller.finish(writer);
    assertThat(got.array()).isEqualTo(sent);
    assertThat(stream.prefetch()).isNull();
  }

  /** Each read waits for the prefetch of the other loop to stop, while both loops are blocked. */
  @Test
  void twoLoopsInSyncReadEachOthersConnections() throws Exception {
    sendAndKeep(startPrefetch(), "first");
    try (EventLoop second = EventLoop.start("second");
        StreamHandle ofSecond = Backends.platform().connect(server.localAddress(), null);
        AsyncSocket peerOfSecond = server.accept()) {
      for (int i = 0; i < 5; i++) {
        peerOfSecond.writeAll("hello");
        assertThat(on(second, () -> text(ofSecond, 5))).isEqualTo("hello");
      }
      assertThat(((LinuxStream) ofSecond).prefetch()).isNotNull();
      peerOfSecond.writeAll("other");
      CountDownLatch bothBlocked = new CountDownLatch(2);
      Task<String> one = loop.goAsync(() -> inSync(bothBlocked, () -> text(ofSecond, 5)));
      Task<String> two = second.goAsync(() -> inSync(bothBlocked, () -> text(5)));
      assertThat(one.await()).isEqualTo("other");
      assertThat(two.await()).isEqualTo("first");
    }
  }

  private static String inSync(CountDownLatch bothBlocked, Body<String, Exception> read)
      throws Exception {
    return GoAsync.sync(() -> {
      bothBlocked.countDown();
      bothBlocked.await();
      return read.call();
    });
  }

  /** Idle connections do not count as operations in flight, and hold no shared buffer. */
  @Test
  void manyConnectionsMayBeIdle() throws Exception {
    List<AsyncSocket> peers = new ArrayList<>();
    List<LinuxStream> streams = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        streams.add((LinuxStream) Backends.platform().connect(server.localAddress(), null));
        peers.add(server.accept());
      }
      for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 300; i++) {
          LinuxStream each = streams.get(i);
          peers.get(i).writeAll("x");
          assertThat(onLoop(() -> each.read(ByteBuffer.allocate(10)))).isEqualTo(1);
        }
      }
      assertThat(streams).allMatch(each -> each.prefetch() != null);
      assertThat(onLoop(() -> Objects.requireNonNull(inner().openedPoller()).inFlight())).isZero();
      for (AsyncSocket each : peers) {
        each.writeAll("more than that");
      }
      for (LinuxStream each : streams) {
        assertThat(onLoop(() -> each.read(ByteBuffer.allocate(20)))).isPositive();
      }
    } finally {
      for (LinuxStream each : streams) {
        each.close();
      }
      for (AsyncSocket each : peers) {
        each.close();
      }
    }
  }

  private static Loop inner() {
    return Objects.requireNonNull(Fiber.current()).loop();
  }
}
