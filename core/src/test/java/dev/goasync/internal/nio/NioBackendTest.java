package dev.goasync.internal.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Descriptors;
import dev.goasync.GoAsync;
import dev.goasync.file.AsyncFile;
import dev.goasync.internal.loop.FiberTask;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Behaviour particular to selectors; tests of resource types cover what all backends share. */
@Timeout(60)
final class NioBackendTest {
  @RegisterExtension static final NoLeaks NO_LEAKS = new NoLeaks();

  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path dir;
  private final NioBackend backend = NioBackend.probe();
  private final Loop loop = Loop.start("selects", true, TimeSource.SYSTEM, backend);
  private ListenerHandle listener;
  private StreamHandle here;
  private StreamHandle there;

  @BeforeEach
  void connect() throws IOException {
    listener = backend.platform().listen(LOOPBACK, 10, false);
    here = backend.platform().connect(listener.localAddress(), null);
    there = listener.accept();
  }

  @AfterEach
  void close() throws IOException {
    here.close();
    there.close();
    listener.close();
    loop.close("the test has ended");
  }

  private static int readByte(StreamHandle stream) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    return stream.read(one) == 1 ? one.get(0) : -1;
  }

  private static void write(StreamHandle stream, int value) throws IOException {
    stream.write(ByteBuffer.wrap(new byte[] {(byte) value}));
  }

  @Test
  void severalLoopsAndThreadsShareASocket() throws Exception {
    try (TwoLoops loops = new TwoLoops(loop, backend)) {
      for (int i = 1; i <= 100; i++) {
        int value = i;
        FiberTask reader =
            FiberTask.start(loops.next(), () -> assertThat(readByte(here)).isEqualTo(value));
        write(there, value);
        reader.get();
        write(there, value);
        assertThat(readByte(here)).isEqualTo(value);
      }
    }
  }

  private static final class TwoLoops implements AutoCloseable {
    private final Loop first;
    private final Loop second;
    private boolean odd;

    TwoLoops(Loop first, NioBackend backend) {
      this.first = first;
      this.second = Loop.start("selects too", true, TimeSource.SYSTEM, backend);
    }

    Loop next() {
      odd = !odd;
      return odd ? first : second;
    }

    @Override
    public void close() {
      second.close(null);
    }
  }

  @Test
  void closeReleasesTheDescriptorWhileALoopSelects() throws Exception {
    FiberTask reader = FiberTask.start(loop, () -> readByte(here));
    write(there, 1);
    reader.get();
    long before = Descriptors.count("socket:");
    here.close();
    assertThat(Descriptors.count("socket:")).isEqualTo(before - 1);
  }

  @Test
  void closeEndsWaitsOnALoop() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    List<FiberTask> readers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      readers.add(
          FiberTask.start(
              loop,
              () -> {
                begun.countDown();
                here.awaitReady(Direction.INPUT);
              }));
    }
    begun.await();
    FiberTask.start(loop, () -> {}).get(); // all readers wait now
    here.close();
    for (FiberTask reader : readers) {
      assertThatThrownBy(reader::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(AsynchronousCloseException.class);
    }
  }

  @Test
  void eachOfSeveralReadersContinues() throws Exception {
    AtomicInteger ready = new AtomicInteger();
    List<FiberTask> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiting.add(
          FiberTask.start(
              loop,
              () -> {
                here.awaitReady(Direction.INPUT);
                ready.incrementAndGet();
              }));
    }
    assertThat(here.isReady(Direction.INPUT)).isFalse();
    write(there, 1);
    for (FiberTask each : waiting) {
      each.get();
    }
    assertThat(ready).hasValue(5);
    assertThat(here.isReady(Direction.INPUT)).isTrue();
    assertThat(here.isReady(Direction.OUTPUT)).isTrue();
  }

  @Test
  void anInterruptOfAThreadClosesNoFile() throws Exception {
    Path path = Files.writeString(dir.resolve("file"), "content");
    try (var file = backend.platform().openFile(path, Set.of(StandardOpenOption.READ))) {
      Thread.currentThread().interrupt();
      assertThat(file.read(ByteBuffer.allocate(3))).isEqualTo(3);
      assertThat(file.position()).isEqualTo(3);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(file.read(ByteBuffer.allocate(10))).isEqualTo(4);
    }
  }

  @Test
  void anInterruptedLoopThreadDoesNotSpin() throws Exception {
    FiberTask reader = FiberTask.start(loop, () -> readByte(here));
    loop.execute(() -> Thread.currentThread().interrupt());
    FiberTask.start(loop, () -> {}).get();
    long before = loop.turns();
    for (int i = 0; i < 100; i++) {
      FiberTask.start(loop, () -> {}).get();
    }
    assertThat(loop.turns() - before).isLessThan(1000);
    write(there, 1);
    reader.get();
  }

  @Test
  void describesItself() {
    assertThat(backend.describe()).startsWith("nio: selectors of the JDK (");
  }

  /** Uses files, sockets and timers without native access. */
  static final class Tour {
    public static void main(String[] arguments) throws Exception {
      Path path = Files.createTempFile("tour", ".txt");
      try (var server = AsyncServerSocket.listen(LOOPBACK)) {
        var served =
            GoAsync.goAsync(() -> {
              try (var client = server.accept()) {
                client.writeAll(client.readLine() + " and back\n");
              }
            });
        GoAsync.goAsync(
                () -> {
                  GoAsync.sleep(Duration.ofMillis(1));
                  try (var file = AsyncFile.open(path, StandardOpenOption.WRITE);
                      var socket = AsyncSocket.connect(server.localAddress())) {
                    socket.writeAll("there\n");
                    file.writeAll(String.valueOf(socket.readLine()));
                  }
                })
            .await();
        served.await();
        try (var file = AsyncFile.open(path)) {
          System.out.println(file.readAll());
        }
      } finally {
        Files.delete(path);
      }
      System.out.println(GoAsync.describe().contains("nio: selectors of the JDK"));
    }
  }

  @Test
  void isSelectedSilentlyWhereNativeAccessIsDenied() throws Exception {
    ChildJvm.Ended ended =
        ChildJvm.runWithoutNativeAccess(Tour.class, "--illegal-native-access=deny");
    assertThat(ended.assertSuccess().out().lines()).containsExactly("there and back", "true");
    assertThat(ended.err()).isEmpty();
  }
}
