package dev.goasync.internal.linux.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An operation inside a descriptor keeps the number from being closed. */
@Timeout(60)
final class DescriptorTest {
  private final SystemCalls calls = new SystemCalls();
  private final int fd = calls.eventfd();
  private final Descriptor descriptor = new Descriptor(fd, "the name");

  private static final class CountingUse extends Descriptor.Use {
    final AtomicInteger interrupts = new AtomicInteger();

    @Override
    protected void interrupt() {
      interrupts.incrementAndGet();
    }
  }

  private static boolean isOpen(int fd) throws IOException {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString().contains("eventfd");
    } catch (NoSuchFileException closed) {
      return false;
    }
  }

  private int close() {
    LinuxIo io = BlockingIo.acquire();
    try {
      return descriptor.close(io);
    } finally {
      io.release();
    }
  }

  @Test
  void closeWithoutOperationsClosesTheNumberAtOnce() throws Exception {
    CountingUse use = new CountingUse();
    assertThat(descriptor.enter(use)).isEqualTo(fd);
    descriptor.leave(use, calls);
    assertThat(isOpen(fd)).isTrue();
    assertThat(close()).isZero();
    assertThat(isOpen(fd)).isFalse();
    assertThat(use.interrupts).as("an operation that has left is not interrupted").hasValue(0);
    assertThat(descriptor).hasToString("the name");
  }

  @Test
  void closeInterruptsOperationsAndTheLastToLeaveClosesTheNumber() throws Exception {
    List<CountingUse> uses = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      uses.add(new CountingUse());
      descriptor.enter(uses.get(i));
    }
    descriptor.leave(uses.get(2), calls); // from the middle of the list
    assertThat(close()).isZero();
    assertThat(descriptor.isClosed()).isTrue();
    assertThat(uses.stream().map(use -> use.interrupts.get())).containsExactly(1, 1, 0, 1);
    for (int each : new int[] {0, 3, 1}) {
      assertThat(isOpen(fd)).as("before %d leaves", each).isTrue();
      descriptor.leave(uses.get(each), calls);
    }
    assertThat(isOpen(fd)).isFalse();
  }

  @Test
  void enteringAfterTheCloseThrows() throws Exception {
    CountingUse inside = new CountingUse();
    descriptor.enter(inside);
    close();
    assertThatThrownBy(() -> descriptor.enter(new CountingUse()))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(descriptor::checkOpen).isInstanceOf(ClosedChannelException.class);
    descriptor.leave(inside, calls);
  }

  @Test
  void aSecondCloseHasNoEffect() throws Exception {
    CountingUse inside = new CountingUse();
    descriptor.enter(inside);
    assertThat(close()).isZero();
    assertThat(close()).isZero();
    assertThat(inside.interrupts).hasValue(1);
    assertThat(isOpen(fd)).isTrue();
    descriptor.leave(inside, calls);
    int reused = calls.eventfd();
    assertThat(close()).isZero();
    assertThat(isOpen(reused)).as("a number that names another file now").isTrue();
    calls.close(reused);
  }

  @Test
  void aUseCanBeReusedAfterLeaving() throws Exception {
    CountingUse use = new CountingUse();
    for (int i = 0; i < 3; i++) {
      descriptor.enter(use);
      descriptor.leave(use, calls);
    }
    descriptor.enter(use);
    close();
    assertThat(use.interrupts).hasValue(1);
    descriptor.leave(use, calls);
    assertThat(isOpen(fd)).isFalse();
  }

  /** Many threads enter and leave while one closes; inside, the number names the same file. */
  @Test
  void theNumberIsNotReusedWhileAnOperationIsInside() throws Exception {
    close();
    int threads = 4;
    for (int round = 0; round < 50; round++) {
      int number = calls.eventfd();
      Descriptor shared = new Descriptor(number, "round " + round);
      CyclicBarrier start = new CyclicBarrier(threads + 1);
      List<FutureTask<Void>> users = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        FutureTask<Void> user = new FutureTask<>(() -> useUntilClosed(shared, start), null);
        users.add(user);
        Thread.ofPlatform().start(user);
      }
      start.await();
      LinuxIo io = BlockingIo.acquire();
      shared.close(io);
      io.release();
      for (FutureTask<Void> user : users) {
        user.get();
      }
      assertThat(isOpen(number)).as("closed after the last").isFalse();
    }
  }

  private static void useUntilClosed(Descriptor shared, CyclicBarrier start) {
    SystemCalls own = new SystemCalls();
    CountingUse use = new CountingUse();
    try {
      start.await();
      while (true) {
        int number = shared.enter(use);
        try {
          assertThat(isOpen(number)).isTrue();
        } finally {
          shared.leave(use, own);
        }
      }
    } catch (ClosedChannelException end) {
      // as it should
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
