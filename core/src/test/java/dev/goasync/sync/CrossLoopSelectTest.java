package dev.goasync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.testkit.LongRunning;
import dev.goasync.testkit.NoLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Select over channels whose home loops differ. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
@LongRunning
final class CrossLoopSelectTest {
  enum Place {
    ONE,
    TWO,
    THIRD,
    THREAD
  }

  private final EventLoop one = EventLoop.start("one");
  private final EventLoop two = EventLoop.start("two");
  private final EventLoop third = EventLoop.start("third");
  private final Channel<Integer> first = Channel.rendezvous(one);
  private final Channel<Integer> second = Channel.rendezvous(two);
  private final ConcurrentLinkedQueue<Object> got = new ConcurrentLinkedQueue<>();

  @AfterEach
  void closeLoops() {
    third.closeNow();
    two.closeNow();
    one.closeNow();
  }

  private Task<?> start(Place place, dev.goasync.Action<?> body) {
    return switch (place) {
      case ONE -> one.goAsync(body);
      case TWO -> two.goAsync(body);
      case THIRD -> third.goAsync(body);
      case THREAD -> Caller.THREAD.beside(body);
    };
  }

  private Select receive() {
    return Select.first().onReceive(first, got::add).onReceive(second, got::add);
  }

  private static int waiting(Channel<?> channel) {
    return channel.statistics().waiting();
  }

  private static void awaitWaiting(int number, Channel<?>... channels) {
    for (Channel<?> channel : channels) {
      while (waiting(channel) != number) {
        Thread.onSpinWait();
      }
    }
  }

  /** Waits until the select's entries have left the channels, shortly after its end. */
  private void assertUnused() {
    awaitWaiting(0, first, second);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void valuesAreReceivedFromTwoLoops(Place place) throws Exception {
    int rounds = 500;
    Task<?> selecting =
        start(
            place,
            () -> {
              Select select = receive();
              for (int i = 0; i < 2 * rounds; i++) {
                select.run();
              }
            });
    for (int i = 0; i < rounds; i++) {
      first.send(2 * i);
      second.send(2 * i + 1);
    }
    Caller.finish(selecting);
    assertThat(got).hasSize(2 * rounds).doesNotHaveDuplicates();
    assertUnused();
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void valuesAreSentToTwoLoops(Place place) throws Exception {
    int rounds = 500;
    AtomicInteger sent = new AtomicInteger();
    Task<?> ones = one.goAsync(() -> first.forEach(got::add));
    Task<?> twos = third.goAsync(() -> second.forEach(got::add));
    Task<?> selecting =
        start(
            place,
            () -> {
              for (int i = 0; i < rounds; i++) {
                Select.first()
                    .onSend(first, i, sent::incrementAndGet)
                    .onSend(second, -1 - i, sent::incrementAndGet)
                    .run();
              }
            });
    Caller.finish(selecting);
    first.close();
    second.close();
    ones.await();
    twos.await();
    assertThat(got).hasSize(rounds).doesNotHaveDuplicates();
    assertThat(sent).hasValue(rounds);
    assertUnused();
  }

  /** Each select sends on the channel from which the second one receives, in a cycle. */
  @ParameterizedTest
  @EnumSource(Place.class)
  void selectsThatMeetInACycleAgree(Place place) throws Exception {
    int rounds = 3000;
    ConcurrentLinkedQueue<Object> sent = new ConcurrentLinkedQueue<>();
    Task<?> there = start(place, () -> meet(rounds, second, first, 0, sent));
    Task<?> here = one.goAsync(() -> meet(rounds, first, second, rounds, sent));
    Caller.finish(here);
    Caller.finish(there);
    assertThat(sent).hasSize(rounds).doesNotHaveDuplicates();
    assertThat(got).hasSize(rounds).containsExactlyInAnyOrderElementsOf(sent);
    assertUnused();
  }

  private void meet(
      int rounds,
      Channel<Integer> sends,
      Channel<Integer> receives,
      int base,
      ConcurrentLinkedQueue<Object> sent) {
    for (int i = 0; i < rounds; i++) {
      int value = base + i;
      Select.first()
          .onReceive(receives, got::add)
          .onSend(sends, value, () -> sent.add(value))
          .run();
    }
  }

  @Test
  void aSelectDoesNotMeetItself() {
    third
        .goAsync(() ->
            Select.first()
                .onReceive(first, got::add)
                .onSend(first, 1, () -> got.add("sent"))
                .onReceive(second, got::add)
                .onSend(second, 2, () -> got.add("sent"))
                .after(Duration.ofMillis(20), () -> got.add("timeout"))
                .run())
        .await();
    assertThat(got).containsExactly("timeout");
    assertUnused();
  }

  @Test
  void aLocalSelectMeetsACrossLoopSelect() throws Exception {
    for (int i = 0; i < 1000; i++) {
      Task<?> crossLoop = third.goAsync(() -> receive().run());
      Task<?> local = one.goAsync(() -> Select.first().onSend(first, 7, () -> {}).run());
      local.await();
      crossLoop.await();
    }
    assertThat(got).hasSize(1000).containsOnly(7);
    assertUnused();
  }

  /** Each value is received or was not sent, whichever side is cancelled, and when. */
  @ParameterizedTest
  @EnumSource(Place.class)
  void aCancelAtAnyTimeLosesNoValue(Place place) throws Exception {
    Random random = new Random(42);
    ConcurrentLinkedQueue<Object> sent = new ConcurrentLinkedQueue<>();
    for (int round = 0; round < 1000; round++) {
      int value = round;
      Task<?> receiver = place == Place.THREAD ? null : start(place, () -> receive().run());
      Thread thread =
          receiver == null ? Thread.ofPlatform().start(this::receiveUnlessInterrupted) : null;
      Task<?> sender =
          two.goAsync(() ->
              Select.first()
                  .onSend(first, value, () -> sent.add(value))
                  .onSend(second, value, () -> sent.add(value))
                  .run());
      for (int spin = random.nextInt(20_000); spin > 0; spin--) {
        Thread.onSpinWait();
      }
      if (random.nextBoolean()) {
        sender.cancel();
      }
      if (receiver != null) {
        receiver.cancel();
        awaitCancelled(receiver);
      } else if (thread != null) {
        thread.interrupt();
        thread.join();
      }
      sender.cancel();
      awaitCancelled(sender);
    }
    assertThat(got).containsExactlyInAnyOrderElementsOf(sent);
    assertThat(got).isNotEmpty();
    assertUnused();
  }

  private void receiveUnlessInterrupted() {
    try {
      receive().run();
    } catch (CancellationException _) {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static void awaitCancelled(Task<?> task) {
    try {
      task.await();
    } catch (CancellationException _) {
      assertThat(task.isCancelled()).isTrue();
    }
  }

  @Test
  void aRunningSelectCannotBeRunAgain() {
    Select select = receive();
    Task<?> running = third.goAsync(select::run);
    awaitWaiting(1, first, second);
    assertThatThrownBy(select::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("running already");
    first.send(1);
    running.await();
    assertThat(got).containsExactly(1);
    assertUnused();
  }

  @Test
  void otherwiseRunsIfNoLoopHasAValue() throws Exception {
    Channel<Integer> kept = Channel.bounded(two, 1);
    Select select =
        Select.first()
            .onReceive(first, got::add)
            .onReceive(kept, got::add)
            .otherwise(() -> got.add("none"));
    select.run();
    kept.send(3);
    select.run();
    third.goAsync(select::run).await();
    assertThat(got).containsExactly("none", 3, "none");
    assertUnused();
  }

  @Test
  void theEndOfATaskIsAClause() throws Exception {
    CompletableFuture<String> future = new CompletableFuture<>();
    Task<?> selecting =
        third.goAsync(
            () -> receive().onTask(Task.from(future), ended -> got.add(ended.await())).run());
    awaitWaiting(1, first, second);
    future.complete("done");
    selecting.await();
    assertThat(got).containsExactly("done");
    assertUnused();
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void aClosedChannelIsReady(Place place) throws Exception {
    Task<?> waiting =
        start(
            place,
            () ->
                Select.first()
                    .onReceive(first, got::add)
                    .onReceiveOrClosed(second, got::add, () -> got.add("closed"))
                    .run());
    awaitWaiting(1, first, second);
    second.close();
    Caller.finish(waiting);
    assertThat(got).containsExactly("closed");
    assertThatThrownBy(() -> receive().run()).isInstanceOf(ChannelClosedException.class);
    assertUnused();
  }

  @ParameterizedTest
  @EnumSource(
      value = Place.class,
      names = {"THIRD", "THREAD"})
  void aSelectThrowsWhenAHomeLoopCloses(Place place) throws Exception {
    Task<?> waiting =
        start(
            place,
            () ->
                assertThatThrownBy(() -> receive().run())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("its home loop, two, is closed"));
    awaitWaiting(1, first, second);
    two.close();
    Caller.finish(waiting);
    assertThatThrownBy(() -> receive().run()).isInstanceOf(IllegalStateException.class);
    awaitWaiting(0, first);
  }

  @Test
  void actionsBeforeASendAreVisibleAfterItsReceive() throws Exception {
    int[] plain = {0};
    Task<?> sender =
        one.goAsync(() -> {
          for (int i = 0; i < 1000; i++) {
            plain[0] = i;
            first.send(i);
            second.receive();
          }
        });
    Task<?> selecting =
        third.goAsync(() -> {
          Channel<Integer> idle = Channel.rendezvous(two);
          for (int i = 0; i < 1000; i++) {
            Select.first()
                .onReceive(first, value -> assertThat(plain[0]).isEqualTo(value))
                .onReceive(idle, got::add)
                .run();
            second.send(i);
          }
        });
    sender.await();
    selecting.await();
    assertUnused();
  }

  @Test
  void insideSyncASelectOverSeveralLoopsThrows() {
    one.goAsync(() ->
            GoAsync.sync(() ->
                assertThatThrownBy(() -> receive().run())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("sync")))
        .await();
  }

  @Test
  void noReadyChannelStarves() throws Exception {
    List<Channel<Integer>> channels = List.of(Channel.bounded(one, 1), Channel.bounded(two, 1));
    int[] chosen = new int[2];
    third
        .goAsync(() -> {
          channels.get(0).send(0);
          channels.get(1).send(1);
          for (int i = 0; i < 1000; i++) {
            List<Integer> values = new ArrayList<>();
            Select.first()
                .onReceive(channels.get(0), values::add)
                .onReceive(channels.get(1), values::add)
                .run();
            int value = values.getFirst();
            chosen[value]++;
            channels.get(value).send(value);
          }
        })
        .await();
    assertThat(chosen[0]).isPositive();
    assertThat(chosen[1]).isPositive();
  }

  @Test
  void anInterruptedSelectTakesNoValue() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              receiveUnlessInterrupted();
              done.countDown();
            });
    awaitWaiting(1, first, second);
    thread.interrupt();
    done.await();
    assertThat(first.trySend(1)).isFalse();
    assertThat(second.trySend(1)).isFalse();
    assertThat(got).isEmpty();
  }
}
