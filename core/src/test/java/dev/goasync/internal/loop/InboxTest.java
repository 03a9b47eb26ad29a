package dev.goasync.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The inbox of a loop, used by several threads. */
@Timeout(60)
final class InboxTest {
  private final Inbox inbox = new Inbox();
  private final TaskQueue queue = new TaskQueue();

  private static Runnable task() {
    return new Thread(); // a Runnable with an identity
  }

  private List<Runnable> drained() {
    List<Runnable> tasks = new ArrayList<>();
    while (!queue.isEmpty()) {
      tasks.add(queue.remove());
    }
    return tasks;
  }

  @Test
  void tasksAreTakenInTheOrderOfThePushes() {
    List<Runnable> tasks = List.of(task(), task(), task());
    tasks.forEach(inbox::push);
    inbox.drainTo(queue);
    assertThat(drained()).containsExactlyElementsOf(tasks);
    assertThat(inbox.isEmpty()).isTrue();
  }

  @Test
  void drainAppendsToTheQueue() {
    Runnable first = task();
    Runnable second = task();
    queue.add(first);
    inbox.push(second);
    inbox.drainTo(queue);
    assertThat(drained()).containsExactly(first, second);
  }

  @Test
  void drainOfAnEmptyInboxAddsNothing() {
    inbox.drainTo(queue);
    assertThat(drained()).isEmpty();
  }

  @Test
  void pushWhileAwakeNeedsNoWakeUp() {
    assertThat(inbox.push(task())).isFalse();
    assertThat(inbox.push(task())).isFalse();
  }

  @Test
  void onlyTheFirstPushToASleepingLoopWakesIt() {
    assertThat(inbox.fallAsleep()).isTrue();
    assertThat(inbox.push(task())).isTrue();
    assertThat(inbox.push(task())).isFalse();
    inbox.awake();
    inbox.drainTo(queue);
    assertThat(drained()).hasSize(2);
  }

  @Test
  void aLoopWithTasksDoesNotFallAsleep() {
    inbox.push(task());
    assertThat(inbox.fallAsleep()).isFalse();
    assertThat(inbox.push(task())).isFalse();
  }

  @Test
  void theInboxOfASleepingLoopIsEmpty() {
    inbox.fallAsleep();
    assertThat(inbox.isEmpty()).isTrue();
    inbox.awake();
    assertThat(inbox.isEmpty()).isTrue();
    assertThat(inbox.push(task())).isFalse();
    assertThat(inbox.isEmpty()).isFalse();
  }

  @Test
  void awakeKeepsATaskPushedDuringTheSleep() {
    Runnable late = task();
    inbox.fallAsleep();
    inbox.push(late);
    inbox.awake();
    inbox.drainTo(queue);
    assertThat(drained()).containsExactly(late);
  }

  private record Numbered(int producer, int number) implements Runnable {
    @Override
    public void run() {}
  }

  @Test
  void noTaskAndNoWakeUpOfConcurrentProducersIsLost() throws Exception {
    int producers = 4;
    int each = 50_000;
    Thread consumer = Thread.currentThread();
    CountDownLatch start = new CountDownLatch(1);
    AtomicInteger wakes = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < producers; p++) {
      int producer = p;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                awaitQuietly(start);
                for (int i = 0; i < each; i++) {
                  if (inbox.push(new Numbered(producer, i))) {
                    wakes.incrementAndGet();
                    LockSupport.unpark(consumer);
                  }
                }
              }));
    }
    start.countDown();
    int[] next = new int[producers];
    int seen = 0;
    int sleeps = 0;
    while (seen < producers * each) {
      if (inbox.fallAsleep()) {
        sleeps++;
        while (inbox.isEmpty()) {
          LockSupport.park(this);
        }
        inbox.awake();
      }
      inbox.drainTo(queue);
      while (!queue.isEmpty()) {
        Numbered numbered = (Numbered) queue.remove();
        assertThat(numbered.number).isEqualTo(next[numbered.producer]++);
        seen++;
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wakes).as("one wake-up for each sleep").hasValue(sleeps);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
