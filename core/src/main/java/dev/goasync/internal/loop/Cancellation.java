package dev.goasync.internal.loop;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a wait that was cancelled; the message is the reason.
 *
 * <p>The exception of a whole coroutine's cancel has no stack trace: walking the stack of a paused
 * coroutine costs more than starting it, and a program may cancel a million at once. {@code
 * -Dgoasync.trace=true} records the stack. The exception of a scope's cancel, such as a timeout,
 * always has one, since it shows the wait that took too long.
 */
public final class Cancellation extends CancellationException {
  private static final long serialVersionUID = 1L;
  private static final boolean TRACE = Boolean.getBoolean("goasync.trace");

  private final transient Fiber fiber;
  private final transient @Nullable CancelScope scope;

  Cancellation(Fiber fiber, String reason, @Nullable CancelScope scope) {
    // Before the superclass's constructor, which calls fillInStackTrace.
    this.fiber = fiber;
    this.scope = scope;
    super(reason);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return scope != null || TRACE ? super.fillInStackTrace() : this;
  }

  /** Whether {@code candidate} is the fiber that was cancelled. */
  public boolean isOf(Fiber candidate) {
    return fiber == candidate;
  }

  /** Whether the cancel was that of {@code candidate}, not of another scope or the fiber. */
  public boolean isFrom(CancelScope candidate) {
    return scope == candidate;
  }

  /** Whether the cancel is the timeout of a single wait, see {@link CancelScope#ofOneWait}. */
  boolean isOfOneWait() {
    return scope != null && scope.isOfOneWait();
  }
}
