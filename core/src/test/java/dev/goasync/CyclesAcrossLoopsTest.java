package dev.goasync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.goasync.sync.Channel;
import dev.goasync.sync.Mutex;
import dev.goasync.testkit.NoLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Coroutines of several loops that wait for each other in a cycle get a DeadlockException. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
final class CyclesAcrossLoopsTest {
  private final List<EventLoop> loops = Stream.generate(EventLoop::start).limit(3).toList();

  @AfterEach
  void close() {
    loops.forEach(EventLoop::closeNow);
  }

  /** A task that other tasks can refer to before it is started. */
  private static final class Later {
    private final CompletableFuture<Task<?>> task = new CompletableFuture<>();

    void is(Task<?> started) {
      task.complete(started);
    }

    void await() {
      Task.from(task).await().await();
    }
  }

  private static void assertCycleReported(List<Task<?>> tasks) {
    List<Throwable> failures = new ArrayList<>();
    for (Task<?> task : tasks) {
      Throwable failure = catchThrowable(task::await);
      if (failure != null) {
        failures.add(failure);
      }
    }
    assertThat(failures).isNotEmpty().allMatch(each -> each instanceof DeadlockException);
    assertThat(failures.getFirst()).hasMessageContaining("which waits for it, through");
  }

  @Test
  void tasksOfThreeLoopsThatAwaitEachOther() {
    List<Later> later = Stream.generate(Later::new).limit(3).toList();
    List<Task<?>> tasks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Later next = later.get((i + 1) % 3);
      Task<?> task = loops.get(i).goAsync(() -> next.await());
      tasks.add(task);
      later.get(i).is(task);
    }
    assertCycleReported(tasks);
  }

  @Test
  void aTaskThatAwaitsAnotherOfItsLoopAndThroughItItself() {
    Later outer = new Later();
    Task<?> abroad = loops.get(1).goAsync(() -> outer.await());
    Task<?> neighbour = loops.get(0).goAsync(() -> abroad.await());
    Task<?> task = loops.get(0).goAsync(() -> neighbour.await());
    outer.is(task);
    assertCycleReported(List.of(abroad, neighbour, task));
  }

  @Test
  void locksOfTwoLoopsTakenInOppositeOrder() {
    Mutex one = new Mutex(loops.get(0));
    Mutex other = new Mutex(loops.get(1));
    Channel<String> both = Channel.rendezvous(loops.get(2));
    Task<?> first =
        loops
            .get(0)
            .goAsync(() ->
                one.withLock(() -> {
                  both.send("I have mine");
                  other.withLock(() -> {});
                }));
    Task<?> second =
        loops
            .get(1)
            .goAsync(() ->
                other.withLock(() -> {
                  both.receive();
                  one.withLock(() -> {});
                }));
    assertCycleReported(List.of(first, second));
  }

  @Test
  void aLockWhoseHolderAwaitsATaskThatWantsTheLock() {
    Mutex lock = new Mutex(loops.get(2));
    Later wanting = new Later();
    Channel<String> held = Channel.rendezvous(loops.get(2));
    Task<?> holder =
        loops
            .get(0)
            .goAsync(() ->
                lock.withLock(() -> {
                  held.send("I have it");
                  wanting.await();
                }));
    Task<?> wanter =
        loops
            .get(1)
            .goAsync(() -> {
              held.receive();
              lock.withLock(() -> {});
            });
    wanting.is(wanter);
    assertCycleReported(List.of(holder, wanter));
  }

  @Test
  void aCycleWithATimeLimitEndsByIt() {
    Later later = new Later();
    Task<Boolean> patient =
        loops
            .get(0)
            .goAsync(() -> {
              try {
                GoAsync.withTimeout(Duration.ofMillis(20), () -> later.await());
                return false;
              } catch (DeadlineExceededException | DeadlockException expected) {
                return true;
              }
            });
    Task<?> other = loops.get(1).goAsync(() -> patient.await());
    later.is(other);
    Throwable failure = catchThrowable(other::await);
    assertThat(failure == null || failure instanceof DeadlockException).as("%s", failure).isTrue();
    assertThat(catchThrowable(patient::await)).isNull();
  }

  /** Waits in all directions, many of them cancelled, and none in a circle. */
  @Test
  void whatOnlyLooksLikeACycleIsNone() {
    Random random = new Random(7);
    List<Task<?>> tasks = new ArrayList<>();
    Mutex lock = new Mutex(loops.get(0));
    for (int i = 0; i < 3000; i++) {
      Task<?> earlier = tasks.isEmpty() ? null : tasks.get(random.nextInt(tasks.size()));
      boolean locks = random.nextInt(4) == 0;
      Task<?> task =
          loops
              .get(random.nextInt(3))
              .goAsync(() -> {
                GoAsync.yield();
                if (locks) {
                  lock.withLock(() -> GoAsync.yield());
                } else if (earlier != null) {
                  try {
                    earlier.await();
                  } catch (CancellationException itWasCancelled) {
                    // or we are
                  }
                }
              });
      tasks.add(task);
      if (random.nextInt(10) == 0) {
        tasks.get(random.nextInt(tasks.size())).cancel();
      }
    }
    for (Task<?> task : tasks) {
      Throwable failure = catchThrowable(task::await);
      assertThat(failure == null || failure instanceof CancellationException)
          .as("%s", failure)
          .isTrue();
    }
  }
}
