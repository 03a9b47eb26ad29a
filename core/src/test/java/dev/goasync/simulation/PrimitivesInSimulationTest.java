package dev.goasync.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goasync.DeadlineExceededException;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Mutex;
import dev.goasync.sync.Select;
import dev.goasync.sync.Semaphore;
import dev.goasync.testing.Scheduling;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.World;
import dev.goasync.testkit.Modes;
import dev.goasync.testkit.Scripts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Channels, selects, locks and semaphores of three loops in a simulation. Each seed places the
 * objects and their users on loops, and orders the steps. No value is lost or doubled, a lock has
 * one holder, and everything ends.
 */
@Timeout(600)
final class PrimitivesInSimulationTest {
  private static final int SENDERS = 6;
  private static final int RECEIVERS = 3;
  private static final int VALUES = 3;
  private static final Duration SHORT = Duration.ofMillis(1);

  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  @Test
  void valuesArriveOnceAndLocksHaveOneHolder() throws Exception {
    Scripts.run(
        "primitives",
        200,
        seed -> {
          Scheduling scheduling = seed % 2 == 0 ? Scheduling.random() : Scheduling.pct(3);
          Simulation.with()
              .seed(seed)
              .scheduling(scheduling)
              .maxSteps(100_000)
              .run(world -> new Run(world).run());
        });
  }

  /** One run: the objects, and what was counted. */
  private static final class Run {
    private final RandomGenerator random;
    private final List<EventLoop> loops = new ArrayList<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger inLock = new AtomicInteger();
    private final AtomicInteger withPermit = new AtomicInteger();

    Run(World world) {
      this.random = world.random();
    }

    private EventLoop anyLoop() {
      return loops.get(random.nextInt(loops.size()));
    }

    void run() throws Exception {
      try (EventLoop one = EventLoop.start("one");
          EventLoop two = EventLoop.start("two")) {
        loops.addAll(List.of(one, two, EventLoop.currentOrDefault()));
        Channel<Integer> first = channel();
        Channel<Integer> second = channel();
        Mutex mutex = new Mutex(anyLoop());
        Semaphore semaphore = new Semaphore(anyLoop(), 2, 2);
        List<Task<?>> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
          boolean selects = i % 2 == 0;
          senders.add(
              anyLoop()
                  .goAsync(() -> {
                    for (int value = 0; value < VALUES; value++) {
                      send(first, selects ? second : first, selects);
                      useLock(mutex);
                      usePermit(semaphore);
                    }
                  }));
        }
        List<Task<?>> receivers = new ArrayList<>();
        for (int i = 0; i < RECEIVERS; i++) {
          receivers.add(anyLoop().goAsync(() -> receiveAll(first, second)));
        }
        for (int i = 0; i < RECEIVERS; i++) {
          receiveWithLimit(first);
        }
        senders.forEach(Task::await);
        first.close();
        second.close();
        receivers.forEach(Task::await);
      }
      assertEquals(SENDERS * VALUES, sent.get());
      assertEquals(sent.get(), received.get());
    }

    private Channel<Integer> channel() {
      int capacity = random.nextInt(3);
      return capacity == 0 ? Channel.rendezvous(anyLoop()) : Channel.bounded(anyLoop(), capacity);
    }

    private void send(Channel<Integer> one, Channel<Integer> other, boolean selects) {
      if (!selects) {
        one.send(1);
        sent.incrementAndGet();
        return;
      }
      boolean[] done = {false};
      while (!done[0]) {
        Select.first()
            .onSend(one, 1, () -> done[0] = true)
            .onSend(other, 1, () -> done[0] = true)
            .after(SHORT, () -> {})
            .run();
      }
      sent.incrementAndGet();
    }

    private void useLock(Mutex mutex) {
      mutex.withLock(() -> {
        assertEquals(1, inLock.incrementAndGet());
        if (random.nextBoolean()) {
          GoAsync.sleep(SHORT);
        }
        inLock.decrementAndGet();
      });
    }

    private void usePermit(Semaphore semaphore) {
      semaphore.withPermit(() -> {
        assertTrue(withPermit.incrementAndGet() <= 2);
        GoAsync.yield();
        withPermit.decrementAndGet();
      });
    }

    private void receiveAll(Channel<Integer> one, Channel<Integer> other) {
      boolean[] closed = {false, false};
      while (!(closed[0] && closed[1])) {
        Select select = Select.first();
        if (!closed[0]) {
          select.onReceiveOrClosed(one, this::count, () -> closed[0] = true);
        }
        if (!closed[1]) {
          select.onReceiveOrClosed(other, this::count, () -> closed[1] = true);
        }
        select.run();
      }
    }

    /** A receive that is cancelled before it ends must not take a value. */
    private void receiveWithLimit(Channel<Integer> channel) {
      try {
        count(GoAsync.withTimeout(Duration.ofNanos(random.nextInt(2_000_000)), channel::receive));
      } catch (DeadlineExceededException noValue) {
        // nothing was received
      }
    }

    private void count(int value) {
      received.addAndGet(value);
    }
  }
}
