package dev.goasync.cancel;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.file.AsyncFile;
import dev.goasync.io.ByteReader;
import dev.goasync.io.ByteSink;
import dev.goasync.io.ByteSource;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.testkit.Fifo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers and writers are cancelled at random points, and every byte arrives exactly once. */
@Conformance
final class CancelledStreamTest {
  @TempDir Path dir;

  private static final int TOTAL = 500_000;

  /** The stream's byte at an index; its period is no buffer's size. */
  private static byte byteAt(int index, int salt) {
    return (byte) (index % 251 + index / 251 * 7 + salt);
  }

  private static ByteBuffer buffer(Random random) {
    int size = 1 + random.nextInt(30_000);
    return random.nextBoolean() ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
  }

  /** Runs one operation, perhaps cancels it, and returns whether it ended with a result. */
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

  private static void write(ByteSink sink, int salt, Random random) throws Exception {
    for (int sent = 0; sent < TOTAL; ) {
      ByteBuffer source = buffer(random);
      source.limit(Math.min(source.capacity(), TOTAL - sent));
      for (int i = 0; i < source.limit(); i++) {
        source.put(i, byteAt(sent + i, salt));
      }
      boolean done = attempt(random, () -> sink.write(source));
      assertThat(source.position() > 0).isEqualTo(done);
      sent += source.position();
    }
  }

  private static void read(ByteSource source, int salt, Random random) throws Exception {
    ByteReader reader = new ByteReader(source);
    int got = 0;
    while (got < TOTAL) {
      ByteBuffer target = buffer(random);
      int exact = Math.min(random.nextInt(5000), TOTAL - got);
      if (random.nextBoolean()) {
        attempt(random, () -> reader.read(target));
      } else if (target.capacity() >= exact) {
        attempt(random, () -> target.put(reader.readExactly(exact)));
      }
      for (int i = 0; i < target.position(); i++) {
        if (target.get(i) != byteAt(got + i, salt)) {
          throw new AssertionError("byte " + (got + i) + " is another");
        }
      }
      got += target.position();
    }
    assertThat(reader.buffered()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyByteArrivesOnce(long seed) throws Exception {
    Caller.COROUTINE.run(() -> {
      try (var server =
              AsyncServerSocket.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
          var here = AsyncSocket.connect(server.localAddress());
          var there = server.accept()) {
        here.setOption(StandardSocketOptions.SO_SNDBUF, 16_384);
        Task<?> out = GoAsync.goAsync(() -> write(here, 1, new Random(seed)));
        Task<?> in = GoAsync.goAsync(() -> read(there, 1, new Random(seed + 100)));
        Task<?> backOut = GoAsync.goAsync(() -> write(there, 2, new Random(seed + 200)));
        Task<?> backIn = GoAsync.goAsync(() -> read(here, 2, new Random(seed + 300)));
        for (Task<?> each : java.util.List.of(out, in, backOut, backIn)) {
          Caller.finish(each);
        }
        here.shutdownOutput();
        assertThat(there.readAllBytes()).isEmpty();
        there.shutdownOutput();
        assertThat(here.readAllBytes()).isEmpty();
      }
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyByteOfAPipeArrivesOnce(long seed) throws Exception {
    Differences.assumeNone(Differences.ofPipes());
    Path path = Fifo.make(dir.resolve("fifo"));
    Caller.COROUTINE.run(() -> {
      try (var in = AsyncFile.open(path, READ, WRITE);
          var out = AsyncFile.open(path, READ, WRITE)) {
        Task<?> writer = GoAsync.goAsync(() -> write(out, 3, new Random(seed)));
        Task<?> reader = GoAsync.goAsync(() -> read(in, 3, new Random(seed + 100)));
        Caller.finish(writer);
        Caller.finish(reader);
        out.writeAll("end\n");
        assertThat(in.readLine()).as("nothing came twice").isEqualTo("end");
      }
    });
  }
}
