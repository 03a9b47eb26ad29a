package dev.goasync.internal.loop;

import dev.goasync.internal.vthread.SchedulerAccess;
import org.jspecify.annotations.Nullable;

/**
 * The exclusive hold of one fiber on its loop, inside {@code sync}: the loop runs only this fiber's
 * continuation. In portable mode the fiber keeps the permit to run, and this class does nothing.
 * Owned by the loop's thread or its current fiber.
 */
final class SyncHold {
  private @Nullable Runnable continuation;
  private boolean awaitingOwnContinuation;

  /**
   * The current fiber takes the hold. The loop learns which continuation is the fiber's from a
   * yield, which queues it. If the fiber is pinned the yield has no effect, and the fiber holds the
   * thread in any case.
   */
  void begin() {
    if (SchedulerAccess.isFullMode()) {
      awaitingOwnContinuation = true;
      Thread.yield();
      awaitingOwnContinuation = false;
    }
  }

  void end() {
    continuation = null;
  }

  /** Called for each task that is queued. Loop's thread or current fiber. */
  void taskQueued(Runnable task) {
    if (awaitingOwnContinuation) {
      awaitingOwnContinuation = false;
      continuation = task;
    }
  }

  /** The continuation of the fiber that holds the loop; null if no fiber does. */
  @Nullable Runnable continuation() {
    return continuation;
  }

  boolean isHeld() {
    return continuation != null;
  }

  /** Loop's thread: waits until the holder's continuation is ready, and removes it. */
  Runnable awaitContinuation(TaskQueue ready, Inbox inbox, Poller poller) {
    Runnable held = continuation;
    if (held == null) {
      throw new IllegalStateException("no fiber holds the loop");
    }
    while (!ready.remove(held)) {
      if (inbox.fallAsleep()) {
        try {
          poller.poll(Poller.FOREVER);
        } finally {
          inbox.awake();
        }
      }
      inbox.drainTo(ready);
    }
    return held;
  }
}
