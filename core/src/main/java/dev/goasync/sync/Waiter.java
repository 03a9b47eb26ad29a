package dev.goasync.sync;

import dev.goasync.internal.deadlock.CycleCheck;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.LoopTimer;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.SharedSecrets;
import dev.goasync.internal.loop.ThreadWait;
import dev.goasync.internal.loop.Wait;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One caller's operation, from the moment it is asked for until it is over.
 *
 * <p>Protocol: the caller fills it in; the home loop begins it ({@link LoopPrimitive#begin}), which
 * ends it or queues it; later the home loop ends it once, with an answer, be it from another
 * operation, the time limit or a request to cancel. As all of this happens on one thread, an answer
 * is never taken back: what is completed wins over what is cancelled. The caller reads the answer
 * after it was resumed.
 */
class Waiter extends Wait implements Runnable {
  /** The answer of operations without result. */
  static final Object DONE = new Object();

  /** The answer when the time was over first. */
  static final Object TIMED_OUT = new Object();

  /** The answer when the caller was cancelled or interrupted first. */
  static final Object CANCELLED = new Object();

  /** The answer of an operation that was refused: the exception is thrown at its caller. */
  record Refused(RuntimeException why) {}

  final LoopPrimitive primitive;
  int operation;
  @Nullable Object argument;
  @Nullable Object answer;

  /** What to answer when a lock is got, if not {@link #DONE}: see {@link Condition}. */
  @Nullable Object verdict;

  /** What must be taken before it is served; null for all but places of wide selections. */
  @Nullable SelectTicket claim;

  // Owned by the queue.
  @Nullable WaitQueue queue;
  @Nullable Waiter previous;
  @Nullable Waiter next;

  private @Nullable Fiber fiber;
  private @Nullable ThreadWait thread;
  private long limitNanos = Poller.FOREVER;
  private @Nullable LoopTimer limit;
  private boolean remote;

  /** Tells a caller from elsewhere, while it waits, that the home loop ends. */
  private @Nullable Runnable onHomeClosed;

  private boolean waiting;
  private boolean over;

  Waiter(LoopPrimitive primitive) {
    this.primitive = primitive;
  }

  /** Makes the object fit for an operation of a fiber. */
  final void prepare(Fiber caller, int newOperation, @Nullable Object newArgument, long nanos) {
    if (over) {
      reset();
      over = false;
      waiting = false;
      verdict = null;
    }
    fiber = caller;
    remote = caller.loop() != primitive.home;
    operation = newOperation;
    argument = newArgument;
    limitNanos = nanos;
  }

  /** Makes the object fit for an operation of a thread. */
  final void prepare(
      ThreadWait caller, int newOperation, @Nullable Object newArgument, long nanos) {
    thread = caller;
    operation = newOperation;
    argument = newArgument;
    limitNanos = nanos;
  }

  /** Home loop: for a waiter that stands for a case of a select, and is used again. */
  final void prepareAgain() {
    answer = null;
    over = false;
    waiting = true;
  }

  /** Forgets what the operation was about, so that a spare waiter pins nothing. */
  final void forget() {
    fiber = null;
    argument = null;
    answer = null;
  }

  /** Home loop: an operation that came from elsewhere. */
  @Override
  public final void run() {
    if (over) {
      return;
    }
    try {
      primitive.begin(this);
    } catch (RuntimeException wrongUse) {
      waiting = true;
      end(new Refused(wrongUse));
      return;
    }
    if (over) {
      resume();
    } else {
      onHomeClosed = () -> end(new Refused(primitive.closedHome(null)));
      primitive.home.addCloseListener(onHomeClosed);
      startWaiting();
    }
  }

  /** Home loop: the operation was queued. */
  final void startWaiting() {
    waiting = true;
    primitive.waits++;
    if (limitNanos == Poller.FOREVER) {
      return;
    }
    LoopTimer timer = limit;
    if (timer == null) {
      timer =
          new LoopTimer() {
            @Override
            protected void fire() {
              withdraw(TIMED_OUT);
            }
          };
      limit = timer;
    }
    Loop home = primitive.home;
    home.addTimer(timer, home.time().nanoTime() + limitNanos);
  }

  /** Home loop: the operation is over; the waiter is in no queue. */
  final void end(Object newAnswer) {
    answer = newAnswer;
    over = true;
    if (limit != null) {
      primitive.home.cancelTimer(limit);
    }
    if (onHomeClosed != null) {
      primitive.home.removeCloseListener(onHomeClosed);
    }
    if (waiting) {
      resume();
    }
  }

  /** Has the caller go on. */
  void resume() {
    if (fiber != null) {
      finish(fiber);
    } else if (thread != null) {
      thread.signal();
    }
  }

  /** Home loop: the caller gives up, unless the operation is over or can no longer be stopped. */
  final void withdraw(Object newAnswer) {
    if (!over) {
      primitive.withdraw(this, newAnswer);
    }
  }

  /** Home loop: whether there is an answer. */
  final boolean isOver() {
    return over;
  }

  final @Nullable Fiber fiber() {
    return fiber;
  }

  @Override
  protected final void cancel(Fiber cancelled) {
    if (!remote) {
      withdraw(CANCELLED);
      return;
    }
    try {
      primitive.home.execute(() -> withdraw(CANCELLED));
    } catch (RejectedExecutionException homeIsClosed) {
      answer = CANCELLED;
      finish(cancelled);
    }
  }

  @Override
  public final boolean isShared() {
    return true;
  }

  @Override
  public final @Nullable Fiber blocker() {
    return remote || limitNanos != Poller.FOREVER ? null : primitive.blocker(this);
  }

  @Override
  public final boolean isKnownToAnotherLoop() {
    return remote && limitNanos == Poller.FOREVER;
  }

  @Override
  public final void visitBlocker(Consumer<Fiber> next) {
    if (isKnownToAnotherLoop()) {
      primitive.home.executeQuietly(() -> followAtHome(next));
    } else {
      super.visitBlocker(next);
    }
  }

  private void followAtHome(Consumer<Fiber> next) {
    Fiber blocking = primitive.blocker(this);
    if (!over && blocking != null) {
      next.accept(blocking);
    }
  }

  /**
   * Home loop: to be called where a {@linkplain LoopPrimitive#blocker blocker} is known. If the way
   * from there leads through other loops, a cycle is found later, and the operation refused then.
   *
   * @throws RuntimeException a {@code DeadlockException}, if that one waits for the caller
   */
  final void refuseCycle() {
    if (fiber == null || limitNanos != Poller.FOREVER) {
      return;
    }
    String cycle = CycleCheck.check(fiber, this, primitive.blocker(this), this::refuseAfterAll);
    if (cycle != null) {
      throw SharedSecrets.get().deadlock(cycle);
    }
  }

  private void refuseAfterAll(String report) {
    Refused refused = new Refused(SharedSecrets.get().deadlock(report));
    primitive.home.executeQuietly(() -> withdraw(refused));
  }

  @Override
  public final String describe() {
    return primitive.describe(this);
  }

  @Override
  public final boolean isExternal() {
    return remote || primitive.isExternal(this);
  }
}
