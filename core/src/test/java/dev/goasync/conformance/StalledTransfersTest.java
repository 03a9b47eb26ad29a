package dev.goasync.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.file.AsyncFile;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.process.Command;
import dev.goasync.system.TerminalSize;
import dev.goasync.testkit.Fifo;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transfers that cannot go on: they pause only their coroutine, and end by a cancel. */
@Conformance
final class StalledTransfersTest {
  private static final int MORE_THAN_FITS = 500_000;
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path dir;
  private EventLoop loop;

  @BeforeEach
  void open() {
    loop = EventLoop.start("stalled");
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private interface Write {
    void run() throws IOException;
  }

  /** Starts a write that stalls, sees the loop run other coroutines, and cancels the write. */
  private void stallAndCancel(Write write) {
    Task<?> stalled = loop.goAsync(() -> write.run());
    loop.goAsync(() -> GoAsync.sleep(Duration.ofMillis(50))).await();
    assertThat(stalled.isCompleted()).isFalse();
    stalled.cancel("the test has seen it stall");
    assertThatThrownBy(stalled::await).isInstanceOf(CancellationException.class);
  }

  @Test
  @SuppressWarnings("try") // the program never ends by itself
  void aWriteToATerminalPausesOnlyItsCoroutine() throws Exception {
    Differences.assumeNone(Differences.ofTerminals());
    try (var program =
        Command.of("sh", "-c", "stty raw -echo; echo ready; exec sleep 60")
            .terminal(new TerminalSize(80, 24))
            .start()) {
      assertThat(program.terminal().readLine()).startsWith("ready");
      stallAndCancel(() -> program.terminal().writeAll(ByteBuffer.allocate(MORE_THAN_FITS)));
    }
  }

  @Test
  void aWriteToAFifoPausesOnlyItsCoroutine() throws Exception {
    Differences.assumeNone(Differences.ofPipes());
    Path path = Fifo.make(dir.resolve("fifo"));
    loop.goAsync(
            () -> {
              try (var reader = AsyncFile.open(path);
                  var writer = AsyncFile.open(path, StandardOpenOption.WRITE)) {
                Task<?> stalled =
                    GoAsync.goAsync(() -> writer.writeAll(ByteBuffer.allocate(MORE_THAN_FITS)));
                GoAsync.sleep(Duration.ofMillis(50));
                assertThat(stalled.isCompleted()).isFalse();
                stalled.cancel("the test has seen it stall");
                assertThatThrownBy(stalled::await).isInstanceOf(CancellationException.class);
                assertThat(reader.read(ByteBuffer.allocate(10))).isEqualTo(10);
              }
            })
        .await();
  }

  @Test
  void aFifoEndsAfterItsFirstWriterAndNotBefore() throws Exception {
    Path path = Fifo.make(dir.resolve("fifo"));
    Task<String> reader =
        loop.goAsync(() -> {
          try (var fifo = AsyncFile.open(path)) {
            return fifo.readLine() + ", then " + fifo.readLine();
          }
        });
    Task<?> early = loop.goAsync(() -> GoAsync.sleep(Duration.ofMillis(50)));
    early.await();
    assertThat(reader.isCompleted()).isFalse();
    loop.goAsync(
            () -> {
              try (var fifo = AsyncFile.open(path, StandardOpenOption.WRITE)) {
                fifo.writeAll("hello\n");
              }
            })
        .await();
    assertThat(reader.await()).isEqualTo("hello, then null");
  }

  @Test
  void openingAFifoWithoutAReaderForWritingFailsWithAClearMessage() throws Exception {
    Differences.assumeNone(Differences.ofPipes());
    Path path = Fifo.make(dir.resolve("fifo"));
    Task<?> writer =
        loop.goAsync(() -> {
          AsyncFile.open(path, StandardOpenOption.WRITE).close();
        });
    assertThatThrownBy(writer::await)
        .rootCause()
        .isInstanceOf(IOException.class)
        .hasMessageContaining("while a reader has it open");
  }

  /** A lock that is held across a pause would block the loop in portable mode. */
  @Test
  void aWriteThatNeedsNoWaitKeepsALockForNoPause() throws Exception {
    try (var server = AsyncServerSocket.listen(LOOPBACK);
        var here = AsyncSocket.connect(server.localAddress());
        var there = server.accept()) {
      var lock = new ReentrantLock();
      List<Task<?>> writers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        writers.add(
            loop.goAsync(() -> {
              for (int round = 0; round < 20; round++) {
                lock.lock();
                try {
                  here.write(ByteBuffer.wrap(new byte[20]));
                } finally {
                  lock.unlock();
                }
                GoAsync.yield();
              }
            }));
      }
      for (Task<?> writer : writers) {
        writer.await();
      }
      assertThat(there.readExactly(10 * 20 * 20)).hasSize(10 * 20 * 20);
    }
  }

  @Test
  void writersToPeersThatDoNotReadHoldLittleNativeMemory() throws Exception {
    int count = 200;
    List<AsyncSocket> sockets = new ArrayList<>();
    List<Task<?>> writers = new ArrayList<>();
    try (var server = AsyncServerSocket.listen(LOOPBACK)) {
      for (int i = 0; i < count; i++) {
        AsyncSocket socket = AsyncSocket.connect(server.localAddress());
        socket.setOption(StandardSocketOptions.SO_SNDBUF, 4096);
        sockets.add(socket);
        sockets.add(server.accept());
      }
      byte[] much = new byte[8 << 20];
      long before = directMemory();
      for (int i = 0; i < count; i++) {
        AsyncSocket socket = sockets.get(2 * i);
        writers.add(loop.goAsync(() -> socket.writeAll(ByteBuffer.wrap(much))));
      }
      loop.goAsync(() -> GoAsync.sleep(Duration.ofMillis(200))).await();
      assertThat(writers).noneMatch(Task::isCompleted);
      assertThat(directMemory() - before).isLessThan(4 << 20);
    } finally {
      writers.forEach(writer -> writer.cancel("the test ends"));
      for (Task<?> writer : writers) {
        assertThatThrownBy(writer::await).isInstanceOf(CancellationException.class);
      }
      for (AsyncSocket socket : sockets) {
        socket.close();
      }
    }
  }

  private static long directMemory() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  @Test
  void aCancelBeforeACloseIsReportedAsTheCancel() throws Exception {
    Task<Boolean> cancelled =
        loop.goAsync(() -> {
          var server = AsyncServerSocket.listen(LOOPBACK);
          Task<?> accept = GoAsync.goAsync(() -> server.accept().close());
          GoAsync.sleep(Duration.ofMillis(20));
          accept.cancel("first");
          server.close();
          while (!accept.isCompleted()) {
            GoAsync.yield();
          }
          return accept.isCancelled();
        });
    assertThat(cancelled.await()).isTrue();
  }

  @Test
  @SuppressWarnings("try") // the test closes the socket early
  void aCancelledReadBeforeACloseIsReportedAsTheCancel() throws Exception {
    try (var server = AsyncServerSocket.listen(LOOPBACK);
        var here = AsyncSocket.connect(server.localAddress());
        var there = server.accept()) {
      Task<Boolean> cancelled =
          loop.goAsync(() -> {
            Task<Integer> read = GoAsync.goAsync(() -> there.read(ByteBuffer.allocate(1)));
            GoAsync.sleep(Duration.ofMillis(20));
            read.cancel("first");
            there.close();
            while (!read.isCompleted()) {
              GoAsync.yield();
            }
            return read.isCancelled();
          });
      assertThat(cancelled.await()).isTrue();
      assertThat(here.isOpen()).isTrue();
    }
  }
}
