package dev.goasync.sync;

import static dev.goasync.GoAsync.goAsync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.sync.ChannelModel.Alternative;
import dev.goasync.testing.TestLoop;
import dev.goasync.testkit.LongRunning;
import dev.goasync.testkit.Scripts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random scripts of sends, receives, selects, cancels, closes and waits for the end, on real
 * channels and on {@link ChannelModel}. After each step both have ended the same operations in the
 * same way.
 */
@Timeout(600)
@LongRunning
final class ChannelModelTest {
  private static final int SCRIPTS = 300;
  private static final int STEPS = 60;

  @Test
  void channelsBehaveLikeTheModel() throws Exception {
    Scripts.run(
        "channels",
        SCRIPTS,
        seed -> {
          try (TestLoop loop = TestLoop.open()) {
            loop.run(() -> new Script(seed).run());
          }
        });
  }

  private static final class Script {
    private final long seed;
    private final Random random;
    private final ChannelModel model = new ChannelModel();
    private final List<Channel<Integer>> channels = new ArrayList<>();
    private final Map<Integer, Task<?>> tasks = new HashMap<>();
    private final Map<Integer, String> outcomes = new TreeMap<>();
    private final List<String> steps = new ArrayList<>();
    private int nextOperation;

    Script(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    void run() {
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        int capacity = random.nextInt(3);
        boolean conflated = random.nextInt(5) == 0;
        channels.add(
            conflated
                ? Channel.conflated()
                : capacity == 0 ? Channel.rendezvous() : Channel.bounded(capacity));
        model.addChannel(conflated ? 1 : capacity, conflated);
        steps.add(channels.getLast().toString());
      }
      for (int i = 0; i < STEPS; i++) {
        step();
        compare();
      }
      tasks.values().forEach(Task::cancel);
      settle();
    }

    private void step() {
      int kind = random.nextInt(20);
      if (kind == 0) {
        close(random.nextInt(channels.size()));
      } else if (kind < 3) {
        cancel();
      } else if (kind == 3) {
        awaitDrained(random.nextInt(channels.size()));
      } else {
        start(kind < 10 ? 1 : 1 + random.nextInt(3), kind % 3 > 0);
      }
    }

    private void close(int channel) {
      if (!model.isClosed(channel)) {
        steps.add("close " + channel);
        channels.get(channel).close();
        model.close(channel);
        settle();
      }
    }

    private void awaitDrained(int channel) {
      int operation = nextOperation++;
      steps.add(operation + ": await the end of " + channel);
      tasks.put(
          operation,
          goAsync(() -> {
            try {
              channels.get(channel).awaitDrained();
              outcomes.put(operation, ChannelModel.drained(channel));
            } catch (CancellationException cancelled) {
              outcomes.put(operation, "cancelled");
              throw cancelled;
            }
          }));
      settle();
      model.awaitDrained(operation, channel);
    }

    private void cancel() {
      List<Integer> waiting = model.waitingOperations();
      if (!waiting.isEmpty()) {
        int operation = waiting.get(random.nextInt(waiting.size()));
        steps.add("cancel " + operation);
        Task<?> task = tasks.get(operation);
        if (task != null) {
          task.cancel();
        }
        model.cancel(operation);
        settle();
      }
    }

    private void start(int size, boolean mayWait) {
      int operation = nextOperation++;
      List<Alternative> alternatives = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        int channel = random.nextInt(channels.size());
        alternatives.add(
            new Alternative(channel, random.nextBoolean() ? 10 * operation + i : null));
      }
      steps.add(operation + ": " + alternatives + (mayWait ? "" : " or not at all"));
      tasks.put(operation, goAsync(() -> perform(operation, alternatives, mayWait)));
      settle();
      model.start(operation, alternatives, mayWait, outcomes.get(operation));
    }

    private void perform(int operation, List<Alternative> alternatives, boolean mayWait) {
      try {
        if (alternatives.size() == 1 && random.nextBoolean()) {
          outcomes.put(operation, plain(alternatives.getFirst(), mayWait));
        } else {
          select(operation, alternatives, mayWait);
        }
      } catch (ChannelClosedException closed) {
        for (Alternative each : alternatives) {
          if (String.valueOf(closed.getMessage())
              .contains(channels.get(each.channel()).toString())) {
            outcomes.put(operation, each.closed());
          }
        }
      } catch (CancellationException cancelled) {
        outcomes.put(operation, "cancelled");
        throw cancelled;
      }
    }

    private String plain(Alternative only, boolean mayWait) {
      Channel<Integer> channel = channels.get(only.channel());
      Integer value = only.value();
      if (value == null) {
        Integer received = mayWait ? channel.receive() : channel.tryReceive();
        return received == null ? "not ready" : only.got(received);
      }
      if (mayWait) {
        channel.send(value);
        return only.sent();
      }
      return channel.trySend(value) ? only.sent() : "not ready";
    }

    private void select(int operation, List<Alternative> alternatives, boolean mayWait) {
      Select select = Select.first();
      for (Alternative each : alternatives) {
        Channel<Integer> channel = channels.get(each.channel());
        Integer value = each.value();
        if (value == null) {
          select.onReceive(channel, received -> outcomes.put(operation, each.got(received)));
        } else {
          select.onSend(channel, value, () -> outcomes.put(operation, each.sent()));
        }
      }
      if (!mayWait) {
        select.otherwise(() -> outcomes.put(operation, "not ready"));
      }
      select.run();
    }

    /** Runs all coroutines until each of them has ended or waits. */
    private static void settle() {
      for (int i = 0; i < 8; i++) {
        GoAsync.yield();
      }
    }

    private void compare() {
      assertThat(outcomes)
          .as("seed %d after\n%s", seed, String.join("\n", steps))
          .isEqualTo(model.outcomes);
      for (int i = 0; i < channels.size(); i++) {
        Channel.Statistics now = channels.get(i).statistics();
        assertThat(List.of(now.buffered(), now.waitingSenders(), now.waitingReceivers()))
            .as("channel %d, seed %d after\n%s", i, seed, String.join("\n", steps))
            .containsExactly(
                model.buffered(i), (int) model.waitingOn(i, true), (int) model.waitingOn(i, false));
      }
    }
  }
}
