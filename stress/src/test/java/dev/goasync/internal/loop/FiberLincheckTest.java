package dev.goasync.internal.loop;

import dev.goasync.stress.Model;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A loop on the model's main thread and a fiber on a platform thread: a pause, and its end by
 * another thread, with the inbox, the permit and the loop's sleep between them.
 */
final class FiberLincheckTest {
  private static final class StandIn extends Fiber {
    private final Runnable work;
    boolean over;

    StandIn(Loop loop, Runnable work, AtomicReference<Runnable> self) {
      super(loop, new Thread(() -> self.get().run()));
      this.work = work;
      self.set(this);
    }

    @Override
    protected void execute() {
      work.run();
      over = true;
    }

    @Override
    protected void neverRan(Cancellation cause) {
      over = true;
    }

    @Override
    public String describe() {
      return "stand-in";
    }
  }

  private static final class ResultWait extends Wait {
    int result;
    int cancels;

    void complete(Fiber fiber, int value) {
      result = value;
      finish(fiber);
    }

    @Override
    protected void cancel(Fiber fiber) {
      cancels++;
      finishCancelled(fiber);
    }

    @Override
    public String describe() {
      return "a result";
    }

    @Override
    public boolean isExternal() {
      return true;
    }
  }

  private final ResultWait[] waits = new ResultWait[2];
  private @Nullable StandIn fiber;

  private StandIn fiber() {
    return Objects.requireNonNull(fiber);
  }

  private Loop start(Model model, int pauses) {
    Model.share(this);
    Loop loop =
        Loop.onCurrentThread(TimeSource.SYSTEM, _ -> new ParkingPoller(Thread.currentThread()));
    for (int i = 0; i < pauses; i++) {
      waits[i] = Model.share(new ResultWait());
    }
    StandIn made =
        new StandIn(
            loop,
            () -> {
              for (int i = 0; i < pauses; i++) {
                fiber().pause(waits[i]);
                Model.require(waits[i].isFinished(), "a pause ends with its wait, not before");
                Model.require(
                    waits[i].result == i + 1 || waits[i].wasCancelled(), "the result is there");
              }
            },
            new AtomicReference<>());
    fiber = Model.share(made);
    loop.addFiber(made);
    model.started(made.thread());
    return loop;
  }

  @Test
  void aPauseEndsWithItsWait() {
    Model.check(model -> {
      Loop loop = start(model, 2);
      model.start(() -> {
        waits[0].complete(fiber(), 1);
        waits[1].complete(fiber(), 2);
      });
      loop.close(null);
      Model.require(fiber().over, "the fiber continued");
    });
  }

  @Test
  void aWaitFinishedAndCancelledAtTheSameTimeEndsOnce() {
    Model.check(model -> {
      Loop loop = start(model, 1);
      model.start(() -> waits[0].complete(fiber(), 1));
      model.start(() -> fiber().cancel("a test"));
      loop.close(null);
      Model.require(
          fiber().over && waits[0].cancels <= 1,
          "the fiber continued, and one cancel was requested");
    });
  }
}
