package dev.goasync.internal.linux.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.file.AsyncFile;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.testkit.Fifo;
import dev.goasync.testkit.NoLeaks;
import dev.goasync.testkit.Waiting;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Blocking I/O of threads: a signal left over from an earlier wait is ignored. */
@Timeout(60)
final class BlockingIoTest {
  @RegisterExtension static final NoLeaks NO_LEAKS = new NoLeaks();
  @TempDir Path dir;

  private Path fifo() throws Exception {
    return Fifo.make(dir.resolve("fifo"));
  }

  /** Leaves a signal in every idle object, as a close does that races with the end of a wait. */
  private static void leaveSignals() throws Exception {
    List<BlockingIo> idle = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      BlockingIo io = BlockingIo.acquire();
      io.use().interrupt();
      idle.add(io);
    }
    idle.forEach(BlockingIo::release);
  }

  @Test
  @SuppressWarnings("try") // closing early is what is tested
  void aReadAfterALeftOverSignalIsEndedByAClose() throws Exception {
    try (var pipe = AsyncFile.open(fifo(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      pipe.writeAll("x");
      assertThat(pipe.read(ByteBuffer.allocate(1))).isEqualTo(1);
      leaveSignals();
      FutureTask<Integer> reader = new FutureTask<>(() -> pipe.read(ByteBuffer.allocate(1)));
      Thread.ofPlatform().daemon().start(reader);
      Waiting.untilThreadsWait(1);
      pipe.close();
      assertThatThrownBy(reader::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(AsynchronousCloseException.class);
    }
  }

  @Test
  void aConnectAfterALeftOverSignalWaitsForTheConnection() throws Exception {
    try (var pipe = AsyncFile.open(fifo(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      pipe.writeAll("x");
      assertThat(pipe.read(ByteBuffer.allocate(1))).isEqualTo(1);
    }
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var server = AsyncServerSocket.listen(loopback, 1, false);
        var first = AsyncSocket.connect(server.localAddress());
        var second = AsyncSocket.connect(server.localAddress())) {
      leaveSignals();
      FutureTask<AsyncSocket> third =
          new FutureTask<>(() -> AsyncSocket.connect(server.localAddress()));
      Thread thread = Thread.ofPlatform().daemon().start(third);
      Waiting.untilThreadsWait(1);
      thread.interrupt();
      assertThatThrownBy(third::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(InterruptedIOException.class)
          .hasMessageContaining(server.localAddress().toString());
      assertThat(List.of(first, second)).allMatch(AsyncSocket::isOpen);
    }
  }

  @Test
  void eventCountersBeyondTheIdleOnesAreClosed() throws Exception {
    try (var pipe = AsyncFile.open(fifo(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      int threads = 20; // more than are kept idle
      List<FutureTask<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Path path = dir.resolve("fifo");
        FutureTask<Integer> reader =
            new FutureTask<>(() -> {
              try (var own =
                  AsyncFile.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return own.read(ByteBuffer.allocate(1));
              }
            });
        readers.add(reader);
        Thread.ofPlatform().daemon().start(reader);
      }
      Waiting.untilThreadsWait(threads);
      pipe.writeAll("x".repeat(threads));
      for (FutureTask<Integer> reader : readers) {
        assertThat(reader.get()).isEqualTo(1);
      }
    }
  }
}
