package dev.goasync.internal.loop;

import dev.goasync.internal.util.Log;
import dev.goasync.internal.vthread.ConfinedThread;
import dev.goasync.internal.vthread.SchedulerAccess;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine as its loop sees it: a confined thread that pauses in {@link Wait}s and can be
 * cancelled. All state is owned by the loop: accessed by the loop's thread or by the one fiber that
 * it runs.
 *
 * <h2>Life of a cancel</h2>
 *
 * A cancel is a level, not an event: from {@link #cancel}, or {@link CancelScope#cancel}, until the
 * fiber or the scope ends, every wait in it is cancelled, except inside a shield.
 *
 * <ol>
 *   <li><b>Request.</b> Any thread stores the reason: of the fiber in {@link #cancelReason}, of a
 *       scope in {@link CancelScope#reason}. The first reason is kept.
 *   <li><b>Delivery</b> ({@link #deliverCancel}), by the loop's thread or its current fiber. A
 *       fiber that has not begun, or that is the caller, finds the reason at its next wait. A fiber
 *       in one of our waits has {@link Wait#cancel} called, once per wait. Any other fiber is
 *       ready, or blocked in the JDK: its thread is interrupted, which is the only request that the
 *       JDK's waits understand.
 *   <li><b>Meeting.</b> {@link #pause} and {@link #checkCancelled} look for a reason from the
 *       innermost scope outwards. A shield hides reasons outside it, also from shields inside it; a
 *       shield with a grace period starts its timer at the first reason that reaches it.
 *   <li><b>Exception.</b> The cancelled operation throws {@link #cancellation}, which also
 *       interrupts the thread, so that the JDK's waits in {@code catch} and {@code finally} blocks
 *       end as ours do.
 * </ol>
 *
 * {@link #cancelInterrupted} marks an interrupt that stands for a cancel. Our waits see the cancel
 * itself, so {@link #pause} clears such an interrupt. Opening or closing a scope clears it as well:
 * the interrupt must not reach the inside of a shield, nor the code after the cancelled scope. If
 * the cancel still holds there, the next wait throws and sets the interrupt again. An interrupt
 * from elsewhere is different: it cancels the current wait, and its status is restored when the
 * pause is over, so that the next wait, ours or the JDK's, sees it as well. A thread has one status
 * for both, so a cancel that finds it set leaves it alone, and the timeout of a single wait ({@link
 * CancelScope#ofOneWait}) does not set it.
 */
public abstract class Fiber extends ConfinedThread {
  private static final AtomicReferenceFieldUpdater<Fiber, @Nullable String> CANCEL_REASON =
      AtomicReferenceFieldUpdater.newUpdater(Fiber.class, String.class, "cancelReason");

  private final Loop loop;

  /** The wait of a paused fiber; null while it runs, is ready, or waits inside the JDK. */
  private @Nullable Wait wait;

  @Nullable CancelScope scope;

  /** Set once, by any thread; delivered by the loop's. */
  volatile @Nullable String cancelReason;

  /** Operations in a row that may complete without a pause; the value of Tokio. */
  private static final int COOP_BUDGET = 128;

  private int budgetLeft = COOP_BUDGET;
  private int syncDepth;
  boolean begun;

  /** The interrupt of the thread stands for a cancel; see {@link Interrupts}. */
  boolean cancelInterrupted;

  /** The cancel that has ended the current wait, if a shield was switched on since. */
  private @Nullable Cancellation delivered;

  /** Owned by {@link FiberSet}. */
  int slot = FiberSet.NO_SLOT;

  /** Creates a fiber of {@code loop} without starting it. Any thread. */
  protected Fiber(Loop loop) {
    super(loop.scheduler());
    this.loop = loop;
  }

  /** A fiber on a given thread, for model checkers that cannot run virtual threads. */
  Fiber(Loop loop, Thread given) {
    super(loop.scheduler(), given);
    this.loop = loop;
    this.begun = true;
  }

  /** The work; must not throw. */
  protected abstract void execute();

  /** Called instead of {@link #execute} if the fiber was cancelled before its first run. */
  protected abstract void neverRan(Cancellation cause);

  /**
   * The fiber will not run again, since its loop ended because of an error. Called once, on the
   * thread of the loop.
   */
  protected void abandoned(Throwable cause) {}

  /** The fiber's name in reports. */
  public abstract String describe();

  /**
   * The fiber that runs on the current thread; null outside fibers and inside {@link #beginSync}.
   * If null, operations block the thread.
   */
  public static @Nullable Fiber current() {
    Fiber fiber = currentIncludingSync();
    return fiber == null || fiber.syncDepth > 0 ? null : fiber;
  }

  /**
   * The {@link #current} fiber if it is one of {@code loop}, else null. Costs less than half of
   * {@code current()}, since the loop remembers the fiber that it found last ({@code bench/}: sync,
   * mutex).
   */
  public static @Nullable Fiber currentOf(Loop loop) {
    Fiber last = loop.fibers.findAgain(Thread.currentThread());
    if (last != null) {
      return last.syncDepth > 0 ? null : last;
    }
    Fiber fiber = current();
    if (fiber == null || fiber.loop != loop) {
      return null;
    }
    loop.fibers.found(fiber);
    return fiber;
  }

  /** The fiber that runs on the current thread, also inside {@link #beginSync}; else null. */
  public static @Nullable Fiber currentIncludingSync() {
    Thread current = Thread.currentThread();
    return current.isVirtual() && ConfinedThread.of(current) instanceof Fiber fiber ? fiber : null;
  }

  /** Whether fibers run on their loop's thread; false in portable mode. */
  public static boolean runOnLoopThread() {
    return SchedulerAccess.isFullMode();
  }

  /** The fiber's loop. */
  public final Loop loop() {
    return loop;
  }

  /** The tracer of the fiber's loop; null if nothing is recorded. */
  protected final @Nullable Tracer tracer() {
    return loop.tracer;
  }

  @Override
  protected final void body() {
    loop.addFiber(this);
    begun = true;
    try {
      if (cancelReason != null) {
        neverRan(new Cancellation(this, cancelReason, null));
      } else {
        execute();
      }
    } catch (Throwable bug) {
      Log.error(() -> "an exception left the fiber " + describe(), bug);
    } finally {
      loop.removeFiber(this);
    }
  }

  /**
   * Pauses this fiber, the current one, until {@code wait} is finished. An interrupt cancels the
   * wait; its status is restored when the pause is over. The caller's thread is the fiber's own, or
   * that of a coroutine stack which the fiber has mounted.
   */
  public final void pause(Wait entered) {
    Tracer tracer = loop.tracer;
    if (tracer == null) {
      await(entered);
    } else {
      tracer.pause(this, entered);
    }
  }

  final void await(Wait entered) {
    boolean internal = slot != FiberSet.NO_SLOT && !entered.isExternal();
    forgetCancelInterrupt();
    boolean interrupted = false;
    if (internal) {
      loop.internalWaits++;
    }
    try {
      wait = entered;
      budgetLeft = COOP_BUDGET;
      if ((cancelReason != null || scope != null) && isCancelPending()) {
        requestCancel(entered);
      }
      while (!entered.isFinished()) {
        if (Thread.interrupted()) {
          interrupted = true;
          requestCancel(entered);
        } else {
          park();
          if (!entered.isFinished() && isPinned()) {
            interrupted |= new PinnedWait(this, entered).await();
          }
        }
      }
    } finally {
      wait = null;
      if (internal) {
        loop.internalWaits--;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * To be called before an operation that may complete without a pause. After many in a row it lets
   * the other fibers run, and the loop its timers and I/O.
   */
  public final void consumeBudget() {
    if (--budgetLeft < 0) {
      budgetLeft = COOP_BUDGET;
      yieldToOthers();
    }
  }

  /**
   * Whether the last park returned because the current thread cannot unmount. In full mode the
   * loop's thread has a permit while it runs fibers ({@link LoopRunner}), so that a park which
   * would block it returns. Any park may also return for another reason. So the method parks again
   * with a permit, then checks whether a yield makes the loop run anything.
   */
  private boolean isPinned() {
    if (!runOnLoopThread() || !thread().isVirtual()) {
      return false;
    }
    Wait entered = wait;
    LockSupport.unpark(loop.thread());
    park();
    if (entered == null || entered.isFinished() || thread().isInterrupted()) {
      return false;
    }
    long tasksRun = loop.tasksRun();
    yieldToOthers();
    return loop.tasksRun() == tasksRun;
  }

  /** Runs code in the name of this fiber, the current one, which to that code is not current. */
  public final void runDetached(Runnable work) {
    syncDepth++;
    try {
      work.run();
    } finally {
      syncDepth--;
    }
  }

  final void requestCancel(Wait entered) {
    if (!entered.isCancelRequested() && !entered.isFinished()) {
      entered.setCancelRequested();
      entered.cancel(this);
    }
  }

  /** Pauses for {@code nanos} nanoseconds of the loop's time. */
  public final void sleep(long nanos) {
    checkCancelled();
    Sleep sleep = new Sleep(this, loop.time().nanoTime() + Math.max(nanos, 0));
    pause(sleep);
    if (sleep.wasCancelled()) {
      throw cancellation();
    }
  }

  /** Lets the other ready fibers run. */
  public final void yieldNow() {
    checkCancelledWhileBusy();
    yieldToOthers();
  }

  /**
   * Throws if the fiber is cancelled in its current scope.
   *
   * @throws Cancellation then
   */
  public final void checkCancelled() {
    if ((cancelReason != null || scope != null) && isCancelPending()) {
      throw cancellation();
    }
  }

  /**
   * The exception for a wait that was cancelled. Interrupts the current thread; see the class.
   *
   * @throws IllegalStateException if the wait was refused since the fiber is pinned
   */
  public final Cancellation cancellation() {
    loop.runner().throwRefusedWait();
    checkLimits(); // an outer limit that is over as well is the one to report
    Cancellation pending = pendingCancel();
    Cancellation beforeShield = delivered;
    delivered = null;
    if (pending == null) {
      return beforeShield != null
          ? beforeShield
          : new Cancellation(this, "the thread was interrupted", null);
    }
    if (!pending.isOfOneWait()) {
      Interrupts.forCancel(this, Thread.currentThread());
    }
    return pending;
  }

  private @Nullable Cancellation pendingCancel() {
    return CancelScope.pendingCancel(this, scope, cancelReason);
  }

  final boolean isCancelPending() {
    return CancelScope.isCancelPending(scope, cancelReason);
  }

  /**
   * Whether the current wait will end without progress of another fiber: a cancel or an interrupt
   * is pending, or a time limit is set, and no shield without a grace period hides it. Loop's
   * thread or current fiber.
   */
  public final boolean isCancelDue() {
    Wait entered = wait;
    if ((entered != null && entered.isCancelRequested()) || thread().isInterrupted()) {
      return true;
    }
    return CancelScope.isCancelDue(scope, cancelReason);
  }

  /**
   * Throws if the fiber is cancelled, or past a time limit whose timer could not fire because the
   * fiber keeps the loop busy.
   *
   * @throws Cancellation then
   */
  public final void checkCancelledWhileBusy() {
    checkLimits();
    checkCancelled();
  }

  private void checkLimits() {
    for (CancelScope s = scope; s != null; s = s.parent) {
      s.checkLimit();
    }
  }

  /** Opens a scope inside the current ones; the current fiber. Pair with {@link #closeScope}. */
  public final CancelScope openScope(boolean shield) {
    forgetCancelInterrupt();
    scope = new CancelScope(this, scope, shield);
    return scope;
  }

  /** Opens a shield that holds for {@code graceNanos} after the first cancel from outside. */
  public final CancelScope openShield(long graceNanos) {
    CancelScope shield = openScope(true);
    shield.graceNanos = graceNanos;
    isCancelPending(); // the cancel may have come before
    return shield;
  }

  /** Opens a scope that cancels itself after {@code nanos} nanoseconds of the loop's time. */
  public final CancelScope openLimitedScope(long nanos, String reason) {
    CancelScope limited = openScope(false);
    limited.startLimit(loop.time().nanoTime() + nanos, reason);
    return limited;
  }

  /** Closes the innermost scope, which must be {@code innermost}. */
  public final void closeScope(CancelScope innermost) {
    if (scope != innermost) {
      throw new IllegalStateException("cancel scopes must be closed innermost first");
    }
    innermost.close();
    forgetCancelInterrupt();
    scope = innermost.parent;
  }

  /**
   * A shield is about to be switched on. If another fiber does that after a cancel has ended the
   * current wait of this fiber, the wait still throws that cancel.
   */
  final void keepDeliveredCancel() {
    if (wait != null && wait.isCancelRequested()) {
      delivered = pendingCancel();
    }
  }

  /** A shield was switched on or off. */
  final void shieldChanged() {
    if (currentIncludingSync() == this) {
      forgetCancelInterrupt();
    } else {
      deliverCancel();
    }
  }

  /**
   * The time until a cancel by a time limit reaches the fiber, see {@link
   * CancelScope#remainingNanos}.
   */
  public final long remainingNanos() {
    return scope == null ? remainingNanosOutsideScopes() : scope.remainingNanos();
  }

  final long remainingNanosOutsideScopes() {
    return cancelReason != null ? 0 : outerRemainingNanos();
  }

  /** The remaining time of the scope that the fiber was started in. */
  protected long outerRemainingNanos() {
    return Poller.FOREVER;
  }

  /** The resources of the innermost scope of this fiber; null if no scope has any. */
  final @Nullable ScopeResources resources() {
    for (CancelScope s = scope; s != null; s = s.parent) {
      ScopeResources resources = s.resources();
      if (resources != null) {
        return resources;
      }
    }
    return outerResources();
  }

  /** The resources of the scope that the fiber was started in; null if there are none. */
  protected @Nullable ScopeResources outerResources() {
    return null;
  }

  /** Cancels the fiber, for the rest of its life. Any thread; the first reason is kept. */
  public final void cancel(String reason) {
    if (!CANCEL_REASON.compareAndSet(this, null, reason)) {
      return;
    }
    Tracer tracer = loop.tracer;
    if (tracer != null) {
      tracer.cancelRequested(this, reason);
    }
    if (loop.isCurrent()) {
      deliverCancel();
    } else {
      loop.executeQuietly(this::deliverCancel);
    }
  }

  /** Loop's thread or current fiber: delivers a cancel; see the class. */
  final void deliverCancel() {
    if (!begun || currentIncludingSync() == this || !isCancelPending()) {
      return; // it looks by itself, or is shielded
    }
    Wait current = wait;
    if (current != null) {
      requestCancel(current);
    } else if (thread().isAlive() && !CancelScope.isOnlyOfOneWait(scope, cancelReason)) {
      Interrupts.forCancel(this, thread()); // ready to run, or in a wait of the JDK
    }
  }

  /** Clears an interrupt that stands for a cancel; see the class. */
  private void forgetCancelInterrupt() {
    if (cancelInterrupted) {
      cancelInterrupted = false;
      Thread.interrupted();
    }
  }

  /** Whether {@link #cancel} was called. Any thread. */
  public final boolean isCancelled() {
    return cancelReason != null;
  }

  /** The wait that the fiber is paused in; null if it is not paused. Loop's thread. */
  public final @Nullable Wait waiting() {
    return wait;
  }

  /** The current fiber blocks its loop: no other fiber runs until {@link #endSync}. */
  public final void beginSync() {
    if (syncDepth++ == 0) {
      loop.syncHold().begin();
    }
  }

  /** Ends {@link #beginSync}. */
  public final void endSync() {
    if (--syncDepth == 0) {
      loop.syncHold().end();
    }
  }
}
