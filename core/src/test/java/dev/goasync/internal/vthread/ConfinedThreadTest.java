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

/** Strands on a carrier whose executor's thread is the test's; the same rules in both modes. */
@Timeout(60)
final class ConfinedThreadTest {
  private static final int SAFETY_NET_SECONDS = 20;

  private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final ConfinedScheduler carrier = new ConfinedScheduler(queue::add);
  private final List<String> events = new ArrayList<>();

  private static final class TestStrand extends ConfinedThread {
    private final Consumer<TestStrand> work;
    volatile boolean ended;

    TestStrand(ConfinedScheduler carrier, Consumer<TestStrand> work) {
      super(carrier);
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

  private TestStrand strand(Consumer<TestStrand> work) {
    return new TestStrand(carrier, work);
  }

  private TestStrand start(Consumer<TestStrand> work) {
    TestStrand strand = strand(work);
    strand.start();
    return strand;
  }

  private void runUntil(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Runnable next = queue.poll(SAFETY_NET_SECONDS, TimeUnit.SECONDS);
      Objects.requireNonNull(next, "nothing is ready, and the strands have not ended").run();
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
  void whoPausesPassesTheBatonOnToTheNextRequest() {
    Modes.assumePortableMode("the JDK runs continuations, and there is no baton");
    ConfinedScheduler passing =
        new ConfinedScheduler(
            queue::add,
            () ->
                queue.peek() instanceof ConfinedScheduler.Request
                    ? (ConfinedScheduler.Request) queue.poll()
                    : null);
    for (String name : List.of("a", "b", "c")) {
      new TestStrand(
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
    TestStrand strand = start(self -> {});
    assertThatThrownBy(strand::start).isInstanceOf(IllegalThreadStateException.class);
    runAllReady();
    assertThat(strand.ended).isTrue();
  }

  @Test
  void threadOfAStrandCanBeStartedByItself() throws Exception {
    TestStrand strand = strand(self -> self.yieldHere());
    strand.thread().start();
    runUntil(() -> strand.ended);
  }

  @Test
  void parkWaitsForUnpark() {
    TestStrand strand = start(self -> self.parkHere());
    runAllReady();
    assertThat(strand.ended).isFalse();
    strand.unpark();
    runAllReady();
    assertThat(strand.ended).isTrue();
  }

  @Test
  void unparkFirstMakesTheNextParkReturnAtOnce() {
    TestStrand strand =
        start(self -> {
          self.unpark();
          self.parkHere();
        });
    runAllReady();
    assertThat(strand.ended).isTrue();
  }

  @Test
  void severalUnparksCountAsOne() {
    TestStrand strand =
        start(self -> {
          self.unpark();
          self.unpark();
          self.parkHere();
          events.add("first");
          self.parkHere();
        });
    runAllReady();
    assertThat(events).containsExactly("first");
    assertThat(strand.ended).isFalse();
    strand.unpark();
    runAllReady();
    assertThat(strand.ended).isTrue();
  }

  @Test
  void unparkDuringAYieldIsNotLost() {
    TestStrand strand =
        start(self -> {
          self.yieldHere();
          self.parkHere();
        });
    start(self -> strand.unpark());
    runAllReady();
    assertThat(strand.ended).isTrue();
  }

  @Test
  void permitSurvivesAYield() {
    TestStrand strand =
        start(self -> {
          self.unpark();
          self.yieldHere();
          self.parkHere();
        });
    runAllReady();
    assertThat(strand.ended).isTrue();
  }

  @Test
  void unparkFromAnotherThreadEndsThePark() throws Exception {
    TestStrand strand = start(self -> self.parkHere());
    runAllReady();
    Thread.ofPlatform().start(strand::unpark).join();
    runUntil(() -> strand.ended);
  }

  @Test
  void unparkBeforeStartAndAfterTheEndDoNoHarm() {
    TestStrand strand = strand(self -> {});
    strand.unpark();
    strand.start();
    runAllReady();
    strand.unpark();
    runAllReady();
    assertThat(strand.ended).isTrue();
  }

  @Test
  void interruptEndsTheParkAndIsKept() throws Exception {
    TestStrand strand =
        start(self -> {
          self.parkHere();
          events.add("interrupted " + Thread.interrupted());
        });
    runAllReady();
    strand.thread().interrupt();
    runUntil(() -> strand.ended);
    assertThat(events).containsExactly("interrupted true");
  }

  @Test
  void interruptDuringAYieldIsKept() throws Exception {
    TestStrand strand =
        start(self -> {
          self.yieldHere();
          events.add("interrupted " + Thread.interrupted());
        });
    start(self -> strand.thread().interrupt());
    runUntil(() -> strand.ended);
    assertThat(events).containsExactly("interrupted true");
  }

  @Test
  void yieldLetsTheReadyOnesRunFirstInTurn() {
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
    int strands = 20;
    int rounds = 500;
    int[] unguarded = {0};
    boolean[] busy = {false};
    List<TestStrand> all = new ArrayList<>();
    for (int i = 0; i < strands; i++) {
      all.add(
          start(self -> {
            for (int round = 0; round < rounds; round++) {
              if (busy[0]) {
                throw new AssertionError("two strands at a time");
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
    runUntil(() -> all.stream().allMatch(strand -> strand.ended));
    assertThat(unguarded[0]).isEqualTo(strands * rounds);
  }

  @Test
  void foreignUnparksRacingWithParksLoseNoWakeUp() throws Exception {
    int rounds = 20_000;
    int[] seen = {0};
    var tickets = new java.util.concurrent.atomic.AtomicInteger();
    TestStrand strand =
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
                strand.unpark();
              }
            });
    runUntil(() -> strand.ended);
    unparker.join();
    assertThat(seen[0]).isEqualTo(rounds);
  }

  @Test
  void strandRunsOnItsOwnThreadOnly() {
    TestStrand strand = strand(self -> {});
    assertThatThrownBy(strand::run).isInstanceOf(IllegalStateException.class);
  }
}
