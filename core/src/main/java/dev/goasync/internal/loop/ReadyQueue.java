package dev.goasync.internal.loop;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

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
  private final Exclusive exclusive = new Exclusive();
  private long run;

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

  Exclusive exclusive() {
    return exclusive;
  }

  /** How many tasks have run. */
  long run() {
    return run;
  }

  /** Runs tasks until there are none, or the turn has had its share. */
  void runTurn(Inbox inbox) {
    long stop = 0;
    for (int left = TURN_TASKS; left > 0; left--) {
      Runnable task = tasks.poll();
      if (task == null) {
        return;
      }
      run(task);
      while (exclusive.isHeld()) {
        run(exclusive.await(tasks, inbox, loop.currentPoller()));
      }
      if (left % CLOCK_INTERVAL == 1) {
        long now = System.nanoTime();
        if (stop == 0) {
          stop = now + TURN_NANOS;
        } else if (now - stop >= 0) {
          return;
        }
      }
    }
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
