package dev.goasync.internal.loop;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of one fiber's work that can be cancelled, or shielded, as a whole. Scopes nest; the
 * fiber is cancelled while any scope is that no shield inside it covers. Owned by the fiber and its
 * loop's thread.
 */
public final class CancelScope {
  final @Nullable CancelScope parent;
  final Fiber fiber;
  final boolean shield;
  @Nullable String reason;
  @Nullable LoopTimer limit;

  /** A shield's: how long it holds against a cancel from outside, and the timer that counts it. */
  long graceNanos = Poller.FOREVER;

  @Nullable LoopTimer grace;

  private @Nullable ScopeResources resources;

  CancelScope(Fiber fiber, @Nullable CancelScope parent, boolean shield) {
    this.fiber = fiber;
    this.parent = parent;
    this.shield = shield;
  }

  /** Cancels what the fiber does within this scope. Loop's thread, or the loop's current fiber. */
  public void cancel(String why) {
    if (reason == null) {
      reason = why;
      fiber.deliverCancel();
    }
  }

  /** Like {@link #cancel}, from any thread; without effect if the fiber has left the scope. */
  public void cancelFromAnywhere(String why) {
    Loop loop = fiber.loop();
    if (loop.isCurrent()) {
      cancel(why);
    } else {
      loop.executeQuietly(() -> cancel(why));
    }
  }

  /** Loop's thread or current fiber: a cancel from outside has met this shield. */
  void beginGrace() {
    if (grace == null && graceNanos != Poller.FOREVER) {
      grace =
          new LoopTimer() {
            @Override
            protected void fire() {
              cancel("the grace period of the shield is over");
            }
          };
      fiber.loop().addTimer(grace, fiber.loop().time().nanoTime() + graceNanos);
    }
  }

  /** Sets what ends with this stretch; who opened it sees to that. */
  public void setResources(ScopeResources ours) {
    resources = ours;
  }

  @Nullable ScopeResources resources() {
    return resources;
  }

  /** Whether the scope's own time is over, though its timer may not have fired. */
  boolean isPastLimit() {
    return limit != null && fiber.loop().time().nanoTime() - limit.deadline >= 0;
  }

  void cancelTimers() {
    if (limit != null) {
      fiber.loop().cancelTimer(limit);
    }
    if (grace != null) {
      fiber.loop().cancelTimer(grace);
    }
  }

  /** Whether this very scope was cancelled. */
  public boolean isCancelled() {
    return reason != null;
  }
}
