package dev.goasync.internal.loop;

import dev.goasync.stress.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Each task is taken once, in its producer's order, and no wake-up is lost. */
final class InboxLincheckTest {
  private static final int PRODUCERS = 2;
  private static final int EACH = 2;

  private record Numbered(int producer, int number) implements Runnable {
    @Override
    public void run() {}
  }

  @Test
  void producersAndASleepyLoop() {
    Model.check(model -> {
      Inbox inbox = Model.share(new Inbox());
      Thread loop = Thread.currentThread();
      int[] wakes = Model.share(new int[PRODUCERS]);
      for (int p = 0; p < PRODUCERS; p++) {
        int producer = p;
        model.start(() -> {
          for (int i = 0; i < EACH; i++) {
            if (inbox.push(new Numbered(producer, i))) {
              wakes[producer]++;
              LockSupport.unpark(loop);
            }
          }
        });
      }
      int sleeps = takeAll(inbox, true);
      model.join();
      Model.require(wakes[0] + wakes[1] == sleeps, "one wake-up for each sleep");
      Model.require(inbox.isEmpty(), "nothing comes twice");
    });
  }

  @Test
  void aLoopThatWakesByItself() {
    Model.check(model -> {
      Inbox inbox = Model.share(new Inbox());
      for (int p = 0; p < PRODUCERS; p++) {
        int producer = p;
        model.start(() -> {
          for (int i = 0; i < EACH; i++) {
            inbox.push(new Numbered(producer, i));
          }
        });
      }
      takeAll(inbox, false);
      Model.require(inbox.isEmpty(), "nothing comes twice");
    });
  }

  private static int count(TaskQueue queue) {
    int count = 0;
    while (!queue.isEmpty()) {
      queue.remove();
      count++;
    }
    return count;
  }

  /** Returns how often the loop slept. */
  private static int takeAll(Inbox inbox, boolean untilWoken) {
    int sleeps = 0;
    int[] next = new int[PRODUCERS];
    TaskQueue taken = new TaskQueue();
    for (int seen = 0; seen < PRODUCERS * EACH; ) {
      if (inbox.fallAsleep()) {
        sleeps++;
        do {
          LockSupport.park();
        } while (untilWoken && inbox.isEmpty());
        inbox.awake();
      }
      inbox.drainTo(taken);
      while (!taken.isEmpty()) {
        Numbered numbered = (Numbered) taken.remove();
        Model.require(numbered.number == next[numbered.producer]++, "in the producer's order");
        seen++;
      }
    }
    return sleeps;
  }

  @Test
  void aTaskPushedDuringTheCloseIsEitherTakenOrRejected() {
    Model.check(model -> {
      Inbox inbox = Model.share(new Inbox());
      List<Integer> accepted = Model.share(new ArrayList<>());
      model.start(() -> {
        try {
          for (int i = 0; i < 3; i++) {
            inbox.push(new Numbered(0, i));
            accepted.add(i);
          }
        } catch (RejectedExecutionException closed) {
          // the end
        }
      });
      TaskQueue taken = new TaskQueue();
      while (!inbox.close()) {
        inbox.drainTo(taken);
      }
      model.join();
      Model.require(count(taken) == accepted.size(), "the tasks taken are those accepted");
    });
  }
}
