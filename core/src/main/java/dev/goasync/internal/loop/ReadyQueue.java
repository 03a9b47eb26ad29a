package dev.goasync.internal.loop;

import dev.goasync.internal.vthread.ConfinedScheduler;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a loop has to run, first in first out, and the bounds within which one turn runs it. Owned
 * by the loop's thread or its current fiber.
 */
final class ReadyQueue {
  /** Most tasks that one turn runs. */
  private static final int TURN_TASKS = 1024;

  /** Tasks between two looks at the clock. */
  private static final int CLOCK_INTERVAL = 64;

  /** Longest time for which one turn runs tasks, unless a single one takes longer. */
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Loop loop;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final SyncHold exclusive = new SyncHold();
  private long run;

  // The share of the turn under way.
  private int left;
  private boolean timed;
  private long stop;

  ReadyQueue(Loop loop) {
    this.loop = loop;
  }

  void add(Runnable task) {
    exclusive.notice(task);
    tasks.add(task);
  }

  /** Moves all that other threads have left to the end. */
  void addAll(Inbox inbox) {
    inbox.drainTo(tasks);
  }

  boolean isEmpty() {
    return tasks.isEmpty();
  }

  SyncHold exclusive() {
    return exclusive;
  }

  /** How many tasks have run. */
  long run() {
    return run;
  }

  /** Runs tasks until there are none, or the turn has had its share. */
  void runTurn(Inbox inbox) {
    left = TURN_TASKS;
    timed = false;
    while (isShareLeft() && !tasks.isEmpty()) {
      run(tasks.remove());
      while (exclusive.isHeld()) {
        run(exclusive.await(tasks, inbox, loop.currentPoller()));
      }
    }
  }

  /** Current fiber, door shut: takes the next task if all it does is to lend the baton. */
  ConfinedScheduler.@Nullable Request takeRequest() {
    if (tasks.peek() instanceof ConfinedScheduler.Request request && isShareLeft()) {
      tasks.remove();
      run++;
      return request;
    }
    return null;
  }

  private boolean isShareLeft() {
    if (left-- == 0) {
      left = 0;
      return false;
    }
    if (left % CLOCK_INTERVAL != 0) {
      return true;
    }
    long now = System.nanoTime();
    if (!timed) {
      timed = true;
      stop = now + TURN_NANOS;
    }
    return now - stop < 0;
  }

  private void run(Runnable task) {
    run++;
    try {
      task.run();
    } catch (Throwable bug) {
      loop.reportError("a task of " + loop.name() + " failed", bug);
    }
  }
}
