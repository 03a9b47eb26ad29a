package dev.goasync.internal.loop;

import dev.goasync.internal.util.Log;
import dev.goasync.internal.vthread.ConfinedScheduler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a loop's ready tasks, first in first out, and the bounds on how many of them one
 * turn runs. Owned by the loop's thread or its current fiber.
 */
final class ReadyQueue {
  /** The maximum number of tasks that one turn runs. */
  private static final int MAX_TURN_TASKS = 1024;

  /** Tasks between two reads of the clock. */
  private static final int CLOCK_INTERVAL = 64;

  /** The time after which a turn starts no further task. */
  private static final long MAX_TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Loop loop;
  private final TaskQueue tasks = new TaskQueue();
  private final SyncHold syncHold = new SyncHold();
  private long tasksRun;

  // The budget of the current turn.
  private int tasksLeft;
  private boolean deadlineSet;
  private long deadline;

  ReadyQueue(Loop loop) {
    this.loop = loop;
  }

  void add(Runnable task) {
    syncHold.taskQueued(task);
    tasks.add(task);
  }

  /** Moves all tasks of other threads to the end. */
  void addAll(Inbox inbox) {
    inbox.drainTo(tasks);
  }

  boolean isEmpty() {
    return tasks.isEmpty();
  }

  SyncHold syncHold() {
    return syncHold;
  }

  long tasksRun() {
    return tasksRun;
  }

  /** Runs tasks until the queue is empty or the turn's budget is used up. */
  void runTurn(Inbox inbox) {
    tasksLeft = MAX_TURN_TASKS;
    deadlineSet = false;
    while (isBudgetLeft() && !tasks.isEmpty()) {
      run(tasks.remove());
      while (syncHold.isHeld()) {
        run(syncHold.awaitContinuation(tasks, inbox, loop.currentPoller()));
      }
    }
  }

  /** The number of ready tasks. */
  int size() {
    return tasks.size();
  }

  /** The ready task at {@code index}, counted from the oldest. */
  Runnable get(int index) {
    return tasks.get(index);
  }

  /** Runs the ready task at {@code index}. */
  void runOne(int index) {
    run(tasks.removeAt(index));
  }

  /**
   * Runs the tasks that are not continuations of fibers, for a fiber that keeps the thread. The
   * continuations stay, in order.
   */
  void runActions(Inbox inbox, Fiber pinned) {
    addAll(inbox);
    for (int left = tasks.size(); left > 0; left--) {
      Runnable task = tasks.remove();
      if (pinned.isContinuation(task)) {
        tasks.add(task);
      } else {
        run(task);
      }
    }
  }

  /** Portable mode, current fiber: removes the next task if it is a request for the permit. */
  ConfinedScheduler.@Nullable Request pollRequest() {
    if (tasks.peek() instanceof ConfinedScheduler.Request request && isBudgetLeft()) {
      tasks.remove();
      tasksRun++;
      return request;
    }
    return null;
  }

  private boolean isBudgetLeft() {
    if (tasksLeft-- == 0) {
      tasksLeft = 0;
      return false;
    }
    if (tasksLeft % CLOCK_INTERVAL != 0) {
      return true;
    }
    long now = System.nanoTime();
    if (!deadlineSet) {
      deadlineSet = true;
      deadline = now + MAX_TURN_NANOS;
    }
    return now - deadline < 0;
  }

  private void run(Runnable task) {
    tasksRun++;
    try {
      task.run();
    } catch (Throwable bug) {
      Log.error("a task of " + loop.name() + " failed", bug);
    }
  }
}
