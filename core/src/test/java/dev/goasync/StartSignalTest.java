package dev.goasync;

import static dev.goasync.GoAsync.sleep;
import static dev.goasync.GoAsync.withTimeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.OnTestLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks of a scope that report when they are ready. */
@SuppressWarnings("NullAway") // bodies that return null
@Timeout(60)
@OnTestLoop
final class StartSignalTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final List<String> log = new ArrayList<>();
  private final TestLoop loop;

  StartSignalTest(TestLoop loop) {
    this.loop = loop;
  }

  /** Starts {@code work} in a scope of its own. */
  private static <V> V start(StartSignal.Work<V> work) {
    return TaskScope.<V, RuntimeException>run(scope -> scope.awaitStart(work).value());
  }

  @Test
  void theCallerContinuesWithTheValueBesideTheTask() throws Exception {
    loop.run(() -> {
      TaskScope.run(scope -> {
        StartedTask<Integer> server =
            scope.awaitStart(
                "server",
                signal -> {
                  sleep(SECOND);
                  signal.ready(42);
                  log.add("serves");
                  sleep(SECOND);
                  log.add("done");
                });
        assertThat(server.value()).isEqualTo(42);
        assertThat(loop.elapsed()).isEqualTo(SECOND);
        assertThat(server.task().name()).isEqualTo("server");
        log.add("goes on");
        return null;
      });
      assertThat(log).containsExactly("serves", "goes on", "done");
    });
  }

  @Test
  void aFailureBeforeItIsReadyComesOutOfTheStartAlone() throws Exception {
    loop.run(() ->
        TaskScope.with()
            .keepEnded()
            .run(scope -> {
              assertThatThrownBy(() ->
                      scope.awaitStart(_ -> {
                        throw new IOException("port in use");
                      }))
                  .isInstanceOf(TaskFailedException.class)
                  .hasRootCauseMessage("port in use");
              assertThat(scope.awaitNext()).isNull();
              sleep(SECOND);
              return null;
            }));
  }

  @Test
  void aFailureAfterItIsReadyIsTheScopes() throws Exception {
    loop.run(() ->
        assertThatThrownBy(() ->
                TaskScope.run(scope -> {
                  scope.awaitStart(signal -> {
                    signal.ready(null);
                    throw new IllegalStateException("lost");
                  });
                  sleep(MINUTE);
                  return null;
                }))
            .hasMessage("lost"));
    assertThat(loop.elapsed()).isZero();
  }

  @Test
  void aTaskThatEndsWithoutAReportIsAnError() throws Exception {
    loop.run(() ->
        assertThatThrownBy(() -> start(_ -> sleep(SECOND)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("call ready()")
            .hasMessageContaining("StartSignalTest.java"));
  }

  @Test
  void aSecondReportFailsTheTask() throws Exception {
    loop.run(() ->
        assertThatThrownBy(() ->
                start(signal -> {
                  signal.ready(1);
                  signal.ready(2);
                }))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("reported before"));
  }

  @Test
  void aStartThatTakesTooLongCancelsTheTaskAndWaitsForItsEnd() throws Exception {
    loop.run(() ->
        TaskScope.run(scope -> {
          assertThatThrownBy(() ->
                  withTimeout(
                      SECOND,
                      () ->
                          scope.awaitStart(signal -> {
                            try {
                              sleep(MINUTE);
                            } finally {
                              GoAsync.shielded(() -> sleep(SECOND));
                              signal.ready("too late");
                              log.add("cleaned up");
                            }
                          })))
              .isInstanceOf(DeadlineExceededException.class);
          assertThat(log).containsExactly("cleaned up");
          sleep(SECOND); // the scope itself is not cancelled
          return null;
        }));
    assertThat(loop.elapsed()).isEqualTo(SECOND.multipliedBy(3));
  }

  @Test
  void aFailureOfTheCleanUpIsAttachedToTheCancel() throws Exception {
    loop.run(() ->
        assertThatThrownBy(() ->
                withTimeout(
                    SECOND,
                    () ->
                        start(_ -> {
                          try {
                            sleep(MINUTE);
                          } catch (CancellationException cancelled) {
                            log.add("fails");
                            throw new IOException("not closed");
                          }
                        })))
            .isInstanceOf(DeadlineExceededException.class)
            .satisfies(thrown ->
                assertThat(thrown.getCause().getSuppressed()[0]).hasMessage("not closed")));
  }

  @Test
  void aTaskThatIsCancelledBeforeItIsReadyCancelsTheStart() throws Exception {
    loop.run(() ->
        assertThatThrownBy(() ->
                TaskScope.run(scope -> {
                  scope.goAsync(() -> {
                    sleep(SECOND);
                    scope.cancel("stopped");
                    return null;
                  });
                  return GoAsync.shielded(() -> scope.awaitStart(_ -> sleep(MINUTE)));
                }))
            .isInstanceOf(CancellationException.class)
            .hasMessageContaining("stopped"));
    assertThat(loop.elapsed()).isEqualTo(SECOND);
  }

  @Test
  void aQueuedStartThatIsCancelledEndsAtOnce() throws Exception {
    loop.run(() ->
        TaskScope.with()
            .maxConcurrency(1)
            .run(scope -> {
              scope.goAsync(() -> sleep(MINUTE));
              assertThatThrownBy(
                      () -> withTimeout(SECOND, () -> scope.awaitStart(signal -> signal.ready(1))))
                  .isInstanceOf(DeadlineExceededException.class);
              assertThat(loop.elapsed()).isEqualTo(SECOND);
              return null;
            }));
  }

  @Test
  void outsideCoroutinesNothingIsStarted() throws Exception {
    loop.run(() ->
        TaskScope.run(scope -> {
          GoAsync.sync(() ->
              assertThatThrownBy(() -> scope.awaitStart(_ -> log.add("started")))
                  .isInstanceOf(IllegalStateException.class));
          return null;
        }));
    assertThat(log).isEmpty();
  }
}
