package dev.goasync.sync;

import dev.goasync.EventLoop;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.SharedSecrets;
import dev.goasync.internal.loop.ThreadWait;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all ways to meet have in common: a home loop that owns the state, and callers from there and
 * from elsewhere. A subclass says what an operation does on the home loop ({@link #begin}); here it
 * is brought there and waited for.
 */
abstract class LoopPrimitive {
  /** Waiters that are kept for the next operations, at most. */
  private static final int MAX_SPARES = 16;

  final Loop home;

  // Owned by the home loop.
  long waits;
  long remoteCalls;
  private @Nullable Waiter spare;
  private int spares;

  LoopPrimitive(EventLoop home) {
    Objects.requireNonNull(home, "home");
    this.home = SharedSecrets.get().loopOf(home);
  }

  /** One that shares the home of another. */
  LoopPrimitive(LoopPrimitive neighbour) {
    this.home = neighbour.home;
  }

  /**
   * Home loop: does the operation and ends it, or puts it into a queue.
   *
   * @throws RuntimeException for wrong use; the operation was not begun then
   */
  abstract void begin(Waiter waiter);

  /** What a waiter in a queue waits for, to end a sentence. */
  abstract String describe(Waiter waiter);

  /** Whether something outside the home loop may end the wait of one of its coroutines. */
  boolean isExternal(Waiter waiter) {
    return false;
  }

  /** The loop without whose work a thread waits in vain, if there is one. */
  @Nullable Loop awaitedByThreads() {
    return home;
  }

  /** The one fiber that must go on before a waiter can, if that is known. */
  @Nullable Fiber blocker(Waiter waiter) {
    return null;
  }

  /** Home loop: the caller of an operation that is not over gives up. */
  void withdraw(Waiter waiter, Object answer) {
    WaitQueue queue = waiter.queue;
    if (queue != null) {
      queue.remove(waiter);
    }
    waiter.end(answer);
  }

  // ---- the caller's side ----

  /** The current fiber if it is the home loop's, and not inside sync, else null. */
  final @Nullable Fiber fiberAtHome() {
    return Fiber.currentOf(home);
  }

  /** Who calls: a {@link Fiber}, or else a {@link Thread}. */
  static Object caller() {
    Fiber fiber = Fiber.currentEvenInSync();
    return fiber != null ? fiber : Thread.currentThread();
  }

  static long nanos(Duration timeout) {
    return SharedSecrets.get().toNanos(timeout, "timeout");
  }

  /** Like {@link #await(int, Object, long)}, without a limit. */
  final Object await(int operation, @Nullable Object argument) {
    return await(operation, argument, Poller.FOREVER);
  }

  /**
   * Has an operation done and waits until it is over.
   *
   * @param nanos {@link Poller#FOREVER} for no limit
   * @return the answer, {@link Waiter#TIMED_OUT} if the time was over first
   * @throws CancellationException if the coroutine was cancelled, or the thread interrupted, first
   */
  final Object await(int operation, @Nullable Object argument, long nanos) {
    Fiber neighbour = fiberAtHome();
    if (neighbour != null) {
      return awaitAtHome(neighbour, operation, argument, nanos);
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
    return accepted(fiber, Objects.requireNonNull(waiter.answer));
  }

  /** What {@link #await} does for a fiber of the home loop. */
  final Object awaitAtHome(Fiber fiber, int operation, @Nullable Object argument, long nanos) {
    fiber.checkCancelled();
    Waiter waiter = takeSpare();
    waiter.prepare(fiber, operation, argument, nanos);
    begin(waiter);
    if (!waiter.isOver()) {
      waiter.startWaiting();
      fiber.pause(waiter);
    }
    Object answer = Objects.requireNonNull(waiter.answer);
    keepSpare(waiter);
    return accepted(fiber, answer);
  }

  private static Object accepted(Fiber fiber, Object answer) {
    if (answer == Waiter.CANCELLED) {
      throw fiber.cancellation();
    }
    return accepted(answer);
  }

  private Object block(int operation, @Nullable Object argument, long nanos) {
    Waiter waiter = new Waiter(this);
    ThreadWait thread = new ThreadWait(awaitedByThreads());
    waiter.prepare(thread, operation, argument, nanos);
    ThreadWait.Outcome outcome =
        home.isCurrent() ? blockAtHome(waiter, thread) : blockElsewhere(waiter, thread);
    if (outcome != ThreadWait.Outcome.SIGNALLED) {
      call(
          () -> {
            waiter.withdraw(Waiter.CANCELLED);
            return null;
          });
      if (!waiter.isOver() && outcome == ThreadWait.Outcome.INTERRUPTED) { // its answer is to come
        outcome = thread.awaitUninterrupted();
      }
    }
    Object answer = waiter.answer;
    if (answer == null || answer == Waiter.CANCELLED) {
      if (outcome == ThreadWait.Outcome.DEADLOCKED) {
        throw SharedSecrets.get()
            .deadlock(
                thread.deadlockReport()
                    + "\n  thread \""
                    + Thread.currentThread().getName()
                    + "\" waits for "
                    + describe(waiter));
      }
      throw new CancellationException(
          "the thread was interrupted while it waited for " + describe(waiter));
    }
    return accepted(answer);
  }

  private ThreadWait.Outcome blockAtHome(Waiter waiter, ThreadWait thread) {
    begin(waiter);
    if (waiter.isOver()) {
      return ThreadWait.Outcome.SIGNALLED;
    }
    if (Fiber.currentEvenInSync() != null) {
      waiter.withdraw(Waiter.CANCELLED);
      throw new IllegalStateException(
          "inside sync, a coroutine cannot wait for "
              + describe(waiter)
              + ": that comes from its own loop, which sync blocks; wait outside sync");
    }
    waiter.startWaiting();
    try {
      return thread.await(Poller.FOREVER);
    } catch (IllegalStateException loopRunsAlready) {
      waiter.withdraw(Waiter.CANCELLED);
      throw loopRunsAlready;
    }
  }

  private ThreadWait.Outcome blockElsewhere(Waiter waiter, ThreadWait thread) {
    send(waiter);
    return thread.await(Poller.FOREVER);
  }

  private static Object accepted(Object answer) {
    if (answer instanceof Waiter.Refused(RuntimeException why)) {
      throw why;
    }
    return answer;
  }

  /** Does something on the home loop that never waits, and returns what it does. */
  final <R extends @Nullable Object> R call(Supplier<R> body) {
    if (home.isCurrent()) {
      return body.get();
    }
    HomeCall<R> errand = new HomeCall<>(body);
    send(errand);
    return errand.await();
  }

  private void send(Runnable message) {
    try {
      home.execute(
          () -> {
            remoteCalls++;
            message.run();
          });
    } catch (RejectedExecutionException closed) {
      throw closedHome(closed);
    }
  }

  final IllegalStateException closedHome(@Nullable Throwable cause) {
    return new IllegalStateException(
        this + " can no longer be used: its home, " + home.name() + ", is closed", cause);
  }

  // ---- waiters of the home loop's fibers are used again ----

  private Waiter takeSpare() {
    Waiter waiter = spare;
    if (waiter == null) {
      return new Waiter(this);
    }
    spare = waiter.next;
    waiter.next = null;
    spares--;
    return waiter;
  }

  private void keepSpare(Waiter waiter) {
    waiter.forget();
    if (spares < MAX_SPARES) {
      waiter.next = spare;
      spare = waiter;
      spares++;
    }
  }
}
