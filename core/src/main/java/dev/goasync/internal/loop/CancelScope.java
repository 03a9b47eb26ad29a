package dev.goasync.internal.loop;

import org.jspecify.annotations.Nullable;

/**
 * A cancel scope: the part of one fiber's execution between {@link Fiber#openScope} and {@link
 * Fiber#closeScope}, which can be cancelled, or shielded from cancels, as a whole. Scopes nest. The
 * fiber is cancelled while one of its scopes is cancelled and no shield lies inside that scope. See
 * {@link Fiber} for the life of a cancel. Owned by the fiber and its loop's thread.
 */
public final class CancelScope {
  final @Nullable CancelScope parent;
  final Fiber fiber;
  final boolean shield;
  @Nullable String reason;
  @Nullable LoopTimer limit;

  /** Of a shield: for how long it holds after a cancel from outside; the timer of that time. */
  long graceNanos = Poller.FOREVER;

  @Nullable LoopTimer grace;

  private @Nullable ScopeResources resources;

  CancelScope(Fiber fiber, @Nullable CancelScope parent, boolean shield) {
    this.fiber = fiber;
    this.parent = parent;
    this.shield = shield;
  }

  /** Cancels the fiber's work within this scope. Loop's thread, or the loop's current fiber. */
  public void cancel(String why) {
    if (reason == null) {
      reason = why;
      fiber.deliverCancel();
    }
  }

  /** Cancels the scope from any thread; no effect if the fiber has left the scope. */
  public void cancelFromAnywhere(String why) {
    Loop loop = fiber.loop();
    if (loop.isCurrent()) {
      cancel(why);
    } else {
      loop.executeQuietly(() -> cancel(why));
    }
  }

  /** Loop's thread or current fiber: starts the grace period, at the first cancel from outside. */
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

  /** Sets the resources of this scope; the caller closes them when the scope ends. */
  public void setResources(ScopeResources resources) {
    this.resources = resources;
  }

  @Nullable ScopeResources resources() {
    return resources;
  }

  /** Whether the scope's time limit is over, though its timer may not have fired. */
  boolean isPastLimit() {
    return limit != null && fiber.loop().time().nanoTime() - limit.deadline >= 0;
  }

  /** Whether a timer will cancel the scope. */
  boolean hasTimer() {
    return (limit != null && limit.isQueued()) || (grace != null && grace.isQueued());
  }

  void cancelTimers() {
    if (limit != null) {
      fiber.loop().cancelTimer(limit);
    }
    if (grace != null) {
      fiber.loop().cancelTimer(grace);
    }
  }

  /** Whether this scope, not an outer one, was cancelled. */
  public boolean isCancelled() {
    return reason != null;
  }
}
