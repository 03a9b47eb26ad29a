package dev.goasync.internal.loop;

import dev.goasync.internal.vthread.ConfinedThread;
import dev.goasync.internal.vthread.SchedulerAccess;
import dev.goasync.internal.vthread.ThreadStack;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine as its loop sees it: a confined thread that pauses in {@link Wait}s and can be
 * cancelled. All state is owned by the loop: touched by the loop's thread or by the one fiber that
 * runs.
 *
 * <p>A fiber is its thread's uncaught exception handler. Nothing is ever uncaught; the field is how
 * code that runs on a thread finds its fiber without a thread-local's memory (a row of {@code
 * bench/} compares the two).
 */
public abstract class Fiber extends ConfinedThread implements Thread.UncaughtExceptionHandler {
  private static final AtomicReferenceFieldUpdater<Fiber, @Nullable String> CANCEL_REASON =
      AtomicReferenceFieldUpdater.newUpdater(Fiber.class, String.class, "cancelReason");

  /** Of {@link #cycleLength}: the waits lead to no cycle. */
  public static final int NO_CYCLE = -1;

  /** Of {@link #cycleLength}: the waits lead to another loop; see {@link CycleProbe}. */
  public static final int CROSSES_LOOPS = -2;

  private final Loop loop;

  /** What the fiber is paused in; null while it runs, is ready, or waits inside the JDK. */
  private @Nullable Wait wait;

  private @Nullable CancelScope scope;

  /** Set once, by any thread; delivered by the loop's. */
  private volatile @Nullable String cancelReason;

  /** Operations that may follow one another without a pause; as many as a turn of Tokio's. */
  private static final int COOP_BUDGET = 128;

  private int budgetUsed = COOP_BUDGET;
  private int syncDepth;
  private boolean begun;

  /** The thread was interrupted to tell it of a cancel, which our own waits see by themselves. */
  private boolean cancelInterrupted;

  /** Owned by {@link FiberSet}. */
  int slot = FiberSet.NO_SLOT;

  /** A fiber of {@code loop}, not yet started. Any thread. */
  protected Fiber(Loop loop) {
    super(loop.carrier());
    this.loop = loop;
    thread().setUncaughtExceptionHandler(this);
  }

  /** A fiber for a running thread that is confined to {@code loop} already. */
  Fiber(Loop loop, Thread confined) {
    super(loop.carrier(), confined);
    this.loop = loop;
    this.begun = true;
    loop.fiberAdopted();
    confined.setUncaughtExceptionHandler(this);
  }

  /** The work; what it throws has been dealt with. */
  protected abstract void execute();

  /** The fiber was cancelled before its first run and will not run. */
  protected abstract void neverRan(Cancellation cause);

  /** How the fiber is called in reports. */
  public abstract String describe();

  /**
   * The fiber that runs on the current thread, or null outside fibers and inside {@link
   * #beginSync}: where null, operations block the thread.
   */
  public static @Nullable Fiber current() {
    Fiber fiber = find(Thread.currentThread());
    return fiber == null || fiber.syncDepth > 0 ? null : fiber;
  }

  /**
   * Like {@link #current}, if that is a fiber of {@code loop}; else null. Costs less than half, for
   * the loop remembers whom it was asked for last. A row of {@code bench/} shows it (sync, mutex).
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

  /** Like {@link #current}, but also finds a fiber that is inside {@link #beginSync}. */
  public static @Nullable Fiber currentIncludingSync() {
    return find(Thread.currentThread());
  }

  private static @Nullable Fiber find(Thread thread) {
    if (!thread.isVirtual()) {
      return null;
    }
    if (thread.getUncaughtExceptionHandler() instanceof Fiber fiber && fiber.thread() == thread) {
      return fiber;
    }
    Thread host = ThreadStack.hostOf(thread);
    return host != null ? find(host) : adopt(thread);
  }

  /** A thread that inherited our scheduler, or whose handler was changed, becomes a fiber too. */
  private static @Nullable Fiber adopt(Thread thread) {
    return SchedulerAccess.schedulerOf(thread) instanceof Loop loop
        ? new AdoptedFiber(loop, thread)
        : null;
  }

  /** Whether fibers run on their loop's thread, and not on others that act for it. */
  public static boolean runOnLoopThread() {
    return SchedulerAccess.isFullMode();
  }

  /** The fiber's loop. */
  public final Loop loop() {
    return loop;
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
    } finally {
      loop.removeFiber(this);
    }
  }

  /**
   * Pauses this fiber, the current one, until {@code wait} is finished.
   *
   * <p>An interrupt counts as a request to cancel the wait. The interrupt status is put back when
   * the pause is over, so that the next wait, ours or the JDK's, sees it as well. The thread is the
   * fiber's own, or one that acts for it ({@link ThreadStack}).
   */
  public final void pause(Wait entered) {
    boolean internal = slot != FiberSet.NO_SLOT && !entered.isExternal();
    if (internal) {
      loop.internalWaits++;
    }
    forgetCancelInterrupt();
    wait = entered;
    budgetUsed = COOP_BUDGET;
    if (cancelReason != null || scope != null) {
      cancelIfAsked(entered);
    }
    boolean interrupted = false;
    while (!entered.isFinished()) {
      if (Thread.interrupted()) {
        interrupted = true;
        askToCancel(entered);
      } else {
        park();
      }
    }
    wait = null;
    if (internal) {
      loop.internalWaits--;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * To be called before an operation that may end without a pause: after many in a row the other
   * fibers get a turn, and the loop a look at its timers and I/O.
   */
  public final void consumeBudget() {
    if (--budgetUsed < 0) {
      budgetUsed = COOP_BUDGET;
      yieldToOthers();
    }
  }

  private void cancelIfAsked(Wait entered) {
    if (pendingCancel() != null) {
      askToCancel(entered);
    }
  }

  private void askToCancel(Wait entered) {
    if (!entered.cancelRequested && !entered.isFinished()) {
      entered.cancelRequested = true;
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
   * Throws if the fiber is cancelled where it stands.
   *
   * @throws Cancellation then
   */
  public final void checkCancelled() {
    if ((cancelReason != null || scope != null) && pendingCancel() != null) {
      throw cancellation();
    }
  }

  /**
   * The exception for a wait that was cancelled. From here on the current thread counts as
   * interrupted, so that the JDK's waits end as ours do, until a shield or the end of the scope.
   */
  public final Cancellation cancellation() {
    Cancellation pending = pendingCancel();
    if (pending == null) {
      return new Cancellation(this, "the thread was interrupted", null);
    }
    cancelInterrupted = true;
    Thread.currentThread().interrupt();
    return pending;
  }

  /**
   * The cancel that counts at this point: that of the outermost cancelled scope that no shield
   * covers. A cancel of an inner scope that is due at the same time is part of it.
   */
  private @Nullable Cancellation pendingCancel() {
    CancelScope outermost = null;
    for (CancelScope s = scope; s != null; s = s.parent) {
      if (s.reason != null) {
        outermost = s;
      }
      if (s.shield) {
        if (outermost == null && isCancelledOutside(s)) {
          s.beginGrace();
        }
        return cancellationBy(outermost);
      }
    }
    String reason = cancelReason;
    return reason != null ? new Cancellation(this, reason, null) : cancellationBy(outermost);
  }

  private @Nullable Cancellation cancellationBy(@Nullable CancelScope cancelled) {
    return cancelled == null || cancelled.reason == null
        ? null
        : new Cancellation(this, cancelled.reason, cancelled);
  }

  private boolean isCancelledOutside(CancelScope shield) {
    for (CancelScope s = shield.parent; s != null; s = s.parent) {
      if (s.reason != null) {
        return true;
      }
    }
    return cancelReason != null;
  }

  /**
   * Like {@link #checkCancelled}, for work that keeps the loop from delivering cancels and firing
   * time limits.
   */
  public final void checkCancelledWhileBusy() {
    for (CancelScope s = scope; s != null; s = s.parent) {
      if (s.isPastLimit()) {
        s.cancel("the time to work is over");
      }
    }
    checkCancelled();
  }

  /** Opens a scope within the current ones; the current fiber. Pair with {@link #closeScope}. */
  public final CancelScope openScope(boolean shield) {
    forgetCancelInterrupt();
    scope = new CancelScope(this, scope, shield);
    return scope;
  }

  /** Opens a shield that holds for {@code graceNanos} once it has met a cancel from outside. */
  public final CancelScope openShield(long graceNanos) {
    CancelScope shield = openScope(true);
    shield.graceNanos = graceNanos;
    pendingCancel(); // the cancel may have come before
    return shield;
  }

  /** Opens a scope that cancels itself after {@code nanos} nanoseconds of the loop's time. */
  public final CancelScope openLimitedScope(long nanos, String reason) {
    CancelScope limited = openScope(false);
    LoopTimer limit =
        new LoopTimer() {
          @Override
          protected void fire() {
            limited.cancel(reason);
          }
        };
    limited.limit = limit;
    loop.addTimer(limit, loop.time().nanoTime() + nanos);
    return limited;
  }

  /** Closes the innermost scope, which must be {@code innermost}. */
  public final void closeScope(CancelScope innermost) {
    if (scope != innermost) {
      throw new IllegalStateException("cancel scopes must be closed innermost first");
    }
    innermost.cancelTimers();
    forgetCancelInterrupt();
    scope = innermost.parent;
  }

  /** What ends with the innermost stretch that the fiber is in; null if nothing. Current fiber. */
  final @Nullable ScopeResources resources() {
    for (CancelScope s = scope; s != null; s = s.parent) {
      ScopeResources resources = s.resources();
      if (resources != null) {
        return resources;
      }
    }
    return outerResources();
  }

  /** What ends with the stretch that the whole fiber is in; null if nothing. */
  protected @Nullable ScopeResources outerResources() {
    return null;
  }

  /** Cancels all that the fiber does from now on. Any thread; the first reason is kept. */
  public final void cancel(String reason) {
    if (!CANCEL_REASON.compareAndSet(this, null, reason)) {
      return;
    }
    if (loop.isCurrent()) {
      deliverCancel();
    } else {
      loop.executeQuietly(this::deliverCancel);
    }
  }

  /** Loop's thread or current fiber: makes the fiber see that it is cancelled. */
  final void deliverCancel() {
    if (!begun || find(Thread.currentThread()) == this || pendingCancel() == null) {
      return; // it will look by itself, or is shielded
    }
    Wait current = wait;
    if (current != null) {
      askToCancel(current);
    } else if (thread().isAlive()) {
      cancelInterrupted = true;
      thread().interrupt(); // ready to run, or in a wait of the JDK
    }
  }

  /** A cancel of one scope, or from outside a shield, must not reach what comes after. */
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

  /** Whether the fiber is paused in one of our waits, and in which. Loop's thread. */
  public final @Nullable Wait waiting() {
    return wait;
  }

  /**
   * Follows who waits for whom, from {@code entered} on, as far as each wait has one {@linkplain
   * Wait#blocker blocker} and that is on this loop.
   *
   * @return how many waits of others lead back to this fiber; {@link #NO_CYCLE}, or {@link
   *     #CROSSES_LOOPS} if only other loops know
   */
  public final int cycleLength(Wait entered) {
    Wait link = entered;
    for (int steps = 0; link != null && steps <= loop.fiberCount(); steps++) {
      if (link.isKnownToAnotherLoop()) {
        return CROSSES_LOOPS;
      }
      if (link.isBlockedBy(this)) {
        return steps;
      }
      Fiber blocker = link.blocker();
      if (blocker != null && blocker.loop != loop) {
        return CROSSES_LOOPS;
      }
      link = blocker == null ? null : blocker.wait;
    }
    return NO_CYCLE;
  }

  /** From here on the current fiber blocks its thread: no other fiber of the loop runs. */
  public final void beginSync() {
    if (syncDepth++ == 0) {
      loop.exclusive().begin();
    }
  }

  /** Ends {@link #beginSync}. */
  public final void endSync() {
    if (--syncDepth == 0) {
      loop.exclusive().end();
    }
  }

  @Override
  public void uncaughtException(Thread thread, Throwable error) {
    loop.reportError("an exception left the fiber " + describe(), error);
  }
}
