package dev.goasync.sync;

import static dev.goasync.GoAsync.awaitAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.DeadlockException;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.Modes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Primitives used by coroutines of several loops and by plain threads. */
@Timeout(60)
final class CallsFromOtherThreadsTest {
  enum Place {
    HOME,
    OTHER_LOOP,
    THREAD
  }

  private final EventLoop home = EventLoop.start("home");
  private final EventLoop other = EventLoop.start("other");

  @AfterEach
  void closeLoops() {
    other.closeNow();
    home.closeNow();
  }

  private Task<?> start(Place place, dev.goasync.Action<?> body) {
    return switch (place) {
      case HOME -> home.goAsync(body);
      case OTHER_LOOP -> other.goAsync(body);
      case THREAD -> Caller.THREAD.beside(body);
    };
  }

  @ParameterizedTest
  @EnumSource
  void theEndOfAChannelIsAwaitedFromAnywhere(Place place) throws Exception {
    Channel<String> channel = Channel.bounded(home, 2);
    Task<?> first = start(place, channel::awaitDrained);
    Task<?> second = start(place, channel::awaitDrained);
    channel.send("a");
    channel.send("b");
    channel.close();
    assertThat(channel.receive()).isEqualTo("a");
    assertThat(first.isCompleted() || second.isCompleted()).isFalse();
    assertThat(channel.receive()).isEqualTo("b");
    awaitAll(first, second);
    start(place, channel::awaitDrained).await();
  }

  /** A thread waits for a condition whose lock a coroutine never releases. */
  static final class NeverReleasedLock {
    public static void main(String[] arguments) {
      Mutex mutex = new Mutex();
      Condition never = mutex.newCondition();
      mutex.lock();
      GoAsync.goAsync(() -> {
        mutex.lock();
        Event.manualReset().await();
      });
      try {
        never.await();
      } catch (DeadlockException deadlock) {
        System.out.println("refused: " + deadlock.getMessage());
      }
      Runtime.getRuntime().halt(0);
    }
  }

  @Test
  void aThreadThatCanNeverGetItsLockBackGetsADeadlockException() throws Exception {
    Modes.assumeFullMode("the JDK's idle carriers, which could wake a coroutine, hold it up");
    assertThat(ChildJvm.run(NeverReleasedLock.class).assertSuccess().out())
        .contains("refused: deadlock in ");
  }

  @Test
  void anInterruptedWaitForAConditionReturnsWithTheLock() {
    Mutex mutex = new Mutex(home);
    Condition never = mutex.newCondition();
    Thread waiting = Thread.currentThread();
    mutex.lock();
    home.goAsync(() -> {
      mutex.lock();
      waiting.interrupt();
      for (int i = 0; i < 100; i++) {
        GoAsync.yield();
      }
      mutex.unlock();
    });
    assertThatThrownBy(never::await).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(mutex.isHeldByCaller()).isTrue();
    mutex.unlock();
  }

  @Test
  void eachValueIsReceivedOnceBetweenLoopsAndThreads() throws Exception {
    for (Channel<Integer> channel :
        List.of(Channel.<Integer>rendezvous(home), Channel.<Integer>bounded(home, 8))) {
      int each = 500;
      List<Task<?>> senders = new ArrayList<>();
      List<Task<?>> receivers = new ArrayList<>();
      ConcurrentLinkedQueue<Integer> received = new ConcurrentLinkedQueue<>();
      int number = 0;
      for (Place place : Place.values()) {
        int first = each * number++;
        senders.add(
            start(
                place,
                () -> {
                  for (int i = 0; i < each; i++) {
                    channel.send(first + i);
                  }
                }));
        receivers.add(start(place, () -> channel.forEach(received::add)));
      }
      awaitAll(senders);
      channel.close();
      awaitAll(receivers);
      assertThat(received).hasSize(3 * each);
      assertThat(Set.copyOf(received)).hasSize(3 * each);
      assertThat(channel.statistics().sent()).isEqualTo(3L * each);
      assertThat(channel.statistics().received()).isEqualTo(3L * each);
      assertThat(channel.statistics().remoteCalls()).isPositive();
    }
  }

  @Test
  void aMutexExcludesCoroutinesOfOtherLoopsAndThreads() throws Exception {
    Mutex mutex = new Mutex(home);
    int[] count = {0};
    List<Task<?>> tasks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      for (Place place : Place.values()) {
        tasks.add(
            start(
                place,
                () -> {
                  for (int round = 0; round < 200; round++) {
                    mutex.withLock(() -> {
                      int seen = count[0];
                      GoAsync.yield();
                      count[0] = seen + 1;
                    });
                  }
                }));
      }
    }
    awaitAll(tasks);
    assertThat(count[0]).isEqualTo(9 * 200);
    assertThat(mutex.statistics().locked()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void wrongUseThrowsInItsCaller(Place place) throws Exception {
    Mutex mutex = new Mutex(home);
    Semaphore permits = new Semaphore(home, 1, 1);
    Channel<Integer> closed = Channel.bounded(home, 1);
    closed.close();
    Caller.finish(
        start(
            place,
            () -> {
              assertThatThrownBy(mutex::unlock).isInstanceOf(IllegalStateException.class);
              mutex.lock();
              assertThatThrownBy(mutex::lock).isInstanceOf(IllegalStateException.class);
              mutex.unlock();
              assertThatThrownBy(permits::release).isInstanceOf(IllegalStateException.class);
              assertThatThrownBy(() -> closed.send(1)).isInstanceOf(ChannelClosedException.class);
              assertThatThrownBy(closed::receive).isInstanceOf(ChannelClosedException.class);
              assertThatThrownBy(closed::tryReceive).isInstanceOf(ChannelClosedException.class);
              assertThatThrownBy(closed::close).isInstanceOf(ChannelClosedException.class);
            }));
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void timeoutsExpireForEveryKindOfCaller(Place place) throws Exception {
    Channel<Integer> channel = Channel.rendezvous(home);
    Event event = Event.manualReset(home);
    Caller.finish(
        start(
            place,
            () -> {
              assertThat(channel.tryReceive(Duration.ofMillis(1))).isNull();
              assertThat(channel.trySend(1, Duration.ofMillis(1))).isFalse();
              assertThat(event.tryAwait(Duration.ofMillis(1))).isFalse();
            }));
    assertThat(channel.statistics().waitingReceivers()).isZero();
    assertThat(channel.statistics().waitingSenders()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void aSelectRunsForEveryKindOfCaller(Place place) throws Exception {
    Channel<Integer> numbers = Channel.rendezvous(home);
    Channel<String> words = Channel.bounded(home, 1);
    ConcurrentLinkedQueue<Object> got = new ConcurrentLinkedQueue<>();
    Task<?> selecting =
        start(
            place,
            () -> {
              Select select =
                  Select.first().onReceive(numbers, got::add).onReceive(words, got::add);
              select.run();
              select.run();
            });
    numbers.send(1);
    words.send("two");
    Caller.finish(selecting);
    assertThat(got).containsExactlyInAnyOrder(1, "two");
  }

  @Test
  void anInterruptedReceiveTakesNoValue() throws Exception {
    Channel<Integer> channel = Channel.rendezvous(home);
    CountDownLatch done = new CountDownLatch(1);
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              assertThatThrownBy(channel::receive).isInstanceOf(CancellationException.class);
              assertThat(Thread.interrupted()).isTrue();
              done.countDown();
            });
    while (channel.statistics().waitingReceivers() == 0) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    done.await();
    assertThat(channel.trySend(1)).isFalse();
  }

  /**
   * Each value is received or was not sent, and no permit is lost, whenever a caller is cancelled.
   */
  @ParameterizedTest
  @EnumSource(
      value = Place.class,
      names = {"HOME", "OTHER_LOOP"})
  void aCancelAtAnyTimeLosesNoValueAndNoPermit(Place place) throws Exception {
    Random random = new Random(42);
    Channel<Integer> channel = Channel.bounded(home, 2);
    Semaphore permits = new Semaphore(home, 2, 2);
    Mutex mutex = new Mutex(home);
    Set<Integer> sent = new HashSet<>();
    Set<Integer> received = new HashSet<>();
    for (int round = 0; round < 300; round++) {
      int value = round;
      Task<?> sender =
          start(
              place,
              () -> {
                permits.withPermit(() -> mutex.withLock(() -> {}));
                channel.send(value);
                synchronized (sent) {
                  sent.add(value);
                }
              });
      Task<?> receiver =
          start(
              Place.OTHER_LOOP,
              () -> {
                int got = permits.withPermit(() -> channel.receive());
                synchronized (received) {
                  assertThat(received.add(got)).isTrue();
                }
              });
      if (round == 0) {
        sender.await();
        receiver.await();
        continue; // at least one value passes, however slow the machine is
      }
      for (int spin = random.nextInt(3000); spin > 0; spin--) {
        Thread.onSpinWait();
      }
      (random.nextBoolean() ? sender : receiver).cancel();
      for (int spin = random.nextInt(3000); spin > 0; spin--) {
        Thread.onSpinWait();
      }
      for (Task<?> task : List.of(sender, receiver)) {
        task.cancel();
        try {
          task.await();
        } catch (CancellationException cancelled) {
          assertThat(task.isCancelled()).isTrue();
        }
      }
    }
    for (Integer left = channel.tryReceive(Duration.ofMillis(50));
        left != null;
        left = channel.tryReceive(Duration.ofMillis(50))) {
      received.add(left);
    }
    synchronized (received) {
      synchronized (sent) {
        assertThat(received).isEqualTo(sent);
      }
    }
    assertThat(received).isNotEmpty();
    assertThat(mutex.statistics().locked()).isFalse();
    assertThat(permits.statistics().permits()).isEqualTo(2);
  }

  @Test
  void anOperationAfterTheHomeLoopClosedThrows() {
    Channel<Integer> channel = Channel.rendezvous(home);
    home.close();
    assertThatThrownBy(channel::receive)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("home")
        .hasMessageContaining("closed");
  }

  @ParameterizedTest
  @EnumSource(
      value = Place.class,
      names = {"OTHER_LOOP", "THREAD"})
  void aWaitingOperationThrowsWhenTheHomeLoopCloses(Place place) {
    Channel<Integer> channel = Channel.rendezvous(home);
    Task<?> waiting =
        start(
            place,
            () ->
                assertThatThrownBy(channel::receive)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("its home loop, home, is closed"));
    while (channel.statistics().waitingReceivers() == 0) {
      Thread.onSpinWait();
    }
    home.close();
    waiting.await();
  }

  /** A main thread and a loop wait for another loop, which sends after a sleep. */
  static final class SlowSender {
    public static void main(String[] arguments) {
      EventLoop here = EventLoop.start("here");
      EventLoop there = EventLoop.start("there");
      Channel<String> channel = Channel.rendezvous(here);
      Task<String> receiver = here.goAsync(() -> channel.receive());
      there.goAsync(() -> {
        GoAsync.sleep(Duration.ofMillis(300));
        channel.send("no deadlock");
      });
      System.out.println(receiver.await());
    }
  }

  @Test
  void aWaitForAnotherLoopIsNotADeadlock() throws Exception {
    assertThat(ChildJvm.run(SlowSender.class).assertSuccess().out().strip())
        .isEqualTo("no deadlock");
  }
}
