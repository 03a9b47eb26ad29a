package dev.goasync;

import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.goasync.TaskScope.Policy;
import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.Modes;
import dev.goasync.testkit.NoLeaks;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ExtendWith(NoLeaks.class)
final class TaskScopeTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<String> log = new ArrayList<>();

  private static <T extends @Nullable Object> T after(Duration time, T value) {
    sleep(time);
    return value;
  }

  private <T> T logged(String name, Body<T, ?> body) throws Exception {
    try {
      T value = body.call();
      log.add(name + " done");
      return value;
    } catch (CancellationException cancelled) {
      log.add(name + " cancelled");
      throw cancelled;
    }
  }

  private static void onTestLoop(Action<?> test) throws Exception {
    try (TestLoop loop = TestLoop.open()) {
      loop.run(test);
    }
  }

  @Test
  void childThatAwaitsItsScopesOwnerGetsADeadlockException() throws Exception {
    onTestLoop(() -> {
      List<Task<?>> owner = new ArrayList<>();
      owner.add(
          GoAsync.goAsync(() ->
              TaskScope.run(scope -> {
                var _ = scope.goAsync(() -> owner.getFirst().await());
                scope.join();
                return "unreachable";
              })));
      assertThatThrownBy(owner.getFirst()::await)
          .isInstanceOf(DeadlockException.class)
          .hasMessageContaining("which waits for it");
    });
  }

  /** On a thread and in a coroutine, of what is checked and what is not. */
  @ParameterizedTest
  @EnumSource
  void theFailureNamesTheTaskItsStartAndTheAwaiter(Caller caller) throws Exception {
    caller.run(() -> {
      for (Exception failure : List.of(new IOException("lost"), new IllegalStateException("bad"))) {
        Throwable thrown =
            catchThrowable(() ->
                TaskScope.run(scope -> {
                  var _ =
                      scope.goAsync(
                          "left",
                          () -> {
                            throw failure;
                          });
                  return null;
                }));
        StringWriter report = new StringWriter();
        Objects.requireNonNull(thrown).printStackTrace(new PrintWriter(report));
        assertThat(report.toString())
            .contains("task \"left\" started at dev.goasync.TaskScopeTest")
            .contains(failure.toString())
            .contains("TaskScope.run(")
            .contains("theFailureNamesTheTaskItsStartAndTheAwaiter");
      }
    });
  }

  @Test
  void aScopeOfAPlainThreadIsNamedByItsOwnPlace() {
    String first = Objects.requireNonNull(catchThrowable(() -> failing("a"))).toString();
    for (String name : List.of("b", "c")) {
      Throwable thrown = Objects.requireNonNull(catchThrowable(() -> failing(name)));
      assertThat(thrown.getSuppressed())
          .as("after %s", first)
          .anySatisfy(where -> assertThat(where).hasMessageContaining("TaskScopeTest.failing"));
    }
    assertThatThrownBy(() -> GoAsync.withTimeout(Duration.ofNanos(1), () -> sleep(SECOND)))
        .satisfies(late ->
            assertThat(late.getSuppressed())
                .noneMatch(where -> String.valueOf(where.getMessage()).contains("failing")));
  }

  private static void failing(String name) throws IOException {
    TaskScope.run(_ -> {
      throw new IOException(name);
    });
  }

  @Test
  void leavingWaitsForAll() throws Exception {
    onTestLoop(() -> {
      int result =
          TaskScope.run(scope -> {
            var _ = scope.goAsync(() -> logged("slow", () -> after(SECOND, 1)));
            return 7;
          });
      assertThat(result).isEqualTo(7);
      assertThat(log).containsExactly("slow done");
    });
  }

  @Test
  void allReturnsResultsInOrderWhateverTheOrderOfTheirEnds() throws Exception {
    onTestLoop(() ->
        assertThat(TaskScope.<String>all(List.of(() -> after(SECOND, "a"), () -> "b")))
            .containsExactly("a", "b"));
  }

  @Test
  void aFailureCancelsSiblingsAndBodyAndComesOut() throws Exception {
    onTestLoop(() -> {
      assertThatThrownBy(() ->
              TaskScope.run(scope -> {
                var _ = scope.goAsync(() -> logged("sibling", () -> after(SECOND, 1)));
                var _ =
                    scope.goAsync(() -> {
                      sleep(Duration.ofMillis(1));
                      throw new IllegalStateException("boom");
                    });
                return logged("body", () -> after(SECOND, 1));
              }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("boom");
      assertThat(log).containsExactlyInAnyOrder("sibling cancelled", "body cancelled");
    });
  }

  @Test
  void aCheckedFailureIsTheCause() throws Exception {
    onTestLoop(() ->
        assertThatThrownBy(() ->
                TaskScope.run(scope ->
                    scope.goAsync(() -> {
                      throw new IOException("disk");
                    })))
            .isInstanceOf(TaskFailedException.class)
            .hasCauseInstanceOf(IOException.class));
  }

  @Test
  void theFirstErrorWinsAndLaterOnesAreSuppressed() throws Exception {
    onTestLoop(() ->
        assertThatThrownBy(() ->
                TaskScope.run(scope -> {
                  var _ = scope.goAsync(() -> failInFinally());
                  var _ =
                      scope.goAsync(() -> {
                        sleep(Duration.ofMillis(1));
                        throw new IllegalStateException("first");
                      });
                  return null;
                }))
            .hasMessage("first")
            .satisfies(first ->
                assertThat(first.getSuppressed())
                    .anyMatch(each -> "clean-up".equals(each.getMessage()))));
  }

  private static void failInFinally() {
    try {
      sleep(SECOND);
    } catch (CancellationException cancelled) {
      throw new IllegalStateException("clean-up", cancelled);
    }
  }

  @Test
  void aFailingBodyCancelsTheTasksAndItsErrorWins() throws Exception {
    onTestLoop(() -> {
      assertThatThrownBy(() ->
              TaskScope.run(scope -> {
                var _ = scope.goAsync(() -> logged("task", () -> after(SECOND, 1)));
                GoAsync.yield();
                throw new IOException("body");
              }))
          .isInstanceOf(IOException.class)
          .hasMessage("body");
      assertThat(log).containsExactly("task cancelled");
    });
  }

  @Test
  void cancellingTheOwnerCancelsTheTasksAndStillWaitsForThem() throws Exception {
    onTestLoop(() -> {
      Task<?> owner =
          GoAsync.goAsync(() ->
              TaskScope.run(scope ->
                  scope.goAsync(() -> {
                    try {
                      sleep(SECOND);
                    } finally {
                      GoAsync.shielded(() -> sleep(SECOND));
                      log.add("cleaned up");
                    }
                  })));
      GoAsync.yield();
      GoAsync.yield();
      owner.cancel("enough");
      assertThatThrownBy(owner::await)
          .isInstanceOf(CancellationException.class)
          .hasMessageContaining("enough");
      assertThat(log).containsExactly("cleaned up");
    });
  }

  @Test
  void theFastestOfARaceWinsAndTheOthersAreCancelled() throws Exception {
    onTestLoop(() -> {
      String fastest =
          TaskScope.race(
              List.of(
                  () -> logged("slow", () -> after(SECOND, "slow")),
                  () -> {
                    throw new IOException("broken mirror");
                  },
                  () -> logged("fast", () -> after(Duration.ofMillis(5), "fast"))));
      assertThat(fastest).isEqualTo("fast");
      assertThat(log).containsExactly("fast done", "slow cancelled");
    });
  }

  @Test
  void aRaceThatAllLoseThrowsTheFirstFailure() throws Exception {
    onTestLoop(() ->
        assertThatThrownBy(() ->
                TaskScope.race(
                    List.of(
                        () -> {
                          throw new IllegalStateException("one");
                        },
                        () -> {
                          throw new IllegalStateException("two");
                        })))
            .hasMessage("one")
            .satisfies(one -> assertThat(one.getSuppressed()[0]).hasMessage("two")));
  }

  @Test
  void collectAllKeepsFailuresInTheTasks() throws Exception {
    onTestLoop(() -> {
      List<Boolean> failed =
          TaskScope.with()
              .policy(Policy.COLLECT_ALL)
              .run(scope -> {
                Task<?> good = scope.goAsync(() -> after(SECOND, 1));
                Task<?> bad =
                    scope.goAsync(() -> {
                      throw new IllegalStateException("kept");
                    });
                scope.join();
                return List.of(good.failure() != null, bad.failure() != null);
              });
      assertThat(failed).containsExactly(false, true);
    });
  }

  @Test
  void firstFinishedTakesAFailureToo() throws Exception {
    onTestLoop(() ->
        assertThatThrownBy(() ->
                TaskScope.with()
                    .policy(Policy.FIRST_FINISHED)
                    .run(scope -> {
                      var _ = scope.goAsync(() -> after(SECOND, 1));
                      var _ =
                          scope.goAsync(() -> {
                            throw new IllegalStateException("first");
                          });
                      return scope.awaitWinner();
                    }))
            .hasMessage("first"));
  }

  @Test
  void tasksAreReturnedAsTheyEnd() throws Exception {
    onTestLoop(() -> {
      List<@Nullable Object> order =
          TaskScope.with()
              .keepEnded()
              .run(scope -> {
                for (int millis : new int[] {30, 10, 20}) {
                  var _ = scope.goAsync(() -> after(Duration.ofMillis(millis), millis));
                }
                List<@Nullable Object> ended = new ArrayList<>();
                for (Task<?> task = scope.awaitNext(); task != null; task = scope.awaitNext()) {
                  ended.add(task.await());
                }
                return ended;
              });
      assertThat(order).containsExactly(10, 20, 30);
    });
  }

  @Test
  void awaitNextWithoutKeptTasksNamesTheOption() throws Exception {
    onTestLoop(() ->
        assertThatThrownBy(() -> TaskScope.run(scope -> scope.awaitNext()))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("keepEnded()"));
  }

  @Test
  @Timeout(60)
  void anOpenScopeForgetsTasksThatHaveEnded() throws Exception {
    onTestLoop(() ->
        TaskScope.run(scope -> {
          List<WeakReference<Task<?>>> ended = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            ended.add(new WeakReference<>(scope.goAsync(() -> after(SECOND, "done"))));
          }
          scope.join();
          while (ended.stream().anyMatch(task -> task.get() != null)) {
            System.gc();
          }
          return ended;
        }));
  }

  @Test
  void noMoreRunAtOnceThanAllowed() throws Exception {
    onTestLoop(() -> {
      int[] now = {0};
      int[] most = {0};
      TaskScope.with()
          .maxConcurrency(3)
          .run(scope -> {
            for (int i = 0; i < 10; i++) {
              var _ =
                  scope.goAsync(() -> {
                    most[0] = Math.max(most[0], ++now[0]);
                    sleep(SECOND);
                    now[0]--;
                  });
            }
            return null;
          });
      assertThat(most[0]).isEqualTo(3);
    });
  }

  @Test
  void tasksThatWaitForTheirTurnAreCancelledUnbegun() throws Exception {
    onTestLoop(() -> {
      assertThatThrownBy(() ->
              TaskScope.with()
                  .maxConcurrency(1)
                  .run(scope -> {
                    var _ =
                        scope.goAsync(() -> {
                          throw new IllegalStateException("first");
                        });
                    var _ = scope.goAsync(() -> log.add("second ran"));
                    return null;
                  }))
          .hasMessage("first");
      assertThat(log).isEmpty();
    });
  }

  @Test
  void aScopeThatIsCancelledByItsBodyReturnsWhatTheBodyReturns() throws Exception {
    onTestLoop(() -> {
      int result =
          TaskScope.run(scope -> {
            var _ = scope.goAsync(() -> logged("task", () -> after(SECOND, 1)));
            GoAsync.yield();
            scope.cancel("enough");
            return 7;
          });
      assertThat(result).isEqualTo(7);
      assertThat(log).containsExactly("task cancelled");
    });
  }

  @Test
  void scopesNest() throws Exception {
    onTestLoop(() -> {
      assertThatThrownBy(() ->
              TaskScope.run(outer -> {
                var _ =
                    outer.goAsync(() ->
                        TaskScope.run(
                            inner -> inner.goAsync(() -> logged("leaf", () -> after(SECOND, 1)))));
                sleep(Duration.ofMillis(1));
                throw new IllegalStateException("outer");
              }))
          .hasMessage("outer");
      assertThat(log).containsExactly("leaf cancelled");
    });
  }

  @Test
  void tasksInheritScopedValues() throws Exception {
    Modes.assumeFullMode("the JDK hands scoped values on to its own scopes only");
    ScopedValue<String> user = ScopedValue.newInstance();
    onTestLoop(() -> {
      String seen =
          ScopedValue.where(user, "ada")
              .call(() ->
                  TaskScope.run(scope -> {
                    Task<String> child =
                        scope.goAsync(
                            () -> TaskScope.run(inner -> inner.goAsync(user::get).await()));
                    return child.await();
                  }));
      assertThat(seen).isEqualTo("ada");
      assertThat(GoAsync.goAsync(user::isBound).await()).isFalse();
    });
  }

  @Test
  void tasksInheritInheritableThreadLocals() throws Exception {
    InheritableThreadLocal<String> user = new InheritableThreadLocal<>();
    onTestLoop(() -> {
      user.set("ada");
      assertThat(TaskScope.<String>all(List.of(user::get))).containsExactly("ada");
    });
  }

  @Test
  void anEndedScopeThrows() throws Exception {
    onTestLoop(() -> {
      TaskScope escaped = TaskScope.run(scope -> scope);
      assertThatThrownBy(() -> escaped.goAsync(() -> 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has ended");
    });
  }

  @Test
  void aPlainThreadRunsAScopeInACoroutine() throws IOException {
    assertThat(TaskScope.<String>all(List.of(() -> "a", () -> "b"))).containsExactly("a", "b");
    assertThatThrownBy(() ->
            TaskScope.run(scope -> {
              throw new IOException("as it was thrown");
            }))
        .isInstanceOf(IOException.class);
  }

  @Test
  void anInterruptedThreadCancelsItsScopeAndWaitsForIt() {
    Thread self = Thread.currentThread();
    assertThatThrownBy(() ->
            TaskScope.run(scope ->
                scope.goAsync(() -> {
                  self.interrupt();
                  logged("task", () -> after(Duration.ofDays(1), 1));
                })))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(log).containsExactly("task cancelled");
  }
}
