package dev.goasync.internal.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.internal.linux.LinuxPlatform;
import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.testkit.Modes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

final class UringBackendTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** A backend whose rings overflow all the time. */
  private static UringBackend tiny() {
    return new UringBackend(new UringFeatures("tiny, for tests", false, false, false, false), 2, 2);
  }

  private static final class TestFiber extends Fiber {
    private final FutureTask<Void> work;

    TestFiber(Loop loop, FutureTask<Void> work) {
      super(loop);
      this.work = work;
    }

    @Override
    protected void execute() {
      work.run();
    }

    @Override
    protected void neverRan(Cancellation cause) {
      work.cancel(false);
    }

    @Override
    public String describe() {
      return "test fiber";
    }
  }

  private interface Body {
    void run() throws IOException, InterruptedException;
  }

  private static FutureTask<Void> start(Loop loop, Body body) {
    FutureTask<Void> work =
        new FutureTask<>(
            () -> {
              body.run();
              return null;
            });
    loop.startFiber(new TestFiber(loop, work));
    return work;
  }

  private static void finish(FutureTask<Void> work) throws Exception {
    try {
      work.get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception cause ? cause : failed;
    }
  }

  @AfterEach
  void nothingIsSimulated() {
    System.clearProperty(UringBackend.SIMULATE_PROPERTY);
  }

  @Test
  void thousandsOfOperationsThroughTinyQueues() throws Exception {
    Loop loop = Loop.start("tiny", true, TimeSource.SYSTEM, tiny());
    AtomicInteger echoed = new AtomicInteger();
    int connections = 200;
    var listener = LinuxPlatform.OF_BLOCKING_SOCKETS.listen(LOOPBACK, connections, false);
    var address = listener.localAddress();
    finish(
        start(
            loop,
            () -> {
              for (int i = 0; i < connections; i++) {
                var _ = start(loop, () -> talk(address, echoed));
              }
              for (int i = 0; i < connections; i++) {
                try (var peer = listener.accept()) {
                  ByteBuffer buffer = ByteBuffer.allocateDirect(20);
                  while (peer.read(buffer.clear()) >= 0) {
                    peer.write(buffer.flip());
                  }
                }
              }
            }));
    loop.close(null);
    listener.close();
    assertThat(echoed).hasValue(connections * 20);
  }

  private static void talk(SocketAddress address, AtomicInteger echoed) throws IOException {
    try (var stream = LinuxPlatform.OF_BLOCKING_SOCKETS.connect(address, null)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(8);
      for (int i = 0; i < 20; i++) {
        stream.write(buffer.clear().putInt(i).flip());
        assertThat(stream.read(buffer.clear())).isEqualTo(4);
        assertThat(buffer.getInt(0)).isEqualTo(i);
        echoed.incrementAndGet();
      }
    }
  }

  /** Sixteen bits count the buffers that went to the kernel. */
  @Test
  @Timeout(60)
  void receiveBuffersGoRoundAndRound() throws Exception {
    Modes.assumeFullMode("a hundred thousand turns take too long there, and are the same");
    Loop loop = Loop.start("round", true, TimeSource.SYSTEM, UringBackend.probe());
    var listener = LinuxPlatform.OF_BLOCKING_SOCKETS.listen(LOOPBACK, 1, false);
    finish(
        start(
            loop,
            () -> {
              try (var here =
                      LinuxPlatform.OF_BLOCKING_SOCKETS.connect(listener.localAddress(), null);
                  var there = listener.accept()) {
                ByteBuffer out = ByteBuffer.allocate(Integer.BYTES);
                ByteBuffer in = ByteBuffer.allocate(100);
                for (int i = 0; i < 70_000; i++) {
                  there.write(out.clear().putInt(i).flip());
                  assertThat(here.read(in.clear())).isEqualTo(Integer.BYTES);
                  assertThat(in.flip().getInt()).isEqualTo(i);
                }
              }
            }));
    loop.close(null);
    listener.close();
  }

  @Test
  void cancelsThroughTinyQueues() throws Exception {
    Loop loop = Loop.start("tiny", true, TimeSource.SYSTEM, tiny());
    var listener = LinuxPlatform.OF_BLOCKING_SOCKETS.listen(LOOPBACK, 10, false);
    int waiting = 500;
    CountDownLatch begun = new CountDownLatch(waiting);
    CountDownLatch cancelled = new CountDownLatch(waiting);
    var fibers = new java.util.ArrayList<TestFiber>();
    for (int i = 0; i < waiting; i++) {
      FutureTask<Void> work =
          new FutureTask<>(
              () -> {
                begun.countDown();
                try {
                  listener.accept();
                } catch (java.util.concurrent.CancellationException asked) {
                  cancelled.countDown();
                }
                return null;
              });
      TestFiber fiber = new TestFiber(loop, work);
      fibers.add(fiber);
      loop.startFiber(fiber);
    }
    begun.await();
    fibers.forEach(fiber -> fiber.cancel("enough"));
    cancelled.await();
    loop.close(null);
    listener.close();
  }

  @Test
  void otherThreadsWakeALoopThatWaitsInItsRing() throws Exception {
    Loop loop = Loop.start("wakes", true, TimeSource.SYSTEM, UringBackend.probe());
    finish(start(loop, loop::poller));
    for (int i = 0; i < 1000; i++) {
      CountDownLatch ran = new CountDownLatch(1);
      loop.execute(ran::countDown);
      ran.await();
    }
    loop.close(null);
  }

  @Test
  void idleLoopsHaveNothingInFlight() throws Exception {
    Loop loop = Loop.start("idle", true, TimeSource.SYSTEM, UringBackend.probe());
    finish(start(loop, () -> assertThat(loop.poller().inFlight()).isZero()));
    loop.close(null);
  }

  @Test
  @Timeout(60)
  void closedLoopsLeaveNothingOpen() throws Exception {
    long before = rings();
    for (int i = 0; i < 20; i++) {
      Loop loop = Loop.start("short", true, TimeSource.SYSTEM, tiny());
      finish(start(loop, loop::poller));
      loop.close(null);
    }
    while (rings() > before) { // a loop's thread closes its ring as the last thing it does
      Thread.onSpinWait();
    }
  }

  private static long rings() throws IOException {
    try (var links = Files.list(Path.of("/proc/self/fd"))) {
      return links
          .filter(
              link -> {
                try {
                  return Files.readSymbolicLink(link).toString().contains("io_uring");
                } catch (IOException closedMeanwhile) {
                  return false;
                }
              })
          .count();
    }
  }

  @Test
  @ResourceLock("system properties")
  void saysWhyThereIsNone() {
    System.setProperty(UringBackend.SIMULATE_PROPERTY, "EPERM");
    assertThatThrownBy(UringBackend::probe)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("seccomp")
        .hasMessageContaining("kernel.io_uring_disabled");
    System.setProperty(UringBackend.SIMULATE_PROPERTY, "ENOSYS");
    assertThatThrownBy(UringBackend::probe)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("Linux 5.15");
  }

  @Test
  void describesItself() {
    assertThat(UringBackend.probe().describe()).startsWith("uring: io_uring of Linux ");
  }
}
