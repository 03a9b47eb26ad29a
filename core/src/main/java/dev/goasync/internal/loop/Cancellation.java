package dev.goasync.internal.loop;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Thrown by a wait that was cancelled; the message is the reason. */
public final class Cancellation extends CancellationException {
  private static final long serialVersionUID = 1L;

  private final transient Fiber fiber;
  private final transient @Nullable CancelScope scope;

  Cancellation(Fiber fiber, String reason, @Nullable CancelScope scope) {
    super(reason);
    this.fiber = fiber;
    this.scope = scope;
  }

  /** Whether {@code candidate} is the fiber that was cancelled. */
  public boolean isOf(Fiber candidate) {
    return fiber == candidate;
  }

  /** Whether the cancel was that of {@code candidate}, not of another scope or the fiber. */
  public boolean isFrom(CancelScope candidate) {
    return scope == candidate;
  }
}
