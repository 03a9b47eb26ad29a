package dev.goasync.internal.loop;

import static dev.goasync.internal.loop.TestFiber.me;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.goasync.testkit.NoLeaks;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
final class CancelScopeTest {
  @RegisterExtension static final NoLeaks NO_LEAKS = new NoLeaks();

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final VirtualTime time = new VirtualTime();
  private final Loop loop = Loop.onCurrentThread(time, new FakePoller());

  @AfterEach
  void close() {
    loop.close(null);
  }

  private void run(Runnable body) {
    TestFiber fiber = TestFiber.start(loop, body);
    assertThat(loop.runUntilNoFiber()).isNull();
    Throwable failure = fiber.failure;
    if (failure != null) {
      throw new AssertionError(failure);
    }
    assertThat(loop.timersQueued()).isZero();
  }

  private static Cancellation cancelled(Runnable body) {
    Cancellation thrown = catchThrowableOfType(Cancellation.class, body::run);
    assertThat(thrown).as("cancelled").isNotNull();
    return thrown;
  }

  @Test
  void aCancelledScopeEndsItsPausesAndNoOthers() {
    run(() -> {
      CancelScope scope = me().openScope(false);
      scope.cancel("inner");
      assertThat(cancelled(() -> me().sleep(SECOND)).isFrom(scope)).isTrue();
      assertThat(scope.isCancelled()).isTrue();
      me().closeScope(scope);
      me().sleep(SECOND);
    });
    assertThat(time.elapsedNanos()).isEqualTo(SECOND);
  }

  @Test
  void outerCancelReachesTheInnerScope() {
    run(() -> {
      CancelScope outer = me().openScope(false);
      CancelScope inner = me().openScope(false);
      outer.cancel("outer");
      Cancellation thrown = cancelled(() -> me().sleep(SECOND));
      assertThat(thrown).hasMessage("outer");
      assertThat(thrown.isFrom(outer)).isTrue();
      assertThat(thrown.isFrom(inner)).isFalse();
      me().closeScope(inner);
      me().closeScope(outer);
    });
  }

  @Test
  void aShieldHidesCancelsUntilItCloses() {
    run(() -> {
      me().cancel("the whole fiber");
      CancelScope shield = me().openScope(true);
      me().sleep(SECOND);
      me().closeScope(shield);
      assertThat(cancelled(() -> me().sleep(SECOND))).hasMessage("the whole fiber");
    });
    assertThat(time.elapsedNanos()).isEqualTo(SECOND);
  }

  @Test
  void shieldedScopeCanItselfBeCancelled() {
    run(() -> {
      CancelScope shield = me().openScope(true);
      shield.cancel("grace is over");
      assertThat(cancelled(() -> me().sleep(SECOND)).isFrom(shield)).isTrue();
      me().closeScope(shield);
    });
  }

  @Test
  void cancelWhileReadyDoesNotReachThroughAShield() {
    run(() -> {
      TestFiber fiber =
          TestFiber.start(
              loop,
              () -> {
                try {
                  me().yieldNow();
                  me().checkCancelled();
                } finally {
                  CancelScope shield = me().openScope(true);
                  me().sleep(SECOND);
                  me().closeScope(shield);
                }
              });
      me().yieldNow();
      fiber.cancel("while it was ready");
      me().sleep(2 * SECOND);
      assertThat(fiber.failure).hasMessage("while it was ready").hasNoSuppressedExceptions();
    });
    assertThat(time.elapsedNanos()).isEqualTo(2 * SECOND);
  }

  @Test
  void scopeCancelledWhileReadyLeavesNothingBehind() {
    run(() -> {
      CancelScope scope = me().openScope(false);
      loop.execute(() -> scope.cancel("while it was ready"));
      me().yieldNow();
      cancelled(() -> me().checkCancelled());
      me().closeScope(scope);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      me().sleep(SECOND);
    });
    assertThat(time.elapsedNanos()).isEqualTo(SECOND);
  }

  @Test
  void limitedScopeCancelsAtItsTime() {
    run(() -> {
      CancelScope limited = me().openLimitedScope(SECOND, "too slow");
      Cancellation thrown = cancelled(() -> me().sleep(5 * SECOND));
      assertThat(thrown).hasMessage("too slow");
      assertThat(thrown.isFrom(limited)).isTrue();
      me().closeScope(limited);
    });
    assertThat(time.elapsedNanos()).isEqualTo(SECOND);
  }

  @Test
  void theLimitOfAClosedScopeNeverFires() {
    run(() -> {
      CancelScope limited = me().openLimitedScope(SECOND, "too slow");
      me().sleep(SECOND / 2);
      me().closeScope(limited);
      me().sleep(5 * SECOND);
      assertThat(limited.isCancelled()).isFalse();
    });
  }

  @Test
  void theEarliestLimitWins() {
    run(() -> {
      CancelScope outer = me().openLimitedScope(SECOND, "outer");
      CancelScope inner = me().openLimitedScope(5 * SECOND, "inner");
      assertThat(cancelled(() -> me().sleep(9 * SECOND)).isFrom(outer)).isTrue();
      me().closeScope(inner);
      me().closeScope(outer);
    });
    assertThat(time.elapsedNanos()).isEqualTo(SECOND);
  }

  @Test
  void scopesCloseInnermostFirst() {
    run(() -> {
      CancelScope outer = me().openScope(false);
      CancelScope inner = me().openScope(false);
      assertThatThrownBy(() -> me().closeScope(outer))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("innermost first");
      me().closeScope(inner);
      me().closeScope(outer);
    });
  }
}
