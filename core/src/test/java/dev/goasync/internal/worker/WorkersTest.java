package dev.goasync.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.PollerFactory;
import dev.goasync.internal.loop.TestFiber;
import dev.goasync.internal.loop.TimeSource;
import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Blocking calls of coroutines and plain threads. */
@Timeout(60)
final class WorkersTest {
  @RegisterExtension static final NoLeaks NO_LEAKS = new NoLeaks();

  private final Loop loop = Loop.onCurrentThread(TimeSource.SYSTEM, new FakeFactory());
  private final Workers workers = new Workers("worker of a test ", 1);
  private final Semaphore begun = new Semaphore(0);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicBoolean ran = new AtomicBoolean();

  /** Opens no poller: the loops of these tests only park. */
  private static final class FakeFactory implements PollerFactory {
    @Override
    public Poller open(Loop loop) {
      throw new UnsupportedOperationException();
    }
  }

  @AfterEach
  void close() {
    release.countDown();
    loop.close(null);
  }

  private TestFiber fiber(Workers.Duration duration, Workers.Call<?> call) {
    return TestFiber.start(
        loop,
        () -> {
          try {
            workers.run(duration, "a test", call);
          } catch (IOException thrown) {
            throw new java.io.UncheckedIOException(thrown);
          }
        });
  }

  private Object blocked() {
    begun.release();
    boolean interrupted = false;
    while (release.getCount() > 0) {
      try {
        release.await();
      } catch (InterruptedException wrong) {
        interrupted = true;
      }
    }
    return interrupted;
  }

  @Test
  void returnsTheResultAndThrowsTheExceptionOfTheCall() throws Exception {
    assertThat(workers.<String>run(Workers.Duration.BOUNDED, "a test", () -> "result"))
        .isEqualTo("result");
    assertThatThrownBy(() ->
            workers.run(
                Workers.Duration.BOUNDED,
                "a test",
                () -> {
                  throw new NoSuchFileException("gone");
                }))
        .isInstanceOf(NoSuchFileException.class)
        .satisfies(thrown ->
            assertThat(thrown.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(WorkersTest.class.getName())));
  }

  @Test
  void aCallCancelledBeforeItBeganNeverRuns() {
    TestFiber first = fiber(Workers.Duration.BOUNDED, this::blocked);
    TestFiber second = fiber(Workers.Duration.BOUNDED, () -> ran.getAndSet(true));
    TestFiber.start(
        loop,
        () -> {
          begun.acquireUninterruptibly();
          TestFiber.me().yieldNow();
          second.cancel("before it began");
          TestFiber.me().yieldNow();
          TestFiber.me().yieldNow();
          assertThat(second.failure).isInstanceOf(Cancellation.class);
          release.countDown();
        });
    assertThat(loop.runUntilNoFiber()).isNull();
    assertThat(first.failure).isNull();
    assertThat(ran).isFalse();
  }

  @Test
  void aRunningCallIsAwaitedDespiteACancel() {
    boolean[] interrupted = new boolean[1];
    TestFiber running =
        fiber(
            Workers.Duration.UNBOUNDED,
            () -> {
              interrupted[0] = (boolean) blocked();
              return ran.getAndSet(true);
            });
    TestFiber.start(
        loop,
        () -> {
          begun.acquireUninterruptibly();
          running.cancel("while it runs");
          TestFiber.me().yieldNow();
          release.countDown();
        });
    assertThat(loop.runUntilNoFiber()).isNull();
    assertThat(running.failure).isNull();
    assertThat(ran).isTrue();
    assertThat(interrupted[0]).isFalse();
  }

  @Test
  void unboundedCallsDoNotStarveBoundedOnes() throws Exception {
    for (int i = 0; i < 20; i++) {
      var _ = fiber(Workers.Duration.UNBOUNDED, this::blocked);
    }
    TestFiber.start(
        loop,
        () -> {
          begun.acquireUninterruptibly(20);
          release.countDown();
        });
    var _ = fiber(Workers.Duration.BOUNDED, () -> ran.getAndSet(true));
    assertThat(loop.runUntilNoFiber()).isNull();
    assertThat(ran).isTrue();
  }

  @Test
  void aPlainThreadKeepsItsInterrupt() throws Exception {
    Thread caller = Thread.currentThread();
    boolean completed =
        workers.run(
            Workers.Duration.BOUNDED,
            "a test",
            () -> {
              caller.interrupt();
              return true;
            });
    assertThat(completed).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }
}
