package dev.goasync.internal.task;

import dev.goasync.internal.loop.Poller;
import dev.goasync.stress.Model;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Model-checks the state field of a task, where listeners and the end race. */
final class TaskLincheckTest {
  private static final class Listener implements Consumer<TaskCore<?>> {
    final AtomicInteger calls = new AtomicInteger();

    @Override
    public void accept(TaskCore<?> ended) {
      Model.require(ended.end() != null, "called after the end");
      calls.incrementAndGet();
    }
  }

  private static TaskCore<String> task() {
    return Model.share(new TaskCore<>(new CompletableFuture<>()));
  }

  @Test
  void aListenerIsCalledOnceAndARemovedOneIsNot() {
    Model.check(model -> {
      TaskCore<String> task = task();
      Listener kept = Model.share(new Listener());
      Listener removed = Model.share(new Listener());
      boolean[] removedInTime = Model.share(new boolean[1]);
      task.addListener(removed);
      model.start(() -> task.addListener(kept));
      model.start(() -> {
        task.removeListener(removed);
        removedInTime[0] = task.end() == null;
      });
      task.succeed("done");
      model.join();
      Model.require(kept.calls.get() == 1, "called once");
      Model.require(removed.calls.get() <= (removedInTime[0] ? 0 : 1), "removed, so not called");
    });
  }

  @Test
  void removingOneListenerKeepsTheOthers() {
    Model.check(model -> {
      TaskCore<String> task = task();
      Listener[] kept = Model.share(new Listener[] {new Listener(), new Listener()});
      Listener removed = Model.share(new Listener());
      task.addListener(kept[0]);
      task.addListener(removed);
      model.start(() -> task.addListener(kept[1]));
      task.removeListener(removed);
      model.join();
      task.succeed("done");
      Model.require(kept[0].calls.get() == 1 && kept[1].calls.get() == 1, "called once");
      Model.require(removed.calls.get() == 0, "removed, so not called");
    });
  }

  @Test
  void anAwaitingThreadGetsTheResult() {
    Model.check(model -> {
      TaskCore<String> task = task();
      model.start(() ->
          Model.require(task.valueOf(task.awaitEnd(Poller.FOREVER)).equals("done"), "the result"));
      task.succeed("done");
    });
  }

  @Test
  void cancelAndCompletionOfAStageMakeOneEnd() {
    Model.check(model -> {
      CompletableFuture<String> stage = Model.share(new CompletableFuture<>());
      TaskCore<String> task = Model.share(new TaskCore<>(stage));
      task.follow(stage);
      Listener listener = Model.share(new Listener());
      task.addListener(listener);
      model.start(() -> task.requestCancel("test"));
      stage.complete("done");
      model.join();
      Model.require(task.end() != null && listener.calls.get() == 1, "ended once");
    });
  }
}
