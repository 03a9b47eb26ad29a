package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.testkit.ChildJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An unobserved failure is logged, an observed one is not. */
@Timeout(120)
final class UnobservedFailureTest {
  private static void fail(String message) {
    throw new IllegalStateException(message);
  }

  private static void pauseUntilEnded(Task<?> task) {
    while (!task.isCompleted()) {
      Thread.onSpinWait();
    }
  }

  static final class AtExit {
    static final List<Task<?>> KEPT = new ArrayList<>();

    public static void main(String[] arguments) {
      KEPT.add(goAsync("forgotten", () -> fail("expected, never observed")));
    }
  }

  @Test
  void isPrintedAtExitOnceWithThePlaceOfItsStart() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(AtExit.class).assertSuccess();
    assertThat(ended.err())
        .contains("task \"forgotten\" started at")
        .contains("UnobservedFailureTest$AtExit.main(UnobservedFailureTest.java:")
        .contains("was never awaited");
    assertThat(ended.err().split("expected, never observed", -1)).hasSize(2);
  }

  static final class Dropped {
    public static void main(String[] arguments) {
      startAndDrop();
      // Ends when the report arrives; until then every round gives the collector a reason.
      var reported = new java.util.concurrent.CountDownLatch(1);
      System.setErr(
          new java.io.PrintStream(System.err, true) {
            @Override
            public void write(byte[] bytes, int from, int length) {
              super.write(bytes, from, length);
              reported.countDown();
            }
          });
      while (reported.getCount() > 0) {
        System.gc();
        Thread.onSpinWait();
      }
      System.out.println("reported while the program runs");
    }

    private static void startAndDrop() {
      pauseUntilEnded(goAsync("dropped", () -> fail("expected, never observable")));
    }
  }

  @Test
  void isLoggedWhenItsTaskIsDropped() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(Dropped.class).assertSuccess();
    assertThat(ended.out()).contains("reported while the program runs");
    assertThat(ended.err()).contains("task \"dropped\" started at");
    assertThat(ended.err().split("was never awaited", -1)).as("once").hasSize(2);
  }

  static final class Observed {
    static final List<Task<?>> KEPT = new ArrayList<>();

    public static void main(String[] arguments) {
      Task<?> awaited = goAsync(() -> fail("awaited"));
      try {
        awaited.await();
      } catch (IllegalStateException seen) {
        System.out.println("seen");
      }
      Task<?> asked = goAsync(() -> fail("asked"));
      pauseUntilEnded(asked);
      System.out.println(asked.failure());
      Task<?> listened = goAsync(() -> fail("listened"));
      pauseUntilEnded(listened);
      listened.onCompletion(task -> System.out.println("notified"));
      Task<?> bridged = goAsync(() -> fail("bridged"));
      var _ = bridged.toCompletableFuture();
      Task<?> cancelled = goAsync(() -> GoAsync.sleep(Duration.ofDays(1)));
      cancelled.cancel();
      KEPT.addAll(List.of(awaited, asked, listened, bridged, cancelled));
    }
  }

  @Test
  void observedOrCancelledOnesAreNotReported() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(Observed.class).assertSuccess();
    assertThat(ended.err()).doesNotContain("was never awaited");
    assertThat(ended.out()).contains("seen").contains("asked").contains("notified");
  }

  static final class Traced {
    public static void main(String[] arguments) {
      theStarter();
    }

    private static void theStarter() {
      goAsync(() -> fail("traced"));
    }
  }

  @Test
  void traceOptionShowsTheWholeStackOfTheStart() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(Traced.class, "-Dgoasync.trace=true").assertSuccess();
    assertThat(ended.err()).contains("the task was started here").contains("theStarter");
  }

  static final class CancelTraced {
    public static void main(String[] arguments) {
      Task<?> cancelled = goAsync(CancelTraced::theWaiter);
      goAsync(GoAsync::yield).await(); // the waiter waits by now
      cancelled.cancel();
      try {
        cancelled.await();
      } catch (CancellationException expected) {
        System.out.println(
            "frames: " + Objects.requireNonNull(expected.getCause()).getStackTrace().length);
        expected.printStackTrace();
      }
    }

    private static void theWaiter() {
      GoAsync.sleep(Duration.ofDays(1));
    }
  }

  @Test
  void traceOptionShowsTheWaitThatWasCancelled() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(CancelTraced.class, "-Dgoasync.trace=true").assertSuccess();
    assertThat(ended.err()).contains("theWaiter");
    assertThat(ended.out()).doesNotContain("frames: 0");
  }

  @Test
  void exceptionOfACancelledTaskHasNoStackTrace() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(CancelTraced.class).assertSuccess();
    assertThat(ended.out()).contains("frames: 0");
    assertThat(ended.err()).contains("Task.cancel was called").doesNotContain("theWaiter");
  }
}
