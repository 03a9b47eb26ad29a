package dev.goasync.internal.loop;

import static dev.goasync.internal.loop.TestFiber.me;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.internal.loop.FakeWait.OnCancel;
import dev.goasync.testkit.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The protocol between a fiber and its waits. */
@Timeout(60)
final class FiberTest {
  @RegisterExtension static final NoLeaks NO_LEAKS = new NoLeaks();

  private final VirtualTime time = new VirtualTime();
  private final Loop loop = Loop.onCurrentThread(time, new FakePoller());
  private final List<String> events = new ArrayList<>();
  private @Nullable FakeWait wait;

  @AfterEach
  void close() {
    loop.close(null);
  }

  private FakeWait wait(OnCancel onCancel) {
    FakeWait made = new FakeWait(me(), "a test", onCancel);
    wait = made;
    return made;
  }

  private FakeWait entered() {
    return Objects.requireNonNull(wait);
  }

  private TestFiber pausing(OnCancel onCancel) {
    return TestFiber.start(
        loop,
        () -> {
          FakeWait mine = wait(onCancel);
          me().pause(mine);
          events.add(mine.wasCancelled() ? "cancelled" : "completed");
        });
  }

  private void run() {
    assertThat(loop.runUntilNoFiber()).isNull();
  }

  /** Runs {@code steps} one after the other, the fibers going on between them. */
  private void runWith(Runnable... steps) {
    TestFiber stepper =
        TestFiber.start(
            loop,
            () -> {
              try {
                for (Runnable step : steps) {
                  me().yieldNow();
                  step.run();
                }
              } catch (RuntimeException | AssertionError failed) {
                entered().complete();
                throw failed;
              }
            });
    run();
    if (stepper.failure != null) {
      throw new AssertionError(stepper.failure);
    }
  }

  @Test
  void pauseReturnsAfterFinishAndNeverBefore() {
    TestFiber fiber = pausing(OnCancel.ENDS);
    runWith(
        () -> assertThat(events).isEmpty(),
        fiber::unpark,
        fiber::unpark,
        () -> assertThat(events).as("after spurious unparks").isEmpty(),
        () -> assertThat(fiber.waiting()).isSameAs(entered()),
        () -> entered().complete());
    assertThat(events).containsExactly("completed");
    assertThat(fiber.waiting()).isNull();
  }

  @Test
  void finishedWaitDoesNotPause() {
    TestFiber.start(
        loop,
        () -> {
          FakeWait mine = wait(OnCancel.ENDS);
          mine.complete();
          me().pause(mine);
          events.add("went on");
        });
    runWith(() -> assertThat(events).containsExactly("went on"));
  }

  @Test
  void leftOverUnparkDoesNotEndTheNextPause() {
    TestFiber.start(
        loop,
        () -> {
          FakeWait first = wait(OnCancel.ENDS);
          first.complete();
          first.complete();
          me().pause(first);
          me().pause(wait(OnCancel.ENDS));
          events.add("second ended");
        });
    runWith(() -> assertThat(events).isEmpty(), () -> entered().complete());
    assertThat(events).containsExactly("second ended");
  }

  @Test
  void cancelEndsAWaitThatCanEndAtOnce() {
    TestFiber fiber = pausing(OnCancel.ENDS);
    runWith(() -> fiber.cancel("enough"));
    assertThat(events).containsExactly("cancelled");
  }

  @Test
  void aWaitThatCannotEndAtOnceKeepsTheFiberParked() {
    TestFiber fiber = pausing(OnCancel.CONTINUES);
    runWith(
        () -> fiber.cancel("enough"),
        () -> fiber.cancel("again"),
        () -> assertThat(events).isEmpty(),
        () -> entered().completeCancelled());
    assertThat(events).containsExactly("cancelled");
    assertThat(entered().cancels).as("requested once").isEqualTo(1);
  }

  @Test
  void aResultWinsOverACancel() {
    TestFiber requestedFirst = pausing(OnCancel.CONTINUES);
    runWith(() -> requestedFirst.cancel("too late"), () -> entered().complete());
    TestFiber finishedFirst = pausing(OnCancel.ENDS);
    runWith(() -> {
      entered().complete();

      finishedFirst.cancel("too late");
    });
    assertThat(events).containsExactly("completed", "completed");
    assertThat(entered().cancels).isZero();
  }

  @Test
  void aFiberCancelledBeforeItsFirstRunNeverRuns() {
    TestFiber fiber = TestFiber.start(loop, () -> events.add("ran"));
    fiber.cancel("not wanted");
    run();
    assertThat(events).isEmpty();
    assertThat(fiber.neverRan).isNotNull().hasMessage("not wanted");
    assertThat(Objects.requireNonNull(fiber.neverRan).isOf(fiber)).isTrue();
  }

  @Test
  void cancelIsSeenByEveryLaterPauseWithTheFirstReason() {
    TestFiber fiber =
        TestFiber.start(
            loop,
            () -> {
              for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> me().sleep(1))
                    .isInstanceOf(Cancellation.class)
                    .hasMessage("first");
              }
              assertThatThrownBy(() -> me().yieldNow()).isInstanceOf(Cancellation.class);
              assertThatThrownBy(() -> me().checkCancelled()).isInstanceOf(Cancellation.class);
              events.add("seen");
            });
    runWith(() -> fiber.cancel("first"), () -> fiber.cancel("second"));
    assertThat(fiber.failure).isNull();
    assertThat(events).containsExactly("seen");
    assertThat(time.elapsedNanos()).isZero();
  }

  @Test
  void fiberMayCancelItself() {
    TestFiber fiber =
        TestFiber.start(
            loop,
            () -> {
              me().cancel("itself");
              me().sleep(1);
            });
    run();
    assertThat(fiber.failure).isInstanceOf(Cancellation.class).hasMessage("itself");
  }

  @Test
  void aCancelledSleepCancelsItsTimer() {
    TestFiber fiber = TestFiber.start(loop, () -> me().sleep(1_000));
    runWith(() -> fiber.cancel("enough"));
    assertThat(fiber.failure).isInstanceOf(Cancellation.class);
    assertThat(loop.timersQueued()).isZero();
    assertThat(time.elapsedNanos()).isZero();
  }

  @Test
  void interruptCancelsTheWaitAndItsStatusIsRestored() {
    TestFiber fiber =
        TestFiber.start(
            loop,
            () -> {
              FakeWait mine = wait(OnCancel.ENDS);
              me().pause(mine);
              assertThat(mine.wasCancelled()).isTrue();
              assertThat(me().cancellation()).hasMessageContaining("interrupted");
              assertThatThrownBy(() -> me().sleep(1_000)).isInstanceOf(Cancellation.class);
              events.add("interrupted " + Thread.interrupted());
              me().sleep(1);
            });
    runWith(() -> fiber.thread().interrupt(), this::untilCancelIsRequested);
    assertThat(fiber.failure).isNull();
    assertThat(events).containsExactly("interrupted true");
    assertThat(time.elapsedNanos()).isEqualTo(1);
  }

  /** In portable mode the interrupted thread requests the cancel, at its own time. */
  private void untilCancelIsRequested() {
    while (entered().cancels == 0) {
      me().yieldNow();
    }
  }

  @Test
  void interruptOfAWaitThatCannotEndAtOnceKeepsItParked() {
    TestFiber fiber = pausing(OnCancel.CONTINUES);
    runWith(
        () -> fiber.thread().interrupt(),
        this::untilCancelIsRequested,
        () -> assertThat(events).isEmpty(),
        () -> entered().complete());
    assertThat(events).containsExactly("completed");
  }

  @Test
  void errorOfABodyEndsItsFiberOnly() {
    TestFiber fiber =
        TestFiber.start(
            loop,
            () -> {
              throw new IllegalStateException("expected");
            });
    TestFiber other = TestFiber.start(loop, () -> me().sleep(1));
    run();
    assertThat(fiber.failure).hasMessage("expected");
    assertThat(other.ended).isTrue();
  }
}
