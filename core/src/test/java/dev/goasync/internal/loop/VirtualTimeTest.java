package dev.goasync.internal.loop;

import static dev.goasync.internal.loop.TestFiber.me;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.testkit.NoLeaks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a loop's virtual clock jumps, and when it must not. */
@Timeout(60)
final class VirtualTimeTest {
  @RegisterExtension static final NoLeaks NO_LEAKS = new NoLeaks();

  private static final long SECOND = 1_000_000_000L;

  private final FakePoller poller = new FakePoller();
  private final VirtualTime time = new VirtualTime();
  private final Loop loop = Loop.onCurrentThread(time, poller);

  @AfterEach
  void close() {
    loop.close(null);
  }

  @Test
  void jumpsAcrossTheWrapOfNanoTime() {
    long before = time.nanoTime();
    TestFiber.start(loop, () -> me().sleep(5 * SECOND));
    loop.runUntilNoFiber();
    assertThat(time.nanoTime()).as("wrapped round").isNegative();
    assertThat(time.nanoTime() - before).isEqualTo(5 * SECOND);
    assertThat(time.instant()).isEqualTo(Instant.parse("2000-01-01T00:00:05Z"));
  }

  @Test
  void neverGoesBack() {
    time.jumpTo(time.nanoTime() + 10);
    time.jumpTo(time.nanoTime() - 5);
    assertThat(time.elapsedNanos()).isEqualTo(10);
  }

  @Test
  void standsStillWhileIoIsInFlight() {
    List<Long> seen = new ArrayList<>();
    TestFiber.start(
        loop,
        () -> {
          var _ = FakePoller.of(loop);
          poller.inFlight = 1;
          me().sleep(SECOND);
        });
    poller.whenWaiting =
        () -> {
          seen.add(time.elapsedNanos());
          poller.inFlight = 0;
        };
    loop.runUntilNoFiber();
    assertThat(seen).containsExactly(0L);
    assertThat(time.elapsedNanos()).isEqualTo(SECOND);
  }

  @Test
  void standsStillWhileAFiberWaitsForAThread() {
    List<FakeWait> waits = new ArrayList<>();
    List<Long> seen = new ArrayList<>();
    TestFiber.start(
        loop,
        () -> {
          var _ = FakePoller.of(loop);
          FakeWait external = new FakeWait(me(), "a thread", FakeWait.OnCancel.ENDS);
          external.external = true;
          waits.add(external);
          me().pause(external);
          seen.add(time.elapsedNanos());
        });
    TestFiber.start(loop, () -> me().sleep(SECOND));
    poller.whenWaiting = () -> waits.getFirst().complete();
    loop.runUntilNoFiber();
    assertThat(seen).containsExactly(0L);
    assertThat(time.elapsedNanos()).isEqualTo(SECOND);
  }
}
