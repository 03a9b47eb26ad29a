package dev.goasync.internal.task;

import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.LoopTimer;
import java.util.concurrent.atomic.AtomicBoolean;

/** A call on the thread of a loop at a time, without a coroutine. */
public final class ScheduledCall extends LoopTimer {
  private final Loop loop;
  private final Runnable task;

  /** Set once: by the loop's thread when it runs the task, or by any thread that cancels it. */
  private final AtomicBoolean decided = new AtomicBoolean();

  private ScheduledCall(Loop loop, Runnable task) {
    this.loop = loop;
    this.task = task;
  }

  /**
   * Schedules {@code task} at {@code deadline} of the loop's clock. Any thread.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
   */
  public static ScheduledCall at(Loop loop, long deadline, Runnable task) {
    ScheduledCall call = new ScheduledCall(loop, task);
    loop.execute(() -> {
      if (!call.decided.get()) {
        loop.addTimer(call, deadline);
      }
    });
    return call;
  }

  @Override
  protected void fire() {
    if (decided.compareAndSet(false, true)) {
      task.run();
    }
  }

  /** Cancels the call; returns false if it has begun or was cancelled before. Any thread. */
  public boolean cancel() {
    if (!decided.compareAndSet(false, true)) {
      return false;
    }
    loop.executeQuietly(() -> loop.cancelTimer(this));
    return true;
  }
}
