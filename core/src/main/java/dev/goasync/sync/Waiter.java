package dev.goasync.sync;

import dev.goasync.internal.deadlock.CycleCheck;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.LoopTimer;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.ThreadWait;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.task.SharedSecrets;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One operation of one caller on a {@link LoopPrimitive}, and the entry of that operation in a
 * {@link WaitQueue}.
 *
 * <p><b>States</b>, all changed by the home loop after the caller has prepared the waiter:
 *
 * <pre>
 * prepared --begin ends it-->          over     the caller never pauses if it is at home
 * prepared --begin queues it-->        waiting
 * waiting  --another operation-->      over     {@code end(answer)}
 * waiting  --timeout, cancel, close--> over     {@code withdraw(answer)}, then {@code end(answer)}
 * over     --caller has the answer-->  prepared {@code clear}, {@code prepare}
 * </pre>
 *
 * <p>An operation ends once. All of this happens on one thread, so an answer is never revoked: a
 * completed operation wins over a later cancel. The caller reads the answer after it was resumed.
 *
 * <p><b>Operation codes</b> are private to each primitive: {@code SEND} and {@code RECEIVE} of a
 * channel, {@code READ} and {@code WRITE} of a lock, {@code CHOOSE} and {@code TRY} of a select,
 * the number of permits of a semaphore.
 *
 * <p><b>Answers</b> are plain objects, so that a value passes from sender to receiver without an
 * allocation:
 *
 * <table>
 * <caption>Answers</caption>
 * <tr><td>{@link Outcome}</td><td>an end without a result, see its constants</td></tr>
 * <tr><td>{@link Refused}</td><td>an exception for the caller</td></tr>
 * <tr><td>{@code Channel.Closed}</td><td>the channel was closed, perhaps with a cause</td></tr>
 * <tr><td>{@link Clause}</td><td>the clause that a select has chosen</td></tr>
 * <tr><td>any other object</td><td>the received value, or a barrier's arrival index</td></tr>
 * </table>
 */
class Waiter extends Wait implements Runnable {
  /** Answers that carry no data. */
  enum Outcome {
    /** The operation was done; it has no result. */
    DONE,
    /** The timeout expired first. */
    TIMED_OUT,
    /** The caller was cancelled or interrupted first. */
    CANCELLED,
    /** No clause of a select with {@code otherwise} is ready. */
    NOT_READY
  }

  /** The answer of an operation that was refused: its caller throws the exception. */
  record Refused(RuntimeException reason) {}

  final LoopPrimitive primitive;
  int operation;
  @Nullable Object argument;
  @Nullable Object answer;

  /** The answer to give with the lock, if not {@link Outcome#DONE}; see {@link Condition}. */
  @Nullable Object answerWithLock;

  /** The ticket to commit before serving the waiter; null unless a cross-loop select waits. */
  @Nullable SelectTicket ticket;

  // Owned by the queue.
  @Nullable WaitQueue queue;
  @Nullable Waiter previous;
  @Nullable Waiter next;

  private @Nullable Fiber fiber;
  private @Nullable ThreadWait thread;
  private long timeoutNanos = Poller.FOREVER;
  private @Nullable LoopTimer timer;

  /** Whether the caller is a fiber of another loop. */
  private boolean remote;

  /** Refuses the operation of a remote caller if the home loop closes meanwhile. */
  private @Nullable Runnable onHomeClosed;

  private boolean waiting;
  private boolean over;

  Waiter(LoopPrimitive primitive) {
    this.primitive = primitive;
  }

  /** Caller: prepares the waiter for an operation of a fiber. */
  final void prepare(Fiber caller, int newOperation, @Nullable Object newArgument, long nanos) {
    if (over) {
      reset();
      over = false;
      waiting = false;
      answerWithLock = null;
    }
    fiber = caller;
    remote = caller.loop() != primitive.home;
    operation = newOperation;
    argument = newArgument;
    timeoutNanos = nanos;
  }

  /** Caller: prepares the waiter for an operation of a thread. */
  final void prepare(
      ThreadWait caller, int newOperation, @Nullable Object newArgument, long nanos) {
    thread = caller;
    operation = newOperation;
    argument = newArgument;
    timeoutNanos = nanos;
  }

  /** Home loop: prepares the waiter of a select's clause, which the select reuses in each run. */
  final void prepareAgain() {
    answer = null;
    over = false;
    waiting = true;
  }

  /** Clears the references of the last operation, so that a spare waiter retains no objects. */
  final void clear() {
    fiber = null;
    argument = null;
    answer = null;
  }

  /** Home loop: begins an operation that another loop or thread has sent. */
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
      onHomeClosed = () -> end(new Refused(primitive.homeClosed(null)));
      primitive.home.addCloseListener(onHomeClosed);
      startWaiting();
    }
  }

  /** Home loop: the operation was queued; starts its timeout. */
  final void startWaiting() {
    waiting = true;
    primitive.suspensions++;
    if (timeoutNanos == Poller.FOREVER) {
      return;
    }
    LoopTimer timeout = timer;
    if (timeout == null) {
      timeout =
          new LoopTimer() {
            @Override
            protected void fire() {
              withdraw(Outcome.TIMED_OUT);
            }
          };
      timer = timeout;
    }
    Loop home = primitive.home;
    home.addTimer(timeout, home.time().nanoTime() + timeoutNanos);
  }

  /** Home loop: ends the operation; the waiter is in no queue. */
  final void end(Object newAnswer) {
    answer = newAnswer;
    over = true;
    if (timer != null) {
      primitive.home.cancelTimer(timer);
    }
    if (onHomeClosed != null) {
      primitive.home.removeCloseListener(onHomeClosed);
    }
    if (waiting) {
      resume();
    }
  }

  /** Resumes the caller. */
  void resume() {
    if (fiber != null) {
      finish(fiber);
    } else if (thread != null) {
      thread.signal();
    }
  }

  /** Home loop: ends the wait, unless the operation is over or can no longer be stopped. */
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
      withdraw(Outcome.CANCELLED);
      return;
    }
    try {
      primitive.home.execute(() -> withdraw(Outcome.CANCELLED));
    } catch (RejectedExecutionException homeIsClosed) {
      answer = Outcome.CANCELLED;
      finish(cancelled);
    }
  }

  @Override
  public final boolean isShared() {
    return true;
  }

  // ---- the wait-for graph ----

  @Override
  public final @Nullable Fiber blocker() {
    return remote || timeoutNanos != Poller.FOREVER ? null : primitive.blocker(this);
  }

  @Override
  public final boolean isKnownToAnotherLoop() {
    return remote && timeoutNanos == Poller.FOREVER;
  }

  @Override
  public final void visitBlocker(Consumer<Fiber> next) {
    if (isKnownToAnotherLoop()) {
      primitive.home.executeQuietly(() -> visitBlockerAtHome(next));
    } else {
      super.visitBlocker(next);
    }
  }

  private void visitBlockerAtHome(Consumer<Fiber> next) {
    Fiber blocking = primitive.blocker(this);
    if (!over && blocking != null) {
      next.accept(blocking);
    }
  }

  /**
   * Home loop: refuses an operation whose {@linkplain LoopPrimitive#blocker blocker} waits for the
   * caller. If the path from the blocker crosses other loops, a probe follows it, and the operation
   * is refused later if the probe returns.
   *
   * @throws RuntimeException a {@code DeadlockException}, if the cycle is within this loop
   */
  final void refuseCycle() {
    if (fiber == null || timeoutNanos != Poller.FOREVER) {
      return;
    }
    String cycle = CycleCheck.check(fiber, this, primitive.blocker(this), this::refuseLater);
    if (cycle != null) {
      throw SharedSecrets.get().deadlock(cycle);
    }
  }

  private void refuseLater(String report) {
    Refused refused = new Refused(SharedSecrets.get().deadlock(report));
    primitive.home.executeQuietly(() -> withdraw(refused));
  }

  @Override
  public final String describe() {
    return primitive.describe(this);
  }

  @Override
  public final Object kind() {
    return primitive;
  }

  @Override
  public final boolean isExternal() {
    return remote || primitive.isExternal(this);
  }

  @Override
  public final boolean needsOtherFibers() {
    return timeoutNanos == Poller.FOREVER && !primitive.isTimed(this) && !isExternal();
  }
}
