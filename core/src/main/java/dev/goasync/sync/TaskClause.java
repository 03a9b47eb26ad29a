package dev.goasync.sync;

import dev.goasync.Task;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.task.TaskAccess;
import dev.goasync.internal.task.TaskCore;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The end of a task, which may come on any thread and is then passed on to the home loop. */
final class TaskClause<T extends @Nullable Object> extends Clause {
  private final Task<T> task;
  private final Consumer<? super Task<T>> action;
  private @Nullable Consumer<TaskCore<?>> listener;

  TaskClause(Task<T> task, Consumer<? super Task<T>> action) {
    this.task = task;
    this.action = action;
  }

  @Override
  boolean isReady() {
    return task.isCompleted();
  }

  @Override
  boolean happen() {
    return true;
  }

  @Override
  void enter(Selection entered) {
    selection = entered;
    Consumer<TaskCore<?>> tell =
        _ -> {
          try {
            entered.home.execute(this::ended);
          } catch (RejectedExecutionException homeIsClosed) {
            // and nobody waits there
          }
        };
    listener = tell;
    TaskAccess.addListener(task, tell);
  }

  private void ended() {
    if (selection != null) {
      selection.happened(this);
    }
  }

  @Override
  void leave() {
    selection = null;
    if (listener != null) {
      TaskAccess.removeListener(task, listener);
      listener = null;
    }
  }

  @Override
  void act() {
    action.accept(task);
  }

  @Override
  boolean isExternal(Selection asker) {
    Fiber worker = TaskAccess.fiberOf(task);
    return worker == null || worker.loop() != asker.home;
  }

  @Override
  String describe() {
    return task.toString();
  }
}
