package dev.goasync.internal.loop;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Thrown out of a pause that was cancelled; says why, and by which scope. */
public final class Cancellation extends CancellationException {
  private static final long serialVersionUID = 1L;

  private final transient Fiber fiber;
  private final transient @Nullable CancelScope scope;

  Cancellation(Fiber fiber, String reason, @Nullable CancelScope scope) {
    super(reason);
    this.fiber = fiber;
    this.scope = scope;
  }

  /** Whether it was {@code candidate} that was cancelled. */
  public boolean isOf(Fiber candidate) {
    return fiber == candidate;
  }

  /** Whether it was {@code asker} that cancelled. */
  public boolean isFrom(CancelScope asker) {
    return scope == asker;
  }
}
