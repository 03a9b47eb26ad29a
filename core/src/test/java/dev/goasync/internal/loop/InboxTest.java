package dev.goasync.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class InboxTest {
  private final Inbox inbox = new Inbox();
  private final ArrayDeque<Runnable> taken = new ArrayDeque<>();

  private static Runnable task() {
    return new Thread(); // a Runnable with an identity
  }

  @Test
  void tasksComeOutInTheOrderTheyWerePushed() {
    List<Runnable> tasks = List.of(task(), task(), task());
    tasks.forEach(inbox::push);
    inbox.drainTo(taken);
    assertThat(taken).containsExactlyElementsOf(tasks);
    assertThat(inbox.isEmpty()).isTrue();
  }

  @Test
  void drainAppendsToWhatIsQueued() {
    Runnable first = task();
    Runnable second = task();
    taken.add(first);
    inbox.push(second);
    inbox.drainTo(taken);
    assertThat(taken).containsExactly(first, second);
  }

  @Test
  void drainOfNothingAddsNothing() {
    inbox.drainTo(taken);
    assertThat(taken).isEmpty();
  }

  @Test
  void pushWhileAwakeNeedsNoWakeUp() {
    assertThat(inbox.push(task())).isFalse();
    assertThat(inbox.push(task())).isFalse();
  }

  @Test
  void onlyTheFirstPushOntoASleeperWakes() {
    assertThat(inbox.fallAsleep()).isTrue();
    assertThat(inbox.push(task())).isTrue();
    assertThat(inbox.push(task())).isFalse();
    inbox.awake();
    inbox.drainTo(taken);
    assertThat(taken).hasSize(2);
  }

  @Test
  void noSleepOverTasks() {
    inbox.push(task());
    assertThat(inbox.fallAsleep()).isFalse();
    assertThat(inbox.push(task())).isFalse();
  }

  @Test
  void sleepingInboxIsEmpty() {
    inbox.fallAsleep();
    assertThat(inbox.isEmpty()).isTrue();
    inbox.awake();
    assertThat(inbox.isEmpty()).isTrue();
    assertThat(inbox.push(task())).isFalse();
    assertThat(inbox.isEmpty()).isFalse();
  }

  @Test
  void awakeKeepsWhatCameDuringTheSleep() {
    Runnable late = task();
    inbox.fallAsleep();
    inbox.push(late);
    inbox.awake();
    inbox.drainTo(taken);
    assertThat(taken).containsExactly(late);
  }

  private record Numbered(int producer, int number) implements Runnable {
    @Override
    public void run() {}
  }

  @Test
  void concurrentProducersLoseNothingAndNoWakeUp() throws Exception {
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
      inbox.drainTo(taken);
      for (Runnable task = taken.poll(); task != null; task = taken.poll()) {
        Numbered numbered = (Numbered) task;
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
