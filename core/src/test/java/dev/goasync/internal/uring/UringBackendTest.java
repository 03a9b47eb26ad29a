package dev.goasync.internal.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.internal.linux.LinuxPlatform;
import dev.goasync.internal.loop.FiberTask;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

final class UringBackendTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** A backend whose rings always overflow. */
  private static UringBackend tiny() {
    return new UringBackend(
        new UringFeatures(
            "tiny queues", false, false, false, UringFeatures.NO_DEVICE, false, false),
        2,
        2);
  }

  @AfterEach
  void clearSimulation() {
    System.clearProperty(UringBackend.SIMULATE_PROPERTY);
  }

  @Test
  void thousandsOfOperationsThroughTinyQueues() throws Exception {
    Loop loop = Loop.start("tiny", true, TimeSource.SYSTEM, tiny());
    AtomicInteger echoed = new AtomicInteger();
    int connections = 200;
    var listener = LinuxPlatform.OF_BLOCKING_SOCKETS.listen(LOOPBACK, connections, false);
    var address = listener.localAddress();
    FiberTask.run(
        loop,
        () -> {
          for (int i = 0; i < connections; i++) {
            var _ = FiberTask.start(loop, () -> talk(address, echoed));
          }
          for (int i = 0; i < connections; i++) {
            try (var peer = listener.accept()) {
              ByteBuffer buffer = ByteBuffer.allocateDirect(20);
              while (peer.read(buffer.clear()) >= 0) {
                peer.write(buffer.flip());
              }
            }
          }
        });
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

  /** The tail of the buffer ring is a 16-bit counter. */
  @Test
  @Timeout(60)
  void theTailOfReceiveBuffersWrapsAround() throws Exception {
    Modes.assumeFullMode("70,000 turns take too long in portable mode, which uses the same code");
    Loop loop = Loop.start("round", true, TimeSource.SYSTEM, UringBackend.probe());
    var listener = LinuxPlatform.OF_BLOCKING_SOCKETS.listen(LOOPBACK, 1, false);
    FiberTask.run(
        loop,
        () -> {
          try (var here = LinuxPlatform.OF_BLOCKING_SOCKETS.connect(listener.localAddress(), null);
              var there = listener.accept()) {
            ByteBuffer out = ByteBuffer.allocate(Integer.BYTES);
            ByteBuffer in = ByteBuffer.allocate(100);
            for (int i = 0; i < 70_000; i++) {
              there.write(out.clear().putInt(i).flip());
              assertThat(here.read(in.clear())).isEqualTo(Integer.BYTES);
              assertThat(in.flip().getInt()).isEqualTo(i);
            }
          }
        });
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
    List<FiberTask> tasks = new ArrayList<>();
    for (int i = 0; i < waiting; i++) {
      tasks.add(
          FiberTask.start(
              loop,
              () -> {
                begun.countDown();
                try {
                  listener.accept();
                } catch (CancellationException asked) {
                  cancelled.countDown();
                }
              }));
    }
    begun.await();
    tasks.forEach(task -> task.cancelFiber("enough"));
    cancelled.await();
    loop.close(null);
    listener.close();
  }

  @Test
  void aThreadWakesALoopThatWaitsInItsRing() throws Exception {
    Loop loop = Loop.start("wakes", true, TimeSource.SYSTEM, UringBackend.probe());
    FiberTask.run(loop, loop::poller);
    for (int i = 0; i < 1000; i++) {
      CountDownLatch ran = new CountDownLatch(1);
      loop.execute(ran::countDown);
      ran.await();
    }
    loop.close(null);
  }

  @Test
  void anIdleLoopHasNoOperationInFlight() throws Exception {
    Loop loop = Loop.start("idle", true, TimeSource.SYSTEM, UringBackend.probe());
    FiberTask.run(loop, () -> assertThat(loop.poller().inFlight()).isZero());
    loop.close(null);
  }

  @Test
  @Timeout(60)
  void aClosedLoopClosesItsRing() throws Exception {
    long before = rings();
    for (int i = 0; i < 20; i++) {
      Loop loop = Loop.start("short", true, TimeSource.SYSTEM, tiny());
      FiberTask.run(loop, loop::poller);
      loop.close(null);
    }
    while (rings() > before) { // the loop's thread closes its ring last
      Thread.onSpinWait();
    }
  }

  private static long rings() throws IOException {
    try (var links = Files.list(Path.of("/proc/self/fd"))) {
      return links
          .filter(link -> {
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
  void probeReportsTheReasonAndTheCure() {
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
