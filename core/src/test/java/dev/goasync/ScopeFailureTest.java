package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.goasync.sync.Event;
import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.OnTestLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The failure that cancelled the siblings comes out of a scope, whatever the siblings end with. */
@Timeout(60)
@OnTestLoop
final class ScopeFailureTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @SuppressWarnings("StaticAssignmentOfThrowable") // the tests look for this instance
  private static final IOException CAUSE = new IOException("the cause");

  private static String fail() throws IOException {
    throw CAUSE;
  }

  private static Event setAfterAYield() {
    Event event = Event.manualReset();
    goAsync(() -> {
      GoAsync.yield();
      event.set();
    });
    return event;
  }

  private static void assertCauseComesOut(Action<?> action) {
    assertThatThrownBy(action::run).isInstanceOf(TaskFailedException.class).hasCause(CAUSE);
  }

  @Test
  void siblingThatIsCancelledInTheTurnOfTheFailure(TestLoop loop) throws Exception {
    loop.run(() -> {
      Event event = setAfterAYield();
      List<Body<String, IOException>> bodies =
          List.of(
              () -> {
                event.await();
                sleep(SECOND);
                return "late";
              },
              () -> {
                event.await();
                return fail();
              });
      assertCauseComesOut(() -> TaskScope.all(bodies));
    });
  }

  @Test
  void bodyThatAwaitsACancelledSibling(TestLoop loop) throws Exception {
    loop.run(() -> {
      Event event = setAfterAYield();
      assertCauseComesOut(() ->
          TaskScope.run(scope -> {
            Task<?> cancelled =
                scope.goAsync(() -> {
                  event.await();
                  sleep(SECOND);
                });
            scope.goAsync(() -> {
              event.await();
              fail();
            });
            GoAsync.shielded(() -> cancelled.await());
            return "unreachable";
          }));
    });
  }

  @Test
  void siblingThatThrowsAnotherExceptionWhenItIsCancelled(TestLoop loop) throws Exception {
    loop.run(() -> {
      List<Body<String, IOException>> bodies =
          List.of(
              () -> {
                try {
                  sleep(SECOND);
                } catch (CancellationException cancelled) {
                  throw new IllegalStateException("clean-up failed", cancelled);
                }
                return "late";
              },
              () -> {
                GoAsync.yield();
                return fail();
              });
      Throwable thrown = catchThrowable(() -> TaskScope.all(bodies));
      assertThat(thrown).isInstanceOf(TaskFailedException.class).hasCause(CAUSE);
    });
  }

  @Test
  void failureOfANestedScope(TestLoop loop) throws Exception {
    loop.run(() -> {
      Event event = setAfterAYield();
      assertCauseComesOut(() ->
          TaskScope.run(outer -> {
            outer.goAsync(() ->
                TaskScope.run(inner -> {
                  inner.goAsync(() -> sleep(SECOND));
                  event.await();
                  sleep(SECOND);
                  return "late";
                }));
            outer.goAsync(() -> {
              event.await();
              fail();
            });
            outer.join();
            return "unreachable";
          }));
    });
  }

  @Test
  void awaitAllThrowsTheFirstFailureInTimeNotInTheList(TestLoop loop) throws Exception {
    loop.run(() -> {
      Event event = setAfterAYield();
      Task<String> second =
          goAsync(() -> {
            event.await();
            GoAsync.yield();
            throw new IOException("a consequence");
          });
      Task<String> first =
          goAsync(() -> {
            event.await();
            return fail();
          });
      assertCauseComesOut(() -> GoAsync.awaitAll(second, first));
      assertThat(catchThrowable(second::await)).hasMessageContaining("a consequence");
    });
  }

  @Test
  void awaitAllPrefersAFailureToACancel(TestLoop loop) throws Exception {
    loop.run(() -> {
      Task<String> cancelled = goAsync(() -> "never");
      cancelled.cancel();
      Task<String> failed = goAsync(ScopeFailureTest::fail);
      GoAsync.yield();
      assertCauseComesOut(() -> GoAsync.awaitAll(cancelled, failed));
    });
  }

  @Test
  void exceptionThatTheBodyMakesOfAFailureComesOut(TestLoop loop) throws Exception {
    loop.run(() ->
        assertThatThrownBy(() ->
                TaskScope.run(scope -> {
                  Task<String> task = scope.goAsync(ScopeFailureTest::fail);
                  try {
                    return task.await();
                  } catch (TaskFailedException failed) {
                    throw new IllegalArgumentException("translated", failed);
                  }
                }))
            .isInstanceOf(IllegalArgumentException.class)
            .satisfies(thrown -> assertThat(thrown.getSuppressed()).contains(CAUSE)));
  }

  @Test
  void cancelComesOutOfAScopeThatCollectsFailures(TestLoop loop) throws Exception {
    loop.run(() -> {
      Task<String> task =
          goAsync(() ->
              TaskScope.with()
                  .policy(TaskScope.Policy.COLLECT_ALL)
                  .run(scope -> {
                    scope.goAsync(() -> fail());
                    sleep(SECOND);
                    return "late";
                  }));
      GoAsync.yield();
      GoAsync.yield();
      task.cancel();
      assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
      assertThat(task.isCancelled()).isTrue();
    });
  }
}
