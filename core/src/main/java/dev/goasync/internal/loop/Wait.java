package dev.goasync.internal.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a fiber is paused for.
 *
 * <p>Protocol: the fiber calls {@link Fiber#pause}, which returns after {@link #finish} and never
 * before. Cancelling a fiber calls {@link #cancel} once, on the loop's thread; a wait in memory
 * then finishes at once, a wait for the kernel asks the kernel and finishes when the kernel has let
 * go. Who finished it leaves the result in the subclass's fields before.
 */
public abstract class Wait {
  private static final VarHandle FINISHED;

  static {
    try {
      FINISHED = MethodHandles.lookup().findVarHandle(Wait.class, "finished", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private boolean finished;
  private boolean cancelled;
  boolean cancelRequested;

  /** Makes the object fit for another pause. The fiber that pauses. */
  protected final void reset() {
    finished = false;
    cancelled = false;
    cancelRequested = false;
  }

  /** Whether the pause is over; what was written before {@link #finish} is visible. */
  public final boolean isFinished() {
    return (boolean) FINISHED.getAcquire(this);
  }

  /** Ends the pause of {@code fiber}. Any thread. */
  protected final void finish(Fiber fiber) {
    FINISHED.setRelease(this, true);
    fiber.unpark();
  }

  /** Ends it before anybody pauses in it. The thread that the fiber which will do so runs on. */
  protected final void finishBeforePause() {
    FINISHED.setRelease(this, true);
  }

  /** Ends the pause of {@code fiber} without result, because it was cancelled. */
  protected final void finishCancelled(Fiber fiber) {
    cancelled = true;
    finish(fiber);
  }

  /** Whether the pause ended by {@link #finishCancelled}. */
  public final boolean wasCancelled() {
    return cancelled;
  }

  /** Whether {@link #cancel} has been called. */
  protected final boolean isCancelRequested() {
    return cancelRequested;
  }

  /**
   * The fiber is cancelled: finish soon, or see to it. Loop's thread; may find the wait finished,
   * and then does nothing, since what is completed wins over what is cancelled.
   */
  protected abstract void cancel(Fiber fiber);

  /** What is waited for, to end a sentence that begins with "waits for". */
  public abstract String describe();

  /**
   * Whether something that the loop cannot see may end it: another thread, another loop, the
   * kernel. Only waits that are not external take part in a deadlock.
   */
  public abstract boolean isExternal();

  /**
   * Whether another loop that has work may come to end it, though it is not external. Where one
   * has, a loop that waits so is not known to be deadlocked.
   */
  protected boolean isShared() {
    return false;
  }

  /**
   * The one fiber that must go on before this wait can end, if there is such a one and the loop
   * knows it: what cycles are found by. Loop's thread or current fiber.
   */
  protected @Nullable Fiber blocker() {
    return null;
  }

  /** Whether this wait cannot end before {@code fiber} goes on. Loop's thread or current fiber. */
  protected boolean isBlockedBy(Fiber fiber) {
    return blocker() == fiber;
  }

  /** Whether {@link #visitBlocker} must ask another loop. */
  protected boolean isKnownToAnotherLoop() {
    return false;
  }

  /** Tells {@code next} the {@link #blocker}, if there is one. Loop's thread or current fiber. */
  protected void visitBlocker(Consumer<Fiber> next) {
    Fiber blocker = blocker();
    if (blocker != null) {
      next.accept(blocker);
    }
  }
}
