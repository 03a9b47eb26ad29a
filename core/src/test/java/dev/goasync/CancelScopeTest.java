package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.remainingTime;
import static dev.goasync.GoAsync.shielded;
import static dev.goasync.GoAsync.sleep;
import static dev.goasync.GoAsync.withTimeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.sync.Channel;
import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.OnTestLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deadlines that move and shields that are switched while the work runs. */
@SuppressWarnings("NullAway") // bodies that return null
@Timeout(60)
@OnTestLoop
final class CancelScopeTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final TestLoop loop;
  private @Nullable CancelScope running;

  CancelScopeTest(TestLoop loop) {
    this.loop = loop;
  }

  private static Duration seconds(int count) {
    return SECOND.multipliedBy(count);
  }

  /** Work that sleeps for a minute in a scope with a timeout. */
  private Action<RuntimeException> sleepWithin(@Nullable Duration timeout) {
    return () ->
        CancelScope.run(scope -> {
          running = scope;
          if (timeout != null) {
            scope.setTimeout(timeout);
          }
          sleep(MINUTE);
          return null;
        });
  }

  // ---- deadlines ----

  @Test
  void aDeadlineThatMovesLaterGivesMoreTime() throws Exception {
    loop.run(() ->
        CancelScope.run(scope -> {
          for (int i = 0; i < 10; i++) {
            scope.setTimeout(seconds(2));
            sleep(SECOND);
          }
          return null;
        }));
    assertThat(loop.elapsed()).isEqualTo(seconds(10));
  }

  @Test
  void theExceptionNamesThePlaceAndTheWholeTime() throws Exception {
    loop.run(() ->
        assertThatThrownBy(() ->
                CancelScope.run(scope -> {
                  scope.setTimeout(seconds(2));
                  sleep(SECOND);
                  scope.setTimeout(seconds(2));
                  sleep(MINUTE);
                  return null;
                }))
            .isInstanceOf(DeadlineExceededException.class)
            .hasMessageContaining("CancelScopeTest.java")
            .hasMessageContaining("PT3S"));
    assertThat(loop.elapsed()).isEqualTo(seconds(3));
  }

  @Test
  void anotherCoroutineMovesTheDeadlineToAnEarlierTime() throws Exception {
    loop.run(() -> {
      Task<?> work = goAsync(sleepWithin(seconds(50)));
      sleep(SECOND);
      running.setTimeout(SECOND);
      assertThatThrownBy(work::await)
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessageContaining("PT2S");
    });
    assertThat(loop.elapsed()).isEqualTo(seconds(2));
  }

  @Test
  void aDeadlineInThePastCancelsTheCurrentWait() throws Exception {
    loop.run(() -> {
      Task<?> work = goAsync(sleepWithin(null));
      sleep(SECOND);
      running.setDeadline(Instant.EPOCH);
      assertThatThrownBy(work::await).isInstanceOf(DeadlineExceededException.class);
    });
    assertThat(loop.elapsed()).isEqualTo(SECOND);
  }

  @Test
  void aDeadlineInThePastCancelsTheNextWaitThoughItNeedsNoPause() throws Exception {
    loop.run(() -> {
      Channel<String> full = Channel.bounded(1);
      full.send("value");
      assertThatThrownBy(() ->
              CancelScope.run(scope -> {
                scope.setTimeout(Duration.ZERO);
                return full.receive();
              }))
          .isInstanceOf(DeadlineExceededException.class);
      assertThat(full.receive()).isEqualTo("value");
    });
  }

  @Test
  void aDeadlineThatHasCancelledTheWorkCannotBeMoved() throws Exception {
    loop.run(() ->
        assertThatThrownBy(() ->
                CancelScope.run(scope -> {
                  scope.setTimeout(SECOND);
                  assertThatThrownBy(() -> sleep(MINUTE)).isInstanceOf(CancellationException.class);
                  scope.setTimeout(MINUTE);
                  scope.removeDeadline();
                  sleep(SECOND);
                  return null;
                }))
            .hasMessageContaining("PT1S"));
    assertThat(loop.elapsed()).isEqualTo(SECOND);
  }

  @Test
  void aDeadlineMovesWhileACancelIsPending() throws Exception {
    loop.run(() -> {
      Task<?> work =
          goAsync(() ->
              CancelScope.run(scope -> {
                scope.setTimeout(SECOND);
                scope.cancel("stopped");
                scope.setTimeout(Duration.ZERO);
                sleep(MINUTE);
                return null;
              }));
      assertThatThrownBy(work::await)
          .isInstanceOf(CancellationException.class)
          .hasMessageContaining("stopped");
    });
    assertThat(loop.elapsed()).isZero();
  }

  @Test
  void aRemovedDeadlineDoesNotCancel() throws Exception {
    loop.run(() ->
        CancelScope.run(scope -> {
          scope.setTimeout(SECOND);
          scope.removeDeadline();
          sleep(MINUTE);
          return null;
        }));
  }

  @Test
  void anotherThreadMovesTheDeadline() throws Exception {
    loop.run(() -> {
      CountDownLatch entered = new CountDownLatch(1);
      Task<?> work =
          goAsync(() ->
              CancelScope.run(scope -> {
                running = scope;
                entered.countDown();
                return Channel.rendezvous().receive();
              }));
      GoAsync.yield();
      GoAsync.offload(() -> {
        entered.await();
        running.setTimeout(Duration.ZERO);
      });
      assertThatThrownBy(work::await).isInstanceOf(DeadlineExceededException.class);
    });
  }

  @Test
  void afterItsEndAScopeHasNoEffect() throws Exception {
    loop.run(() -> {
      CancelScope ended = CancelScope.run(scope -> scope);
      ended.setTimeout(Duration.ZERO);
      ended.cancel("late");
      ended.setShielded(true);
      sleep(SECOND);
    });
  }

  @Test
  void ofTwoLimitsDueAtOnceTheOuterOneIsReported() throws Exception {
    loop.run(() -> {
      assertThatThrownBy(() ->
              withTimeout(
                  seconds(3),
                  () ->
                      CancelScope.run(inner -> {
                        inner.setTimeout(MINUTE);
                        sleep(SECOND);
                        inner.setTimeout(seconds(2));
                        sleep(MINUTE);
                        return null;
                      })))
          .hasMessageContaining("PT3S");
      assertThatThrownBy(() ->
              CancelScope.run(outer ->
                  CancelScope.run(inner -> {
                    inner.setTimeout(SECOND);
                    outer.setTimeout(SECOND);
                    loop.advance(seconds(2));
                    inner.setTimeout(Duration.ZERO); // before the loop fires the outer timer
                    return Channel.rendezvous().receive();
                  })))
          .hasMessageContaining("PT1S");
    });
  }

  // ---- shields ----

  @Test
  void aShieldHidesAPendingCancelUntilItIsSwitchedOff() throws Exception {
    loop.run(() -> {
      Task<?> work =
          goAsync(() ->
              CancelScope.run(scope -> {
                assertThatThrownBy(() -> sleep(MINUTE)).hasMessage("stopped");
                scope.setShielded(true);
                sleep(SECOND);
                assertThat(remainingTime()).isEmpty();
                scope.setShielded(false);
                sleep(MINUTE);
                return null;
              }));
      GoAsync.yield();
      work.cancel("stopped");
      assertThatThrownBy(work::await).isInstanceOf(CancellationException.class);
      assertThat(work.isCancelled()).isTrue();
    });
    assertThat(loop.elapsed()).isEqualTo(SECOND);
  }

  @Test
  void anotherCoroutineSwitchesTheShieldOff() throws Exception {
    loop.run(() -> {
      Task<?> work =
          goAsync(() ->
              CancelScope.run(scope -> {
                running = scope;
                scope.setShielded(true);
                sleep(MINUTE);
                return null;
              }));
      GoAsync.yield();
      work.cancel("stopped");
      sleep(SECOND);
      assertThat(work.isCompleted()).isFalse();
      running.setShielded(false);
      assertThatThrownBy(work::await).hasMessageContaining("stopped");
    });
    assertThat(loop.elapsed()).isEqualTo(SECOND);
  }

  @Test
  void aWaitThatACancelHasEndedThrowsThoughAShieldComesThen() throws Exception {
    loop.run(() -> {
      Task<?> work =
          goAsync(() ->
              CancelScope.run(scope -> {
                running = scope;
                assertThatThrownBy(() -> sleep(MINUTE)).hasMessage("stopped");
                sleep(SECOND);
                return "shielded";
              }));
      GoAsync.yield();
      work.cancel("stopped");
      running.setShielded(true);
      assertThat(work.await()).isEqualTo("shielded");
    });
    assertThat(loop.elapsed()).isEqualTo(SECOND);
  }

  @Test
  void aShieldDoesNotHideItsOwnDeadline() throws Exception {
    loop.run(() ->
        assertThatThrownBy(() ->
                CancelScope.run(scope -> {
                  scope.setShielded(true);
                  scope.setTimeout(SECOND);
                  sleep(MINUTE);
                  return null;
                }))
            .isInstanceOf(DeadlineExceededException.class));
  }

  @Test
  void aShieldInsideAShieldIsSwitchedOffWithoutEffect() throws Exception {
    loop.run(() ->
        assertThatThrownBy(() ->
                withTimeout(
                    SECOND,
                    () ->
                        CancelScope.run(outer ->
                            CancelScope.run(inner -> {
                              outer.setShielded(true);
                              inner.setShielded(true);
                              sleep(seconds(2));
                              inner.setShielded(false);
                              sleep(seconds(2));
                              outer.setShielded(false);
                              sleep(MINUTE);
                              return null;
                            }))))
            .hasMessageContaining("PT1S"));
    assertThat(loop.elapsed()).isEqualTo(seconds(4));
  }

  @Test
  void theGraceOfAShieldBeginsWhenTheCancelReachesIt() throws Exception {
    loop.run(() ->
        assertThatThrownBy(() ->
                withTimeout(
                    SECOND,
                    () -> shielded(seconds(5), () -> shielded(seconds(2), () -> sleep(MINUTE)))))
            .isInstanceOf(CancellationException.class));
    assertThat(loop.elapsed()).isEqualTo(seconds(8));
    loop.run(() -> {
      Task<?> work = goAsync(() -> shielded(() -> shielded(SECOND, () -> sleep(MINUTE))));
      GoAsync.yield();
      work.cancel();
      work.await();
    });
    assertThat(loop.elapsed()).isEqualTo(seconds(8).plus(MINUTE));
  }

  // ---- the remaining time ----

  @Test
  void theRemainingTimeIsThatOfTheEarliestLimit() throws Exception {
    assertThat(remainingTime()).isEmpty();
    loop.run(() -> {
      assertThat(remainingTime()).isEmpty();
      withTimeout(
          seconds(10),
          () ->
              CancelScope.run(scope -> {
                assertThat(remainingTime()).contains(seconds(10));
                scope.setTimeout(seconds(4));
                sleep(SECOND);
                assertThat(remainingTime()).contains(seconds(3));
                scope.setTimeout(MINUTE);
                assertThat(remainingTime()).contains(seconds(9));
                shielded(() -> assertThat(remainingTime()).isEmpty());
                shielded(SECOND, () -> assertThat(remainingTime()).contains(seconds(10)));
                scope.cancel("stopped");
                assertThat(remainingTime()).contains(Duration.ZERO);
                return null;
              }));
    });
  }

  @Test
  void aTaskOfAScopeHasTheRemainingTimeOfTheScope() throws Exception {
    loop.run(() -> {
      Duration left =
          withTimeout(
              seconds(10),
              () ->
                  TaskScope.<Duration, RuntimeException>run(scope ->
                      scope
                          .goAsync(() -> {
                            sleep(SECOND);
                            return withTimeout(MINUTE, () -> remainingTime().orElseThrow());
                          })
                          .await()));
      assertThat(left).isEqualTo(seconds(9));
    });
  }

  @Test
  void theDeadlineCoversTheTasksOfAScope() throws Exception {
    loop.run(() ->
        assertThatThrownBy(() ->
                CancelScope.run(limit ->
                    TaskScope.run(scope -> {
                      limit.setTimeout(SECOND);
                      scope.goAsync(() -> sleep(MINUTE));
                      return null;
                    })))
            .isInstanceOf(DeadlineExceededException.class));
    assertThat(loop.elapsed()).isEqualTo(SECOND);
  }

  @Test
  void outsideCoroutinesTheWorkRunsInANewOne() {
    boolean limited =
        CancelScope.run(scope -> {
          scope.setTimeout(MINUTE);
          return remainingTime().isPresent();
        });
    assertThat(limited).isTrue();
  }
}
