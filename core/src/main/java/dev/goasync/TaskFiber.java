package dev.goasync;

import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import org.jspecify.annotations.Nullable;

/** The coroutine behind a task of {@code goAsync}. */
class TaskFiber<T extends @Nullable Object> extends Fiber {
  final Task<T> task;
  private final Body<? extends T, ?> body;

  TaskFiber(Loop loop, @Nullable String name, StartSite place, Body<? extends T, ?> body) {
    super(loop);
    this.body = body;
    this.task = new Task<>(name, place, this);
    if (name != null) {
      thread().setName(name);
    }
  }

  @Override
  protected final void execute() {
    runBody();
    ended();
  }

  private void runBody() {
    T value;
    try {
      value = body.run();
    } catch (Throwable failure) {
      task.fail(failure, isCancelled(failure));
      return;
    }
    task.succeed(value);
  }

  /** The task has ended; the last act of its coroutine. */
  void ended() {}

  /**
   * A cancel reaches the body as our exception or, in a wait of the JDK, as an interrupt. One that
   * came from elsewhere, another task's say, is a failure like any other.
   */
  private boolean isCancelled(Throwable failure) {
    return failure instanceof Cancellation cancellation
        ? cancellation.isOf(this)
        : failure instanceof InterruptedException && isCancelled();
  }

  @Override
  protected final void neverRan(Cancellation cause) {
    task.fail(cause, true);
    ended();
  }

  @Override
  protected final void abandoned(Throwable cause) {
    task.fail(cause, false);
    ended();
  }

  @Override
  public final String describe() {
    return task.toString();
  }
}
