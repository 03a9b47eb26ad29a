package dev.goasync.pinned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.DeadlineExceededException;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.internal.vthread.SchedulerAccess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each wait of the library below each frame that pins its coroutine. */
@Conformance
final class PinnedWaitTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final EventLoop loop = EventLoop.start("pinned waits");

  @AfterEach
  void close() {
    loop.closeNow();
  }

  static Stream<Arguments> waits() {
    return Stream.of(PinnedFrame.values())
        .flatMap(frame -> Stream.of(PinnedCase.values()).map(wait -> Arguments.of(frame, wait)));
  }

  @ParameterizedTest
  @MethodSource("waits")
  void waitEndsOrIsRefused(PinnedFrame frame, PinnedCase wait, @TempDir Path dir) {
    Task<?> task =
        loop.goAsync(() -> {
          try (var env = new PinnedEnvironment(dir)) {
            Callable<?> body = wait.preparation.prepare(env);
            if (wait.needsTheLoop && SchedulerAccess.isFullMode()) {
              assertThatThrownBy(() -> frame.call(body))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageStartingWith("below native code or a class initializer, a coroutine")
                  .hasMessageContaining("keeps the thread of pinned waits")
                  .hasMessageContaining("wait outside that code");
            } else {
              assertEnds(frame, wait, body);
            }
          }
        });
    task.await();
    assertThat(loop.goAsync(() -> 1).await()).describedAs("the loop is alive").isEqualTo(1);
  }

  /** In portable mode the frame blocks a thread of the JDK only, and waits end as elsewhere. */
  private static void assertEnds(PinnedFrame frame, PinnedCase wait, Callable<?> body)
      throws Exception {
    boolean waitsForEver =
        switch (wait) {
          case LOCK, SEMAPHORE, CONDITION, EVENT, SELECT -> !SchedulerAccess.isFullMode();
          default -> false;
        };
    if (waitsForEver) {
      assertThatThrownBy(() -> GoAsync.withTimeout(Duration.ofMillis(5), () -> frame.call(body)))
          .isInstanceOf(DeadlineExceededException.class);
    } else {
      assertThat(frame.call(body)).isNotNull();
    }
  }

  /** A pinned fiber polls on its own thread; later wake-ups must still reach the loop's. */
  @ParameterizedTest
  @EnumSource
  void aLoopWhoseFirstPollWasPinnedCanBeWoken(PinnedFrame frame) {
    loop.goAsync(
            () -> {
              frame.call(() -> {
                GoAsync.sleep(Duration.ofMillis(5));
                return "";
              });
            })
        .await();
    for (int i = 0; i < 1000; i++) {
      int value = i;
      assertThat(loop.goAsync(() -> value).await()).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @EnumSource
  void cancelFromAnotherThreadEndsThePinnedWait(PinnedFrame frame) throws Exception {
    var begun = new CountDownLatch(1);
    Task<?> task =
        loop.goAsync(() -> {
          frame.call(() -> {
            begun.countDown();
            GoAsync.sleep(LONG);
            return "";
          });
        });
    begun.await();
    task.cancel("enough");
    assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
  }

  @ParameterizedTest
  @EnumSource
  void interruptEndsThePinnedWait(PinnedFrame frame) {
    assertEndsBy(frame, sleeper -> Thread.ofPlatform().start(sleeper::interrupt));
  }

  /** The loop runs the interrupt in the turn that polls next, after it has looked for one. */
  @ParameterizedTest
  @EnumSource
  void interruptJustBeforeAPollEndsThePinnedWait(PinnedFrame frame) {
    assertEndsBy(frame, sleeper -> loop.execute(sleeper::interrupt));
  }

  private void assertEndsBy(PinnedFrame frame, Consumer<Thread> interruption) {
    Task<Boolean> task =
        loop.goAsync(() -> {
          Thread sleeper = Thread.currentThread();
          try {
            frame.call(() -> {
              interruption.accept(sleeper);
              GoAsync.sleep(LONG);
              return "";
            });
            return false;
          } catch (CancellationException interrupted) {
            return Thread.interrupted();
          }
        });
    assertThat(task.await()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void otherCoroutinesRunAfterThePinnedFrame(PinnedFrame frame) {
    Task<String> task =
        loop.goAsync(() -> {
          Task<String> other = GoAsync.goAsync(() -> "ran");
          frame.call(() -> {
            GoAsync.sleep(Duration.ofMillis(1));
            GoAsync.sleep(Duration.ofMillis(1));
            return "";
          });
          return other.await();
        });
    assertThat(task.await()).isEqualTo("ran");
  }
}
