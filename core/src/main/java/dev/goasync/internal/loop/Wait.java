package dev.goasync.internal.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An event that a fiber pauses for.
 *
 * <p>Protocol: the fiber calls {@link Fiber#pause}, which returns after {@link #finish} and never
 * before. A cancel of the fiber calls {@link #cancel} once, on the loop's thread. A wait in memory
 * then finishes at once; a wait for the kernel asks the kernel to cancel the operation, and
 * finishes when the kernel has completed it. The code that finishes the wait stores the result in
 * fields of the subclass before.
 */
public abstract class Wait {
  private static final int CANCELLED = 1;
  private static final int CANCEL_REQUESTED = 2;
  private static final int ONE_SWEEP = 4;

  private static final VarHandle FINISHED;

  static {
    try {
      FINISHED = MethodHandles.lookup().findVarHandle(Wait.class, "finished", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private boolean finished;

  /** {@link #CANCELLED}, {@link #CANCEL_REQUESTED} and the number of sweeps. Loop's thread. */
  private byte flags;

  /** Prepares the object for another pause. Called by the fiber that will pause. */
  protected final void reset() {
    finished = false;
    flags = 0;
  }

  /** Whether the wait is over; writes made before {@link #finish} are visible then. */
  public final boolean isFinished() {
    return (boolean) FINISHED.getAcquire(this);
  }

  /** Ends the pause of {@code fiber}. Any thread. */
  protected final void finish(Fiber fiber) {
    FINISHED.setRelease(this, true);
    fiber.unpark();
  }

  /** Finishes the wait before any fiber pauses for it. Called on the thread of that fiber. */
  protected final void finishBeforePause() {
    FINISHED.setRelease(this, true);
  }

  /** Ends the pause of {@code fiber} without a result, because the fiber was cancelled. */
  protected final void finishCancelled(Fiber fiber) {
    flags |= CANCELLED;
    finish(fiber);
  }

  /** Whether the pause ended by {@link #finishCancelled}. */
  public final boolean wasCancelled() {
    return (flags & CANCELLED) != 0;
  }

  /** Whether {@link #cancel} has been called. */
  public final boolean isCancelRequested() {
    return (flags & CANCEL_REQUESTED) != 0;
  }

  final void setCancelRequested() {
    flags |= CANCEL_REQUESTED;
  }

  /**
   * Counts a sweep over the waits of the loop; see {@link #sweeps}. Returns the new count. Loop's
   * thread.
   */
  public final int countSweep() {
    if (flags < Byte.MAX_VALUE - ONE_SWEEP) {
      flags = (byte) (flags + ONE_SWEEP);
    }
    return sweeps();
  }

  /**
   * How many times a detector of long waits has passed since the wait began, at most 31. It costs
   * nothing where no detector runs: the flags are cleared at each {@link #reset} in any case.
   */
  public final int sweeps() {
    return flags / ONE_SWEEP;
  }

  /**
   * Called when the fiber is cancelled: finishes the wait, or requests that it finish soon. Loop's
   * thread. A wait that is finished stays as it is: a result wins over a cancel.
   */
  protected abstract void cancel(Fiber fiber);

  /** The awaited event, as the end of a sentence that begins with "waits for". */
  public abstract String describe();

  /**
   * The awaited event without what differs between equal waits, such as the peer of a receive: an
   * object that equals the kind of such waits, and whose {@code toString} continues "waits for". A
   * dump asks a million waits, so it must be cheap. Loop's thread or current fiber.
   */
  public Object kind() {
    return describe();
  }

  /**
   * The number of the descriptor that the wait is for, also before the {@link #details} are asked
   * for and without making any. Cheap. Loop's thread or current fiber.
   */
  public int descriptor() {
    return WaitDetails.NO_DESCRIPTOR;
  }

  /** The awaited event in parts, for an inspection. Loop's thread or current fiber. */
  public WaitDetails details() {
    return WaitDetails.of(describe());
  }

  /**
   * Whether an event that the loop cannot see may end the wait: of another thread, another loop or
   * the kernel. Only waits that are not external take part in a deadlock.
   */
  public abstract boolean isExternal();

  /**
   * Whether only another fiber of the same loop can end the wait. A fiber that cannot unmount does
   * not begin such a wait, since the other fibers could not run meanwhile; see {@link PinnedWait}.
   */
  public boolean needsOtherFibers() {
    return !isExternal();
  }

  /**
   * Whether a fiber of another loop may end the wait although it is not external. While another
   * loop has fibers, a loop with such a wait is not reported as deadlocked.
   */
  public boolean isShared() {
    return false;
  }

  /**
   * The one fiber that must make progress before this wait can end; null if there is none or the
   * loop does not know it. The edges of the wait-for graph. Loop's thread or current fiber.
   */
  public @Nullable Fiber blocker() {
    return null;
  }

  /**
   * The fibers that must all make progress before this wait can end, if there may be several, at
   * most {@code max} of them. A wait with a {@link #blocker} has no others. Loop's thread or fiber.
   */
  public List<Fiber> blockers(int max) {
    return List.of();
  }

  /** Whether this wait cannot end before {@code fiber} makes progress. Loop's thread or fiber. */
  public boolean isBlockedBy(Fiber fiber) {
    return blocker() == fiber;
  }

  /** Whether only another loop knows the blocker, so that {@link #visitBlocker} asks that loop. */
  public boolean isKnownToAnotherLoop() {
    return false;
  }

  /** Passes the {@link #blocker}, if there is one, to {@code visitor}. Loop's thread or fiber. */
  public void visitBlocker(Consumer<Fiber> visitor) {
    Fiber blocker = blocker();
    if (blocker != null) {
      visitor.accept(blocker);
    }
  }
}
