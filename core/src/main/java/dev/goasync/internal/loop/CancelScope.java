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
  boolean shield;
  @Nullable String reason;
  private @Nullable LoopTimer limit;
  private String limitReason = "";
  private boolean limitReached;
  private boolean closed;
  private boolean ofOneWait;

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
      Tracer tracer = fiber.loop().tracer;
      if (tracer != null && !limitReached) {
        tracer.cancelRequested(fiber, why);
      }
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

  /**
   * Declares that the scope surrounds a wait and no code of a user, which would have to learn of
   * the cancel by an interrupt. So the cancel does not interrupt the thread, and an interrupt that
   * other code makes at the same time is kept. Called before the wait; returns the scope.
   */
  public CancelScope ofOneWait() {
    ofOneWait = true;
    return this;
  }

  boolean isOfOneWait() {
    return ofOneWait;
  }

  /** Sets the resources of this scope; the caller closes them when the scope ends. */
  public void setResources(ScopeResources resources) {
    this.resources = resources;
  }

  @Nullable ScopeResources resources() {
    return resources;
  }

  /** Starts the time limit of a scope that has none. Loop's thread or current fiber. */
  void startLimit(long deadline, String why) {
    limitReason = why;
    LoopTimer timer =
        new LoopTimer() {
          @Override
          protected void fire() {
            reachLimit();
          }
        };
    limit = timer;
    fiber.loop().addTimer(timer, deadline);
  }

  /**
   * Moves the time limit to {@code deadline}, a time of the loop's clock. A deadline that has
   * passed cancels the scope at once. No effect on a scope that is cancelled or closed. Loop's
   * thread, or the loop's current fiber.
   */
  public void moveLimit(long deadline, String why) {
    removeLimit();
    if (closed || reason != null) {
      return;
    }
    if (deadline - fiber.loop().time().nanoTime() > 0) {
      startLimit(deadline, why);
    } else {
      limitReason = why;
      reachLimit();
    }
  }

  /** Removes the time limit; no effect if it is over. Loop's thread, or its current fiber. */
  public void removeLimit() {
    if (limit != null) {
      fiber.loop().cancelTimer(limit);
      limit = null;
    }
  }

  private void reachLimit() {
    if (reason == null) {
      limitReached = true;
      Tracer tracer = fiber.loop().tracer;
      if (tracer != null) {
        tracer.limitReached(fiber, limitReason);
      }
      cancel(limitReason);
    }
  }

  /** Whether the end of the time limit cancelled the scope. */
  public boolean isLimitReached() {
    return limitReached;
  }

  /** Cancels the scope if its time limit is over, though its timer may not have fired. */
  void checkLimit() {
    if (limit != null && nanosUntil(limit) == 0) {
      reachLimit();
    }
  }

  /**
   * Switches the shield on or off. Off delivers a cancel that the shield has hidden. No effect
   * after the scope was closed. Loop's thread, or the loop's current fiber.
   */
  public void setShield(boolean on) {
    if (closed || shield == on) {
      return;
    }
    if (on) {
      fiber.keepDeliveredCancel();
    }
    shield = on;
    fiber.shieldChanged();
  }

  /**
   * The time until a cancel by a time limit reaches the scope: 0 if the scope is cancelled, {@link
   * Poller#FOREVER} if no limit applies.
   */
  long remainingNanos() {
    if (reason != null) {
      return 0;
    }
    long outer = remainingNanosOutside();
    if (shield && outer != Poller.FOREVER) {
      outer = remainingNanosBehindShield(outer);
    }
    return limit == null ? outer : Math.min(outer, nanosUntil(limit));
  }

  private long remainingNanosBehindShield(long outer) {
    if (graceNanos == Poller.FOREVER) {
      return Poller.FOREVER;
    }
    return grace == null ? outer + graceNanos : nanosUntil(grace);
  }

  /** The {@link #remainingNanos} around this scope, in which the scope was opened. */
  public long remainingNanosOutside() {
    return parent == null ? fiber.remainingNanosOutsideScopes() : parent.remainingNanos();
  }

  private long nanosUntil(LoopTimer timer) {
    return Math.max(0, timer.deadline - fiber.loop().time().nanoTime());
  }

  /** Whether a timer will cancel the scope. */
  boolean hasTimer() {
    return (limit != null && limit.isQueued()) || (grace != null && grace.isQueued());
  }

  /** The fiber leaves the scope. */
  void close() {
    closed = true;
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

  // ---- the cancel that takes effect in a fiber ----

  /**
   * The cancel that takes effect in the current scope: that of the outermost cancelled scope that
   * no shield hides. Cancels of scopes inside it that are due at the same time are part of it.
   */
  static @Nullable Cancellation pendingCancel(
      Fiber fiber, @Nullable CancelScope innermost, @Nullable String cancelReason) {
    CancelScope outermost = null;
    CancelScope s = innermost;
    for (; s != null; s = s.parent) {
      if (s.reason != null) {
        outermost = s;
      }
      if (s.shield) {
        break;
      }
    }
    String reason = s == null ? cancelReason : null;
    if (reason != null) {
      return new Cancellation(fiber, reason, null);
    }
    return outermost == null || outermost.reason == null
        ? null
        : new Cancellation(fiber, outermost.reason, outermost);
  }

  /**
   * Whether the fiber is cancelled in its current scope. Starts the grace period of a shield that
   * hides a cancel.
   */
  static boolean isCancelPending(@Nullable CancelScope innermost, @Nullable String cancelReason) {
    CancelScope shield = null;
    for (CancelScope s = innermost; s != null; s = s.parent) {
      if (s.reason != null) {
        return isUnshielded(shield);
      }
      if (s.shield) {
        shield = s; // the outermost one hides the cancel from those inside it
      }
    }
    return cancelReason != null && isUnshielded(shield);
  }

  /** Whether a cancel is pending or will come by a timer, and no shield hides it for good. */
  static boolean isCancelDue(@Nullable CancelScope innermost, @Nullable String cancelReason) {
    for (CancelScope s = innermost; s != null; s = s.parent) {
      if (s.reason != null || s.hasTimer()) {
        return true;
      }
      if (s.shield && s.graceNanos == Poller.FOREVER) {
        return false;
      }
    }
    return cancelReason != null;
  }

  /** Whether only the timeout of a single wait, the innermost scope, has cancelled the fiber. */
  static boolean isOnlyOfOneWait(@Nullable CancelScope innermost, @Nullable String cancelReason) {
    return innermost != null
        && innermost.ofOneWait
        && !isCancelPending(innermost.parent, cancelReason);
  }

  private static boolean isUnshielded(@Nullable CancelScope shield) {
    if (shield != null) {
      shield.beginGrace();
    }
    return shield == null;
  }
}
