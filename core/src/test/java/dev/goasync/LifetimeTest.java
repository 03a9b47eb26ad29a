package dev.goasync;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.sync.Channel;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.Modes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a program ends, and what it reports when it cannot continue. Each test is a program. */
@Timeout(120)
final class LifetimeTest {
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private static final String CARRIERS =
      "the JDK's idle carriers, which could wake a coroutine, hold a deadlock's report up for 30 s";

  static final class MainReturnsEarly {
    public static void main(String[] arguments) {
      goAsync(() -> {
        sleep(Duration.ofMillis(20));
        goAsync(() -> {
          sleep(Duration.ofMillis(20));
          System.out.println("last task ended");
        });
      });
      System.out.println("main ended");
    }
  }

  @Test
  void programRunsUntilAllTasksHaveEndedAndThenEnds() throws Exception {
    assertThat(ChildJvm.run(MainReturnsEarly.class).assertSuccess().out().lines())
        .containsExactly("main ended", "last task ended");
  }

  static final class NeverEnding {
    public static void main(String[] arguments) {
      goAsync(() -> sleep(FOR_EVER));
      System.out.println("main ended");
    }
  }

  @Test
  void daemonOptionLetsTheProgramEndBeforeItsTasks() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(NeverEnding.class, "-Dgoasync.daemon=true");
    assertThat(ended.assertSuccess().out().lines()).containsExactly("main ended");
  }

  static final class DaemonClose {
    public static void main(String[] arguments) {
      EventLoop loop = EventLoop.start();
      loop.goAsync(() -> {
        sleep(Duration.ofMillis(20));
        System.out.println("task ended");
      });
      loop.close();
      System.out.println("closed");
    }
  }

  @Test
  void closeOfADaemonLoopWaitsForItsTasksAndReturns() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(DaemonClose.class, "-Dgoasync.daemon=true");
    assertThat(ended.assertSuccess().out().lines()).containsExactly("task ended", "closed");
  }

  static final class NoThread {
    public static void main(String[] arguments) {
      long before = loopThreads();
      Task<Thread> task = goAsync(() -> Thread.currentThread());
      goAsync(() -> System.out.println("second ran"));
      System.out.println("nothing ran: " + !task.isCompleted());
      task.await();
      System.out.println("awaited");
      EventLoop.onCurrentThread().run();
      System.out.println("threads started: " + (loopThreads() - before));
      goAsync(() -> System.out.println("never runs"));
    }

    private static long loopThreads() {
      return Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread.getName().startsWith("goasync"))
          .count();
    }
  }

  @Test
  void noThreadModeStartsNoneAndRunsNothingUntilAwaitOrRun() throws Exception {
    ChildJvm.Ended ended = ChildJvm.run(NoThread.class, "-Dgoasync.noThread=true");
    assertThat(ended.assertSuccess().out().lines())
        .containsExactlyInAnyOrder(
            "nothing ran: true", "awaited", "second ran", "threads started: 0")
        .startsWith("nothing ran: true")
        .endsWith("threads started: 0");
  }

  static final class UnclosedLoop {
    public static void main(String[] arguments) {
      EventLoop loop = EventLoop.start();
      System.out.println(loop.goAsync(() -> "ran").await());
      EventLoopGroup.start(3).goAsync(() -> {}).await();
    }
  }

  @Test
  void unclosedIdleLoopsDoNotKeepTheProgramAlive() throws Exception {
    assertThat(ChildJvm.run(UnclosedLoop.class).assertSuccess().out()).contains("ran");
  }

  static final class OtherThreadWorks {
    public static void main(String[] arguments) {
      goAsync(() -> {}).await();
      CountDownLatch mainIsGone = new CountDownLatch(1);
      new Thread(
              () -> {
                try {
                  mainIsGone.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                System.out.println(goAsync(() -> "late task").await());
              })
          .start();
      goAsync(() -> {
        sleep(Duration.ofMillis(50));
        mainIsGone.countDown();
      });
    }
  }

  @Test
  void programThreadMayUseTheLoopAfterMainHasReturned() throws Exception {
    assertThat(ChildJvm.run(OtherThreadWorks.class).assertSuccess().out()).contains("late task");
  }

  private static Task<?> startEmbrace() {
    List<Task<?>> both = new ArrayList<>();
    Task<Task<?>> starter =
        goAsync(
            "starter",
            () -> {
              both.add(goAsync("left", () -> GoAsync.awaitAll(List.of(both.get(1), idle()))));
              both.add(goAsync("right", () -> GoAsync.awaitAll(List.of(both.get(0), idle()))));
              return both.get(0);
            });
    return starter.await();
  }

  private static Task<?> idle() {
    return goAsync(() -> {});
  }

  static final class Deadlock {
    public static void main(String[] arguments) {
      Task<?> left = startEmbrace();
      for (int i = 0; i < 2; i++) {
        try {
          left.await();
        } catch (DeadlockException deadlock) {
          System.out.println(deadlock.getMessage());
        }
      }
      left.cancel();
    }
  }

  @Test
  void deadlockIsThrownToTheAwaitingThreadAndTheLoopContinues() throws Exception {
    Modes.assumeFullMode(CARRIERS);
    String out = ChildJvm.run(Deadlock.class).assertSuccess().out();
    assertThat(out)
        .contains("task \"left\" started at")
        .contains("task \"right\" started at")
        .contains("LifetimeTest.java:")
        .doesNotContain("\"starter\"");
    assertThat(out.split("deadlock in", -1)).as("reported to both awaits").hasSize(3);
  }

  static final class OnlyThread {
    public static void main(String[] arguments) {
      Channel<String> channel = Channel.rendezvous();
      for (int i = 0; i < 2; i++) {
        try {
          channel.receive();
        } catch (DeadlockException deadlock) {
          System.out.println(deadlock.getMessage());
        }
      }
      try (EventLoop loop = EventLoop.onCurrentThread()) {
        Channel.bounded(loop, 1).receive();
      } catch (DeadlockException deadlock) {
        System.out.println(deadlock.getMessage());
      }
    }
  }

  @Test
  void aThreadThatWaitsOnAnEmptyLoopGetsADeadlockException() throws Exception {
    Modes.assumeFullMode(CARRIERS);
    String out = ChildJvm.run(OnlyThread.class).assertSuccess().out();
    assertThat(out)
        .contains("it has no coroutine")
        .contains("thread \"main\" waits for a value from channel@");
    assertThat(out.split("deadlock in", -1)).as("reported to each receive").hasSize(4);
  }

  static final class DeadlockOfNoThread {
    public static void main(String[] arguments) {
      startEmbrace();
      try {
        EventLoop.onCurrentThread().run();
      } catch (DeadlockException deadlock) {
        System.out.println(deadlock.getMessage());
      }
    }
  }

  @Test
  void deadlockEndsRun() throws Exception {
    Modes.assumeFullMode(CARRIERS);
    ChildJvm.Ended ended = ChildJvm.run(DeadlockOfNoThread.class, "-Dgoasync.noThread=true");
    assertThat(ended.assertSuccess().out()).contains("\"left\"").contains("\"right\"");
  }

  static final class DeadlockWithoutMain {
    public static void main(String[] arguments) {
      startEmbrace();
      Thread watcher =
          new Thread(() -> {
            // Ends the program, which would hang, when the loop's thread is all that waits.
            Runtime.getRuntime().halt(3);
          });
      System.setErr(
          new java.io.PrintStream(System.err, true) {
            @Override
            public void flush() {
              super.flush();
              if (watcher.getState() == Thread.State.NEW) {
                watcher.start();
              }
            }
          });
    }
  }

  @Test
  void deadlockIsLoggedWhenNoThreadAwaits() throws Exception {
    Modes.assumeFullMode(CARRIERS);
    ChildJvm.Ended ended = ChildJvm.run(DeadlockWithoutMain.class);
    assertThat(ended.err()).contains("deadlock in");
    assertThat(ended.exitCode()).isEqualTo(3);
  }

  static final class TimerIsNoDeadlock {
    public static void main(String[] arguments) {
      Task<?> task =
          goAsync(() -> {
            goAsync(() -> sleep(Duration.ofMillis(50))).await();
          });
      task.await();
      System.out.println("no deadlock");
    }
  }

  @Test
  void waitForATimerIsNoDeadlock() throws Exception {
    assertThat(ChildJvm.run(TimerIsNoDeadlock.class).assertSuccess().out()).contains("no deadlock");
  }
}
