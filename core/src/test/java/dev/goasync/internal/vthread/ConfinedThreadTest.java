package dev.goasync.internal.vthread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.testkit.Modes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Confined threads of an executor that runs on the test's thread; the same rules in both modes. */
@Timeout(60)
final class ConfinedThreadTest {
  private static final int SAFETY_NET_SECONDS = 20;

  private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final ConfinedScheduler scheduler = new ConfinedScheduler(queue::add);
  private final List<String> events = new ArrayList<>();

  private static final class TestThread extends ConfinedThread {
    private final Consumer<TestThread> work;
    volatile boolean ended;

    TestThread(ConfinedScheduler scheduler, Consumer<TestThread> work) {
      super(scheduler);
      this.work = work;
    }

    @Override
    protected void body() {
      work.accept(this);
      ended = true;
    }

    void parkHere() {
      park();
    }

    void yieldHere() {
      yieldToOthers();
    }
  }

  private TestThread newThread(Consumer<TestThread> work) {
    return new TestThread(scheduler, work);
  }

  private TestThread start(Consumer<TestThread> work) {
    TestThread thread = newThread(work);
    thread.start();
    return thread;
  }

  private void runUntil(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Runnable next = queue.poll(SAFETY_NET_SECONDS, TimeUnit.SECONDS);
      Objects.requireNonNull(next, "nothing is ready, and the threads have not ended").run();
    }
  }

  private void runAllReady() {
    for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
      next.run();
    }
  }

  @Test
  void startQueuesTheFirstRun() {
    start(self -> events.add("ran"));
    assertThat(events).isEmpty();
    runAllReady();
    assertThat(events).containsExactly("ran");
  }

  @Test
  void aPausingThreadHandsThePermitToTheNextRequest() {
    Modes.assumePortableMode("the JDK runs continuations without a permit");
    ConfinedScheduler passing =
        new ConfinedScheduler(
            queue::add,
            () ->
                queue.peek() instanceof ConfinedScheduler.Request
                    ? (ConfinedScheduler.Request) queue.poll()
                    : null,
            null);
    for (String name : List.of("a", "b", "c")) {
      new TestThread(
              passing,
              self -> {
                events.add(name);
                self.yieldHere();
                events.add(name);
              })
          .start();
    }
    queue.add(() -> events.add("task"));
    queue.remove().run();
    assertThat(events).containsExactly("a", "b", "c");
    queue.remove().run();
    queue.remove().run();
    assertThat(events).containsExactly("a", "b", "c", "task", "a", "b", "c");
    assertThat(queue).isEmpty();
  }

  @Test
  void cannotBeStartedTwice() {
    TestThread thread = start(self -> {});
    assertThatThrownBy(thread::start).isInstanceOf(IllegalThreadStateException.class);
    runAllReady();
    assertThat(thread.ended).isTrue();
  }

  @Test
  void theVirtualThreadCanBeStartedDirectly() throws Exception {
    TestThread thread = newThread(self -> self.yieldHere());
    thread.thread().start();
    runUntil(() -> thread.ended);
  }

  @Test
  void parkWaitsForUnpark() {
    TestThread thread = start(self -> self.parkHere());
    runAllReady();
    assertThat(thread.ended).isFalse();
    thread.unpark();
    runAllReady();
    assertThat(thread.ended).isTrue();
  }

  @Test
  void unparkFirstMakesTheNextParkReturnAtOnce() {
    TestThread thread =
        start(self -> {
          self.unpark();
          self.parkHere();
        });
    runAllReady();
    assertThat(thread.ended).isTrue();
  }

  @Test
  void severalUnparksCountAsOne() {
    TestThread thread =
        start(self -> {
          self.unpark();
          self.unpark();
          self.parkHere();
          events.add("first");
          self.parkHere();
        });
    runAllReady();
    assertThat(events).containsExactly("first");
    assertThat(thread.ended).isFalse();
    thread.unpark();
    runAllReady();
    assertThat(thread.ended).isTrue();
  }

  @Test
  void unparkDuringAYieldIsNotLost() {
    TestThread thread =
        start(self -> {
          self.yieldHere();
          self.parkHere();
        });
    start(self -> thread.unpark());
    runAllReady();
    assertThat(thread.ended).isTrue();
  }

  @Test
  void anUnparkBeforeAYieldIsKept() {
    TestThread thread =
        start(self -> {
          self.unpark();
          self.yieldHere();
          self.parkHere();
        });
    runAllReady();
    assertThat(thread.ended).isTrue();
  }

  @Test
  void unparkFromAnotherThreadEndsThePark() throws Exception {
    TestThread thread = start(self -> self.parkHere());
    runAllReady();
    Thread.ofPlatform().start(thread::unpark).join();
    runUntil(() -> thread.ended);
  }

  @Test
  void unparksBeforeTheStartAndAfterTheEndHaveNoEffect() {
    TestThread thread = newThread(self -> {});
    thread.unpark();
    thread.start();
    runAllReady();
    thread.unpark();
    runAllReady();
    assertThat(thread.ended).isTrue();
  }

  @Test
  void interruptEndsTheParkAndIsKept() throws Exception {
    TestThread thread =
        start(self -> {
          self.parkHere();
          events.add("interrupted " + Thread.interrupted());
        });
    runAllReady();
    thread.thread().interrupt();
    runUntil(() -> thread.ended);
    assertThat(events).containsExactly("interrupted true");
  }

  @Test
  void interruptDuringAYieldIsKept() throws Exception {
    TestThread thread =
        start(self -> {
          self.yieldHere();
          events.add("interrupted " + Thread.interrupted());
        });
    start(self -> thread.thread().interrupt());
    runUntil(() -> thread.ended);
    assertThat(events).containsExactly("interrupted true");
  }

  @Test
  void aYieldLetsTheReadyThreadsRunFirst() {
    for (String name : List.of("a", "b", "c")) {
      start(self -> {
        events.add(name + 1);
        self.yieldHere();
        events.add(name + 2);
      });
    }
    runAllReady();
    assertThat(events).containsExactly("a1", "b1", "c1", "a2", "b2", "c2");
  }

  @Test
  void oneRunsAtATime() throws Exception {
    int threads = 20;
    int rounds = 500;
    int[] unguarded = {0};
    boolean[] busy = {false};
    List<TestThread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      all.add(
          start(self -> {
            for (int round = 0; round < rounds; round++) {
              if (busy[0]) {
                throw new AssertionError("two threads at a time");
              }
              busy[0] = true;
              unguarded[0]++;
              busy[0] = false;
              if (round % 2 == 0) {
                self.yieldHere();
              } else {
                self.unpark();
                self.parkHere();
              }
            }
          }));
    }
    runUntil(() -> all.stream().allMatch(thread -> thread.ended));
    assertThat(unguarded[0]).isEqualTo(threads * rounds);
  }

  @Test
  void noUnparkOfAnotherThreadIsLost() throws Exception {
    int rounds = 20_000;
    int[] seen = {0};
    var tickets = new java.util.concurrent.atomic.AtomicInteger();
    TestThread thread =
        start(self -> {
          while (seen[0] < rounds) {
            while (tickets.get() == seen[0]) {
              self.parkHere();
            }
            seen[0] = tickets.get();
            if (seen[0] % 3 == 0) {
              self.yieldHere();
            }
          }
        });
    Thread unparker =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < rounds; i++) {
                tickets.incrementAndGet();
                thread.unpark();
              }
            });
    runUntil(() -> thread.ended);
    unparker.join();
    assertThat(seen[0]).isEqualTo(rounds);
  }

  @Test
  void runsOnItsOwnVirtualThreadOnly() {
    TestThread thread = newThread(self -> {});
    assertThatThrownBy(thread::run).isInstanceOf(IllegalStateException.class);
  }
}
