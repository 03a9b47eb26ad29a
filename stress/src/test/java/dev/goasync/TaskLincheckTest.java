package dev.goasync;

import dev.goasync.stress.Model;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The one field in which a task's listeners and its end meet. */
final class TaskLincheckTest {
  private static final class Listener implements Consumer<Task<?>> {
    final AtomicInteger told = new AtomicInteger();

    @Override
    public void accept(Task<?> ended) {
      Model.require(ended.isCompleted(), "told of an end that has come");
      told.incrementAndGet();
    }
  }

  private static Task<String> task() {
    return Model.share(Task.from(new CompletableFuture<>()));
  }

  @Test
  void whoListensIsToldOnceAndWhoHasLeftIsNot() {
    Model.check(
        model -> {
          Task<String> task = task();
          Listener stays = Model.share(new Listener());
          Listener goes = Model.share(new Listener());
          boolean[] leftInTime = Model.share(new boolean[1]);
          task.addListener(goes);
          model.start(() -> task.addListener(stays));
          model.start(
              () -> {
                task.removeListener(goes);
                leftInTime[0] = !task.isCompleted();
              });
          task.succeed("done");
          model.join();
          Model.require(stays.told.get() == 1, "told once");
          Model.require(goes.told.get() <= (leftInTime[0] ? 0 : 1), "who has left is not told");
        });
  }

  @Test
  void removingOneKeepsTheOthers() {
    Model.check(
        model -> {
          Task<String> task = task();
          Listener[] stay = Model.share(new Listener[] {new Listener(), new Listener()});
          Listener goes = Model.share(new Listener());
          task.addListener(stay[0]);
          task.addListener(goes);
          model.start(() -> task.addListener(stay[1]));
          task.removeListener(goes);
          model.join();
          task.succeed("done");
          Model.require(stay[0].told.get() == 1 && stay[1].told.get() == 1, "told once");
          Model.require(goes.told.get() == 0, "who has left is not told");
        });
  }

  @Test
  void aThreadThatAwaitsGoesOn() {
    Model.check(
        model -> {
          Task<String> task = task();
          model.start(() -> Model.require(task.await().equals("done"), "the result"));
          task.succeed("done");
        });
  }

  @Test
  void cancelAndEndOfAStageAreOneEnd() {
    Model.check(
        model -> {
          CompletableFuture<String> stage = Model.share(new CompletableFuture<>());
          Task<String> task = Model.share(Task.from(stage));
          Listener listener = Model.share(new Listener());
          task.addListener(listener);
          model.start(task::cancel);
          stage.complete("done");
          model.join();
          Model.require(task.isCompleted() && listener.told.get() == 1, "ended once");
        });
  }
}
