package dev.goasync.internal.task;

import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Inspection;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Tracer;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The coroutine that runs the body of a task. */
class TaskFiber<T extends @Nullable Object> extends Fiber {
  final TaskCore<T> task;
  private final Callable<? extends T> body;

  TaskFiber(TaskCore<T> task, Loop loop, @Nullable String name, Callable<? extends T> body) {
    super(loop);
    this.task = task;
    this.body = body;
    if (name != null) {
      thread().setName(name);
    }
  }

  /**
   * Starts the coroutine. Any thread.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
   */
  void launch() {
    loop().startFiber(this);
  }

  @Override
  protected final void execute() {
    Tracer tracer = tracer();
    Object begun = tracer == null ? null : tracer.taskBegins(this);
    runBody();
    over(begun);
  }

  private void over(@Nullable Object begun) {
    Tracer tracer = tracer();
    if (tracer != null) {
      tracer.taskEnded(this, begun);
    }
    ended();
  }

  private void runBody() {
    T value;
    try {
      value = body.call();
    } catch (Throwable failure) {
      boolean cancelled = isCancelled(failure);
      Inspection.endedWithout(this, cancelled);
      task.fail(failure, cancelled);
      return;
    }
    task.succeed(value);
  }

  /** The task has ended; the last act of its coroutine. */
  void ended() {}

  /**
   * A cancel reaches the body as a {@link Cancellation} or, in a wait of the JDK, as an interrupt.
   * The cancellation of another task counts as a failure.
   */
  private boolean isCancelled(Throwable failure) {
    return failure instanceof Cancellation cancellation
        ? cancellation.isOf(this)
        : failure instanceof InterruptedException && isCancelled();
  }

  @Override
  protected final void neverRan(Cancellation cause) {
    Inspection.endedWithout(this, true);
    task.fail(cause, true);
    over(null);
  }

  @Override
  protected final void abandoned(Throwable cause) {
    task.fail(cause, false);
    over(null);
  }

  @Override
  public final String describe() {
    return task.toString();
  }
}
