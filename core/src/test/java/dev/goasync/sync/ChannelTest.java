package dev.goasync.sync;

import static dev.goasync.GoAsync.awaitAll;
import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.DeadlockException;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.Modes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Channels between the coroutines of one loop. */
@Timeout(60)
final class ChannelTest {
  private final TestLoop loop = TestLoop.open();

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  @Test
  void aRendezvousSendWaitsForItsReceiver() throws Exception {
    List<String> events = new ArrayList<>();
    loop.run(() -> {
      Channel<String> channel = Channel.rendezvous();
      Task<?> sender =
          goAsync(() -> {
            channel.send("a");
            events.add("sent a");
          });
      sleep(Duration.ofSeconds(1));
      events.add("receive");
      assertThat(channel.receive()).isEqualTo("a");
      sender.await();
    });
    assertThat(events).containsExactly("receive", "sent a");
  }

  @Test
  void aBoundedChannelBuffersUpToItsCapacity() throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.bounded(3);
      assertThat(IntStream.range(0, 5).filter(channel::trySend).boxed()).containsExactly(0, 1, 2);
      Task<?> sender = goAsync(() -> channel.send(3));
      GoAsync.yield();
      Channel.Statistics now = channel.statistics();
      assertThat(now.capacity()).isEqualTo(3);
      assertThat(now.buffered()).isEqualTo(3);
      assertThat(now.waitingSenders()).isEqualTo(1);
      assertThat(now.waitingReceivers()).isZero();
      assertThat(now.waiting()).isEqualTo(1);
      assertThat(now.sent()).isEqualTo(3);
      assertThat(now.received()).isZero();
      assertThat(now.suspensions()).isEqualTo(1);
      assertThat(now.remoteCalls()).isZero();
      assertThat(List.of(channel.receive(), channel.receive(), channel.receive()))
          .containsExactly(0, 1, 2);
      assertThat(channel.receive()).isEqualTo(3);
      assertThat(channel.tryReceive()).isNull();
      sender.await();
    });
  }

  @Test
  void aConflatedChannelKeepsTheNewestValue() throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.conflated();
      channel.send(1);
      channel.send(2);
      channel.send(3);
      assertThat(channel.receive()).isEqualTo(3);
      assertThat(channel.tryReceive()).isNull();
      Task<Integer> waiting = goAsync(() -> channel.receive());
      GoAsync.yield();
      channel.send(4);
      channel.send(5);
      assertThat(waiting.await()).isEqualTo(4);
      assertThat(channel.receive()).isEqualTo(5);
    });
  }

  @Test
  void receiversAreServedInTheOrderOfArrival() throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      List<Task<Integer>> receivers =
          IntStream.range(0, 5).mapToObj(_ -> goAsync(() -> channel.receive())).toList();
      GoAsync.yield();
      for (int i = 0; i < 5; i++) {
        channel.send(i);
      }
      assertThat(GoAsync.<Integer>awaitAll(receivers)).containsExactly(0, 1, 2, 3, 4);
    });
  }

  @Test
  void sendersAreServedInTheOrderOfArrival() throws Exception {
    loop.run(() -> {
      for (Channel<Integer> channel :
          List.of(Channel.<Integer>rendezvous(), Channel.<Integer>bounded(2))) {
        IntStream.range(0, 5).forEach(i -> goAsync(() -> channel.send(i)));
        GoAsync.yield();
        assertThat(IntStream.range(0, 5).mapToObj(_ -> channel.receive()))
            .containsExactly(0, 1, 2, 3, 4);
      }
    });
  }

  @Test
  void valuesSentBeforeTheCloseAreReceived() throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.bounded(4);
      channel.send(1);
      channel.send(2);
      channel.close();
      List<Integer> received = new ArrayList<>();
      for (int value : channel) {
        received.add(value);
      }
      assertThat(received).containsExactly(1, 2);
      assertThatThrownBy(channel::receive)
          .isInstanceOf(ChannelClosedException.class)
          .hasMessageContaining(channel.toString())
          .hasNoCause();
      assertThatThrownBy(channel::tryReceive).isInstanceOf(ChannelClosedException.class);
      assertThatThrownBy(() -> channel.send(3)).isInstanceOf(ChannelClosedException.class);
      assertThatThrownBy(() -> channel.trySend(3)).isInstanceOf(ChannelClosedException.class);
      assertThatThrownBy(channel::close).isInstanceOf(ChannelClosedException.class);
      assertThat(channel.isClosed()).isTrue();
      var iterator = channel.iterator();
      assertThat(iterator.hasNext()).isFalse();
      assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
    });
  }

  @Test
  void theCauseOfTheCloseIsInTheExceptionsOfSendersAndReceivers() throws Exception {
    loop.run(() -> {
      IOException cause = new IOException("the source broke");
      Channel<Integer> channel = Channel.rendezvous();
      Task<Integer> receiver = goAsync(() -> channel.receive());
      GoAsync.yield();
      channel.close(cause);
      assertThatThrownBy(receiver::await)
          .isInstanceOf(ChannelClosedException.class)
          .hasCause(cause);
      assertThatThrownBy(() -> channel.send(1)).hasCause(cause);
      assertThatThrownBy(() -> channel.iterator().hasNext()).hasCause(cause);
    });
  }

  @Test
  void aSendThatWaitsDuringTheCloseThrows() throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.bounded(1);
      channel.send(1);
      Task<?> sender = goAsync(() -> channel.send(2));
      GoAsync.yield();
      channel.close();
      assertThatThrownBy(sender::await).isInstanceOf(ChannelClosedException.class);
      assertThat(channel.receive()).isEqualTo(1);
      assertThatThrownBy(channel::receive).isInstanceOf(ChannelClosedException.class);
    });
  }

  @Test
  void timeoutsUseTheLoopsClock() throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      assertThat(channel.tryReceive(Duration.ofHours(1))).isNull();
      assertThat(channel.trySend(1, Duration.ofHours(2))).isFalse();
      assertThat(loop.elapsed()).isEqualTo(Duration.ofHours(3));
      assertThat(channel.statistics().waitingReceivers()).isZero();
      assertThat(channel.statistics().waitingSenders()).isZero();
      goAsync(() -> {
        sleep(Duration.ofSeconds(1));
        channel.send(7);
      });
      assertThat(channel.tryReceive(Duration.ofSeconds(2))).isEqualTo(7);
      assertThat(loop.elapsed()).isEqualTo(Duration.ofHours(3).plusSeconds(1));
    });
  }

  @Test
  void fanOutAndFanInLoseNoValue() throws Exception {
    loop.run(() -> {
      Channel<Integer> work = Channel.bounded(4);
      Channel<Integer> results = Channel.rendezvous();
      List<Task<?>> workers = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        workers.add(
            goAsync(() -> {
              for (int value : work) {
                results.send(value * 2);
              }
            }));
      }
      goAsync(() -> {
        for (int i = 0; i < 1000; i++) {
          work.send(i);
        }
        work.close();
        awaitAll(workers);
        results.close();
      });
      List<Integer> all = new ArrayList<>();
      results.forEach(all::add);
      assertThat(all)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 1000).map(i -> i * 2).boxed().toList());
    });
  }

  @Test
  void aPlainThreadThatOwnsTheLoopRunsItWhileItWaits() {
    Channel<String> channel = Channel.rendezvous();
    loop.eventLoop().goAsync(() -> channel.send("from a coroutine"));
    assertThat(channel.receive()).isEqualTo("from a coroutine");
    assertThat(channel.tryReceive(Duration.ofMinutes(1))).isNull();
    assertThat(loop.elapsed()).isEqualTo(Duration.ofMinutes(1));
  }

  static final class MutualWait {
    public static void main(String[] arguments) {
      Channel<Integer> channel = Channel.rendezvous();
      goAsync("alice", () -> channel.receive());
      Task<?> bob = goAsync("bob", () -> channel.receive());
      try {
        bob.await();
      } catch (DeadlockException deadlock) {
        System.out.println(deadlock.getMessage());
      }
      try {
        channel.receive();
      } catch (DeadlockException deadlock) {
        System.out.println("and main: " + deadlock.getMessage());
      }
      channel.close();
    }
  }

  @Test
  void coroutinesThatWaitForEachOtherGetADeadlockException() throws Exception {
    Modes.assumeFullMode("the JDK's idle carriers, which could wake a coroutine, hold it up");
    assertThat(ChildJvm.run(MutualWait.class).assertSuccess().out())
        .contains("\"alice\"")
        .contains("waits for a value from channel@")
        .contains("(rendezvous)")
        .contains("at " + MutualWait.class.getName())
        .contains("and main: deadlock in ");
  }

  @Test
  void insideSyncAnOperationThatWouldWaitThrows() throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.bounded(1);
      GoAsync.sync(() -> channel.send(1));
      assertThatThrownBy(() -> GoAsync.sync(() -> channel.send(2)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("inside sync")
          .hasMessageContaining(channel.toString());
      assertThat(GoAsync.<Integer, RuntimeException>sync(channel::receive)).isEqualTo(1);
      assertThat(channel.tryReceive()).isNull();
    });
  }

  @Test
  void aCancelledCoroutineStartsNoOperation() throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.bounded(1);
      channel.send(1);
      Task<?> receiver =
          goAsync(() -> {
            try {
              sleep(Duration.ofDays(1));
            } finally {
              channel.receive();
            }
          });
      GoAsync.yield();
      receiver.cancel();
      assertThatThrownBy(receiver::await).isInstanceOf(CancellationException.class);
      assertThat(channel.tryReceive()).isEqualTo(1);
    });
  }

  @Test
  void wrongArgumentsThrowWithTheArgumentsName() {
    assertThatThrownBy(() -> Channel.bounded(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("capacity must be positive: 0");
    Channel<Integer> channel = Channel.conflated();
    assertThatThrownBy(() -> channel.tryReceive(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("timeout is negative: PT-1S");
    assertThatThrownBy(() -> nullTo(channel))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("value");
  }

  @SuppressWarnings("NullAway")
  private static void nullTo(Channel<Integer> channel) {
    channel.send(null);
  }

  @Test
  void awaitDrainedWaitsForTheCloseAndForTheLastValue() throws Exception {
    List<String> events = new ArrayList<>();
    loop.run(() -> {
      Channel<String> channel = Channel.bounded(2);
      Task<?> waiter =
          goAsync(() -> {
            channel.awaitDrained();
            events.add("drained");
          });
      channel.send("a");
      channel.receive();
      GoAsync.yield();
      events.add("empty");
      channel.send("b");
      channel.close();
      GoAsync.yield();
      events.add("closed");
      channel.receive();
      waiter.await();
      channel.awaitDrained();
    });
    assertThat(events).containsExactly("empty", "closed", "drained");
  }

  @Test
  void awaitDrainedOfAnEmptyChannelEndsWithItsClose() throws Exception {
    loop.run(() -> {
      Channel<String> channel = Channel.rendezvous();
      Task<?> waiter = goAsync(channel::awaitDrained);
      Task<?> cancelled = goAsync(channel::awaitDrained);
      GoAsync.yield();
      cancelled.cancel();
      assertThatThrownBy(cancelled::await).isInstanceOf(CancellationException.class);
      channel.close(new IOException("the source failed"));
      waiter.await();
    });
  }
}
