package dev.goasync.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.file.AsyncFile;
import dev.goasync.io.ByteReader;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.testing.TestLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Timers, wake-ups, offloaded calls and readers of a loop that polls for I/O. */
@Conformance
final class LoopWithIoTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path dir;

  @Test
  void timersFireInOrderWhileAnAcceptWaits() throws Exception {
    try (var server = AsyncServerSocket.listen(LOOPBACK)) {
      List<Integer> order = new ArrayList<>();
      Caller.COROUTINE.run(() -> {
        Task<?> accept = GoAsync.goAsync(() -> server.accept().close());
        List<Task<?>> sleepers = new ArrayList<>();
        for (int millis :
            new int[] {1, 2, 3}) { // far enough apart to expire in this order on any machine
          sleepers.add(
              GoAsync.goAsync(() -> {
                GoAsync.sleep(Duration.ofMillis(millis));
                order.add(millis);
              }));
        }
        GoAsync.awaitAll(sleepers);
        AsyncSocket.connect(server.localAddress()).close();
        accept.await();
      });
      assertThat(order).containsExactly(1, 2, 3);
    }
  }

  @Test
  void aThreadWakesALoopThatPolls() throws Exception {
    try (EventLoop loop = EventLoop.start();
        var server = AsyncServerSocket.listen(LOOPBACK)) {
      Task<?> accept = loop.goAsync(() -> server.accept().close());
      for (int i = 0; i < 1000; i++) {
        int number = i;
        assertThat(loop.goAsync(() -> number).await()).isEqualTo(i);
      }
      CompletableFuture<String> future = new CompletableFuture<>();
      CountDownLatch begun = new CountDownLatch(1);
      Task<String> awaiting =
          loop.goAsync(() -> {
            begun.countDown();
            return Task.from(future).await();
          });
      begun.await();
      future.complete("woken");
      assertThat(awaiting.await()).isEqualTo("woken");
      AsyncSocket.connect(server.localAddress()).close();
      accept.await();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOffloadedCallEndsWhileAnAcceptWaits(Caller caller) throws Exception {
    try (var server = AsyncServerSocket.listen(LOOPBACK)) {
      Task<?> accept = caller.beside(() -> server.accept().close());
      caller.run(() ->
          assertThat(GoAsync.<String, Exception>offload(() -> "offloaded")).isEqualTo("offloaded"));
      AsyncSocket.connect(server.localAddress()).close();
      Caller.finish(accept);
    }
  }

  @Test
  void theVirtualClockStandsStillDuringIo() throws Exception {
    try (TestLoop loop = TestLoop.open();
        var server = AsyncServerSocket.listen(LOOPBACK)) {
      loop.run(() -> {
        Task<?> sleeper = GoAsync.goAsync(() -> GoAsync.sleep(Duration.ofDays(1)));
        Task<AsyncSocket> accept = GoAsync.goAsync(server::accept);
        Thread peer = Thread.ofPlatform().start(() -> connectAndClose(server));
        accept.await().close();
        assertThat(loop.elapsed()).isZero();
        peer.join();
        sleeper.await();
      });
      assertThat(loop.elapsed()).isEqualTo(Duration.ofDays(1));
    }
  }

  private static void connectAndClose(AsyncServerSocket server) {
    try {
      AsyncSocket.connect(server.localAddress()).close();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void readersReadFilesAndSockets(Caller caller) throws Exception {
    String text = "line\r\nABCDEF\nrest";
    Path path = Files.writeString(dir.resolve("file"), text);
    caller.run(() -> {
      try (var file = AsyncFile.open(path)) {
        readAll(new ByteReader(file));
        file.position(0);
        assertThat(new ByteReader(file).readAll(ISO_8859_1)).isEqualTo(text);
      }
      try (var server = AsyncServerSocket.listen(LOOPBACK);
          var here = AsyncSocket.connect(server.localAddress());
          var there = server.accept()) {
        here.writeAll(text);
        here.shutdownOutput();
        readAll(new ByteReader(there));
        there.writeAll(text);
        there.shutdownOutput();
        assertThat(here.readAll(ISO_8859_1)).isEqualTo(text);
        assertThat(server.isOpen() && here.isOpen()).isTrue();
      }
    });
  }

  private static void readAll(ByteReader reader) throws Exception {
    assertThat(reader.readLine()).isEqualTo("line");
    assertThat(reader.readExactly(3)).containsExactly('A', 'B', 'C');
    assertThat(reader.buffered()).isPositive();
    ByteBuffer one = ByteBuffer.allocate(1);
    assertThat(reader.read(one)).isEqualTo(1);
    assertThat(one.get(0)).isEqualTo((byte) 'D');
    assertThat(reader.readLine()).isEqualTo("EF");
    assertThat(reader.readAll()).isEqualTo("rest");
    assertThat(reader.readAllBytes()).isEmpty();
    reader.discardBuffered();
  }
}
