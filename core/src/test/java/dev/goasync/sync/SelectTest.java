package dev.goasync.sync;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.testing.TestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Select, used by coroutines of one loop. */
@Timeout(60)
final class SelectTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TestLoop loop = TestLoop.open();
  private final List<String> events = new ArrayList<>();

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  private Runnable note(String event) {
    return () -> events.add(event);
  }

  private static void assertUnused(Channel<?> channel) {
    assertThat(channel.statistics().waitingReceivers()).as("receivers").isZero();
    assertThat(channel.statistics().waitingSenders()).as("senders").isZero();
  }

  @Test
  void onlyTheFirstReadyClauseIsPerformed() throws Exception {
    loop.run(() -> {
      Channel<Integer> slow = Channel.rendezvous();
      Channel<Integer> fast = Channel.rendezvous();
      goAsync(() -> {
        sleep(SECOND);
        fast.send(1);
      });
      Select select =
          Select.first()
              .onReceive(slow, value -> events.add("slow " + value))
              .onReceive(fast, value -> events.add("fast " + value))
              .onSend(slow, 7, note("sent"))
              .after(SECOND.multipliedBy(5), note("late"));
      select.run();
      assertThat(events).containsExactly("fast 1");
      assertUnused(slow);
      assertUnused(fast);

      Task<Integer> receiver = goAsync(() -> slow.receive());
      select.run();
      assertThat(receiver.await()).isEqualTo(7);
      select.run();
      assertThat(events).containsExactly("fast 1", "sent", "late");
      assertThat(loop.elapsed()).isEqualTo(SECOND.multipliedBy(6));
      assertUnused(slow);
    });
  }

  @Test
  void otherwiseRunsIfNoClauseIsReady() throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.bounded(1);
      Select select =
          Select.first().onReceive(channel, v -> events.add("got " + v)).otherwise(note("none"));
      select.run();
      channel.send(3);
      select.run();
      assertThat(events).containsExactly("none", "got 3");
      assertUnused(channel);
    });
  }

  @Test
  void readyClausesAreChosenWithEqualChance() throws Exception {
    loop.run(() -> {
      int[] chosen = new int[3];
      List<Channel<Integer>> channels = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        channels.add(Channel.bounded(1));
        channels.get(i).send(i);
      }
      for (int round = 0; round < 3000; round++) {
        Select select = Select.first();
        for (Channel<Integer> channel : channels) {
          select.onReceive(
              channel,
              value -> {
                chosen[value]++;
                channel.send(value);
              });
        }
        select.run();
      }
      assertThat(chosen)
          .satisfies(all -> {
            for (int count : all) {
              assertThat(count).isBetween(800, 1200);
            }
          });
    });
  }

  @Test
  void theEndOfATaskIsAClause() throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      Task<String> task =
          goAsync(() -> {
            sleep(SECOND);
            return "done";
          });
      Select select =
          Select.first()
              .onReceive(channel, v -> events.add("got " + v))
              .onTask(task, ended -> events.add(ended.await()));
      select.run();
      select.run();
      assertThat(events).containsExactly("done", "done");
      assertUnused(channel);
    });
  }

  @Test
  void theEndOfATaskOnAnotherThreadIsAClause() throws Exception {
    loop.run(() -> {
      CompletableFuture<String> future = new CompletableFuture<>();
      Thread.ofPlatform().start(() -> future.complete("from a thread"));
      Select.first().onTask(Task.from(future), ended -> events.add(ended.await())).run();
      assertThat(events).containsExactly("from a thread");
    });
  }

  @Test
  void aClosedChannelIsReady() throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.bounded(1);
      Task<?> waiting =
          goAsync(() ->
              Select.first()
                  .onReceiveOrClosed(channel, v -> events.add("got " + v), note("closed"))
                  .run());
      GoAsync.yield();
      channel.close();
      waiting.await();
      assertThat(events).containsExactly("closed");
      assertThatThrownBy(() -> Select.first().onReceive(channel, v -> {}).run())
          .isInstanceOf(ChannelClosedException.class);
      assertThatThrownBy(() -> Select.first().onSend(channel, 1, note("sent")).run())
          .isInstanceOf(ChannelClosedException.class);
    });
  }

  @Test
  void twoSelectsExchangeAValue() throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      Task<?> one =
          goAsync(() ->
              Select.first()
                  .onReceive(channel, v -> events.add("one got " + v))
                  .onSend(channel, 1, note("one sent"))
                  .run());
      GoAsync.yield();
      Select.first()
          .onReceive(channel, v -> events.add("two got " + v))
          .onSend(channel, 2, note("two sent"))
          .run();
      one.await();
      assertThat(Set.copyOf(events))
          .isIn(Set.of("one got 2", "two sent"), Set.of("two got 1", "one sent"));
      assertUnused(channel);
    });
  }

  @Test
  void aSelectDoesNotMeetItself() throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      Select.first()
          .onReceive(channel, v -> events.add("got " + v))
          .onSend(channel, 1, note("sent"))
          .after(SECOND, note("timeout"))
          .run();
      assertThat(events).containsExactly("timeout");
    });
  }

  @Test
  void aCancelledSelectLeavesNoEntries() throws Exception {
    loop.run(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      Task<?> waiting =
          goAsync(() ->
              Select.first()
                  .onReceive(channel, v -> events.add("got " + v))
                  .onSend(channel, 1, note("sent"))
                  .after(SECOND, note("late"))
                  .run());
      GoAsync.yield();
      waiting.cancel();
      assertThatThrownBy(waiting::await).isInstanceOf(CancellationException.class);
      assertUnused(channel);
      assertThat(events).isEmpty();
    });
  }

  @Test
  void wrongUseThrows() throws Exception {
    loop.run(() -> {
      assertThatThrownBy(() -> Select.first().run())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no clause");
      assertThatThrownBy(() -> Select.first().otherwise(note("a")).otherwise(note("b")))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> Select.first().after(SECOND.negated(), note("a")))
          .isInstanceOf(IllegalArgumentException.class);
    });
  }
}
