package dev.goasync.internal.loop;

import dev.goasync.internal.vthread.SchedulerAccess;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The right of one fiber, inside {@code sync}, to be the only one that its loop runs. With the door
 * shut the fiber keeps the baton and nothing here is needed. Owned by the loop's thread or its
 * current fiber.
 */
final class SyncHold {
  private @Nullable Runnable continuation;
  private boolean learning;

  /**
   * The current fiber takes the right. Which continuation is its own, the loop learns from a yield;
   * where that fails the fiber is pinned, and holds the thread anyway.
   */
  void begin() {
    if (SchedulerAccess.isFullMode()) {
      learning = true;
      Thread.yield();
      learning = false;
    }
  }

  void end() {
    continuation = null;
  }

  /** Loop's thread: a continuation is queued. */
  void notice(Runnable queued) {
    if (learning) {
      learning = false;
      continuation = queued;
    }
  }

  boolean isHeld() {
    return continuation != null;
  }

  /** Loop's thread: waits until the holder's continuation is ready, and takes it from the queue. */
  Runnable await(ArrayDeque<Runnable> ready, Inbox inbox, Poller poller) {
    Runnable mine = continuation;
    if (mine == null) {
      throw new IllegalStateException("nobody holds the loop");
    }
    while (!ready.removeFirstOccurrence(mine)) {
      if (inbox.fallAsleep()) {
        try {
          poller.poll(Poller.FOREVER);
        } finally {
          inbox.awake();
        }
      }
      inbox.drainTo(ready);
    }
    return mine;
  }
}
