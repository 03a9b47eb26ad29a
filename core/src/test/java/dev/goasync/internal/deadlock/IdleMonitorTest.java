package dev.goasync.internal.deadlock;

import static dev.goasync.internal.loop.TestFiber.me;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.internal.loop.FakePoller;
import dev.goasync.internal.loop.FakeWait;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.TestFiber;
import dev.goasync.internal.loop.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When an idle loop looks for a deadlock, and what it does with one. */
@Timeout(60)
final class IdleMonitorTest {
  private final AtomicInteger looks = new AtomicInteger();
  private final List<FakeWait> waits = new ArrayList<>();

  private Loop stuckLoop(DeadlockOption option, boolean couldWake) {
    IdleMonitor monitor =
        new IdleMonitor(
            option,
            () -> {
              looks.incrementAndGet();
              return couldWake;
            });
    Loop loop = Loop.onCurrentThread(TimeSource.SYSTEM, new FakePoller(), monitor);
    TestFiber.start(
        loop,
        () -> {
          FakeWait wait = new FakeWait(me(), "a test", FakeWait.OnCancel.ENDS);
          waits.add(wait);
          me().pause(wait);
        });
    return loop;
  }

  private FakePoller pollerOf(Loop loop) {
    return (FakePoller) loop.pollerFactory();
  }

  /** Runs the loop until its fiber is resumed, which the {@code turn}-th wait for events does. */
  private String run(Loop loop, int turn, boolean withTask) {
    AtomicInteger idle = new AtomicInteger();
    TestFiber.start(loop, () -> FakePoller.of(loop));
    pollerOf(loop).whenWaiting =
        () -> {
          if (idle.incrementAndGet() == turn) {
            waits.getFirst().complete();
          } else if (withTask) {
            loop.execute(() -> {});
          }
        };
    String report = loop.runUntilNoFiber();
    waits.forEach(FakeWait::complete);
    loop.close(null);
    return String.valueOf(report);
  }

  @Test
  void aStuckLoopIsReportedAfterTwoLooks() {
    Loop loop = stuckLoop(DeadlockOption.THROW, false);
    assertThat(run(loop, 100, false)).contains("its only coroutine waits");
    assertThat(looks).hasValue(2);
  }

  @Test
  void aLoopThatRunsTasksDoesNotLook() {
    Loop loop = stuckLoop(DeadlockOption.THROW, false);
    assertThat(run(loop, 100, true)).isEqualTo("null");
    assertThat(looks).hasValue(0);
  }

  @Test
  void aThreadThatCouldWakePreventsTheReport() {
    Loop loop = stuckLoop(DeadlockOption.THROW, true);
    assertThat(run(loop, 100, false)).isEqualTo("null");
    assertThat(looks.get()).isGreaterThan(50);
  }

  @Test
  void theOptionLogLetsTheWaitGoOn() {
    Loop loop = stuckLoop(DeadlockOption.LOG, false);
    assertThat(run(loop, 20, false)).isEqualTo("null");
    assertThat(looks).hasValue(2);
  }

  @Test
  void theOptionOffDoesNotLook() {
    Loop loop = stuckLoop(DeadlockOption.OFF, false);
    assertThat(run(loop, 20, false)).isEqualTo("null");
    assertThat(looks).hasValue(0);
  }

  @Test
  void anUnknownOptionMeansTheDefault() {
    assertThat(DeadlockOption.parse("log")).isSameAs(DeadlockOption.LOG);
    assertThat(DeadlockOption.parse(null)).isSameAs(DeadlockOption.THROW);
    assertThat(DeadlockOption.parse("x")).isSameAs(DeadlockOption.THROW);
  }
}
