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
  @Nullable Timer limit;

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

  /** Whether this very scope was cancelled. */
  public boolean isCancelled() {
    return reason != null;
  }
}
