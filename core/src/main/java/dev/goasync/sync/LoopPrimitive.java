package dev.goasync.sync;

import dev.goasync.EventLoop;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.ThreadWait;
import dev.goasync.internal.task.SharedSecrets;
import dev.goasync.internal.util.Durations;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Base class of the synchronization primitives: state that a home loop owns, and operations that
 * run on that loop for callers on any thread.
 *
 * <p><b>How an operation runs.</b> A public method of the subclass calls {@link #await} with a code
 * for the operation. There are three cases:
 *
 * <ul>
 *   <li>The caller is a fiber of the home loop. {@link #begin} runs at once on the caller's stack.
 *       If the operation has not ended then, the fiber pauses.
 *   <li>The caller is a fiber of another loop. The {@link Waiter} is sent to the home loop, which
 *       calls {@link #begin}; the fiber pauses.
 *   <li>The caller is a plain thread. It does the same with a {@link ThreadWait} in place of the
 *       fiber, and runs the home loop itself if the thread owns that loop.
 * </ul>
 *
 * <p>Operations that never wait go through {@link #call} instead. As the home loop runs one thing
 * at a time, the fields of a subclass need no locks and no volatile access.
 *
 * <p>A new primitive is a subclass with {@link #begin}, {@link #describe} and, if a waiter that
 * leaves can let others proceed, {@link #withdraw}.
 */
abstract class LoopPrimitive {
  /** How many unused waiters are kept for the next operations. */
  private static final int MAX_SPARE_WAITERS = 16;

  final Loop home;

  // Owned by the home loop.
  long suspensions;
  long remoteCalls;
  private @Nullable Waiter spareWaiters;
  private int spareCount;

  LoopPrimitive(EventLoop home) {
    Objects.requireNonNull(home, "home");
    this.home = SharedSecrets.get().loopOf(home);
  }

  /** A primitive with the same home loop as {@code neighbour}. */
  LoopPrimitive(LoopPrimitive neighbour) {
    this.home = neighbour.home;
  }

  /**
   * Home loop: performs the operation of {@code waiter} and ends the waiter, or adds the waiter to
   * a queue.
   *
   * @throws RuntimeException if the caller used the primitive wrongly; the state is unchanged then
   */
  abstract void begin(Waiter waiter);

  /** Describes what a queued waiter waits for, as the end of a sentence "it waits for …". */
  abstract String describe(Waiter waiter);

  /** Whether an event outside the home loop can end the wait of a fiber of the home loop. */
  boolean isExternal(Waiter waiter) {
    return false;
  }

  /** Whether a timer of the home loop is going to end the wait. */
  boolean isTimed(Waiter waiter) {
    return false;
  }

  /** The loop that must run for a waiting thread to proceed; null if there is no single one. */
  @Nullable Loop awaitedByThreads() {
    return home;
  }

  /** The fiber that must proceed before {@code waiter} can; null if there is no single one. */
  @Nullable Fiber blocker(Waiter waiter) {
    return null;
  }

  /** Home loop: removes a waiter that has not ended from its queue and ends it with the answer. */
  void withdraw(Waiter waiter, Object answer) {
    WaitQueue queue = waiter.queue;
    if (queue != null) {
      queue.remove(waiter);
    }
    waiter.end(answer);
  }

  // ---- caller's side ----

  /** The current fiber if it belongs to the home loop and is not inside sync, else null. */
  final @Nullable Fiber fiberAtHome() {
    return Fiber.currentOf(home);
  }

  /** The identity of the caller for locks: its {@link Fiber}, or its {@link Thread}. */
  static Object caller() {
    Fiber fiber = Fiber.currentIncludingSync();
    return fiber != null ? fiber : Thread.currentThread();
  }

  static long nanos(Duration timeout) {
    return Durations.toNanos(timeout, "timeout");
  }

  /** Performs an operation and waits for its end, without a timeout. */
  final Object await(int operation, @Nullable Object argument) {
    return await(operation, argument, Poller.FOREVER);
  }

  /**
   * Performs an operation and waits for its end.
   *
   * @param nanos the timeout; {@link Poller#FOREVER} for none
   * @return the answer, see {@link Waiter}; {@link Waiter.Outcome#TIMED_OUT} if the timeout expired
   * @throws CancellationException if the coroutine was cancelled, or the thread interrupted, first
   */
  final Object await(int operation, @Nullable Object argument, long nanos) {
    Fiber fiberAtHome = fiberAtHome();
    if (fiberAtHome != null) {
      return awaitAtHome(fiberAtHome, operation, argument, nanos);
    }
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      return block(operation, argument, nanos);
    }
    fiber.checkCancelled();
    Waiter waiter = new Waiter(this);
    waiter.prepare(fiber, operation, argument, nanos);
    send(waiter);
    fiber.pause(waiter);
    return checked(fiber, Objects.requireNonNull(waiter.answer));
  }

  /** {@link #await(int, Object, long)} for a fiber of the home loop. */
  final Object awaitAtHome(Fiber fiber, int operation, @Nullable Object argument, long nanos) {
    fiber.checkCancelled();
    Waiter waiter = acquireWaiter();
    waiter.prepare(fiber, operation, argument, nanos);
    begin(waiter);
    if (!waiter.isOver()) {
      waiter.startWaiting();
      fiber.pause(waiter);
    }
    Object answer = Objects.requireNonNull(waiter.answer);
    releaseWaiter(waiter);
    return checked(fiber, answer);
  }

  private static Object checked(Fiber fiber, Object answer) {
    if (answer == Waiter.Outcome.CANCELLED) {
      throw fiber.cancellation();
    }
    return checked(answer);
  }

  private static Object checked(Object answer) {
    if (answer instanceof Waiter.Refused(RuntimeException reason)) {
      throw reason;
    }
    return answer;
  }

  /** {@link #await(int, Object, long)} for a plain thread. */
  private Object block(int operation, @Nullable Object argument, long nanos) {
    Waiter waiter = new Waiter(this);
    ThreadWait thread = new ThreadWait(awaitedByThreads());
    waiter.prepare(thread, operation, argument, nanos);
    ThreadWait.Outcome outcome =
        home.isCurrent() ? blockAtHome(waiter, thread) : blockElsewhere(waiter, thread);
    if (outcome != ThreadWait.Outcome.SIGNALLED) {
      call(() -> {
        waiter.withdraw(Waiter.Outcome.CANCELLED);
        return null;
      });
      // A waiter that has not ended by this withdrawal ends later, such as with a lock it needs.
      if (!waiter.isOver() && outcome == ThreadWait.Outcome.INTERRUPTED) {
        outcome = thread.awaitUninterrupted();
      }
    }
    Object answer = waiter.answer;
    if (answer == null || answer == Waiter.Outcome.CANCELLED) {
      throw outcome == ThreadWait.Outcome.DEADLOCKED
          ? deadlock(waiter, thread)
          : new CancellationException(
              "the thread was interrupted while it waited for " + describe(waiter));
    }
    return checked(answer);
  }

  private RuntimeException deadlock(Waiter waiter, ThreadWait thread) {
    return SharedSecrets.get()
        .deadlock(
            thread.deadlockReport()
                + "\n  thread \""
                + Thread.currentThread().getName()
                + "\" waits for "
                + describe(waiter));
  }

  private ThreadWait.Outcome blockAtHome(Waiter waiter, ThreadWait thread) {
    begin(waiter);
    if (waiter.isOver()) {
      return ThreadWait.Outcome.SIGNALLED;
    }
    if (Fiber.currentIncludingSync() != null) {
      waiter.withdraw(Waiter.Outcome.CANCELLED);
      throw new IllegalStateException(
          "inside sync, a coroutine cannot wait for "
              + describe(waiter)
              + ": sync blocks the loop that would provide it; wait outside sync");
    }
    waiter.startWaiting();
    try {
      return thread.await(Poller.FOREVER);
    } catch (IllegalStateException loopRunsAlready) {
      waiter.withdraw(Waiter.Outcome.CANCELLED);
      throw loopRunsAlready;
    }
  }

  private ThreadWait.Outcome blockElsewhere(Waiter waiter, ThreadWait thread) {
    send(waiter);
    return thread.await(Poller.FOREVER);
  }

  /** Runs {@code body}, which must not wait, on the home loop and returns its result. */
  final <R extends @Nullable Object> R call(Supplier<R> body) {
    if (home.isCurrent()) {
      return body.get();
    }
    HomeCall<R> call = new HomeCall<>(body);
    send(call);
    return call.await();
  }

  private void send(Runnable message) {
    try {
      home.execute(() -> {
        remoteCalls++;
        message.run();
      });
    } catch (RejectedExecutionException closed) {
      throw homeClosed(closed);
    }
  }

  final IllegalStateException homeClosed(@Nullable Throwable cause) {
    return new IllegalStateException(
        this + " can no longer be used: its home loop, " + home.name() + ", is closed", cause);
  }

  // ---- waiters of the home loop's fibers are reused ----

  private Waiter acquireWaiter() {
    Waiter waiter = spareWaiters;
    if (waiter == null) {
      return new Waiter(this);
    }
    spareWaiters = waiter.next;
    waiter.next = null;
    spareCount--;
    return waiter;
  }

  private void releaseWaiter(Waiter waiter) {
    waiter.clear();
    if (spareCount < MAX_SPARE_WAITERS) {
      waiter.next = spareWaiters;
      spareWaiters = waiter;
      spareCount++;
    }
  }
}
