package dev.goasync.internal.vthread;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@linkplain ConfinedThread confined threads} one at a time, in the order that an executor
 * chooses.
 *
 * <p>In full mode the executor receives each thread's continuation and runs it on its own thread.
 *
 * <p>In portable mode confined threads are ordinary virtual threads, and a permit decides which one
 * runs:
 *
 * <ol>
 *   <li>A thread that is ready gives the executor a {@link Request} for the permit.
 *   <li>The executor's thread runs the request: it sets {@link #holder}, unparks the holder, and
 *       parks until the permit is back.
 *   <li>The holder runs until it parks, yields or ends. Then it asks {@link #nextRequest} for what
 *       the executor would run next. If that is a request, the permit goes straight to that thread,
 *       which spares two switches between threads; otherwise {@code holder} becomes null and the
 *       executor's thread goes on.
 * </ol>
 *
 * So at any moment exactly one of the holder and the executor's thread runs, and each hand-over,
 * through the volatile {@code holder}, makes the writes of one visible to the next.
 */
public final class ConfinedScheduler {
  final Executor executor;

  /** The thread with the permit; null while the executor's thread runs. Written by the holder. */
  private volatile @Nullable ConfinedThread holder;

  /** The executor's thread while it waits for the permit. */
  private volatile @Nullable Thread parkedExecutor;

  private final Supplier<@Nullable Request> nextRequest;
  private final @Nullable Consumer<Thread> starter;

  /** A request of a confined thread for the permit. */
  public final class Request implements Runnable {
    private final ConfinedThread requester;

    Request(ConfinedThread requester) {
      this.requester = requester;
    }

    @Override
    public void run() {
      lendPermit(requester);
    }
  }

  /** Confined threads will run where {@code executor} runs its tasks. */
  public ConfinedScheduler(Executor executor) {
    this(executor, () -> null, null);
  }

  /**
   * @param nextRequest portable mode: called by a thread that returns the permit; removes from the
   *     executor the task that it would run next if that is a request, else returns null
   * @param starter full mode: starts the virtual thread that it is given; null for {@link
   *     Thread#start}
   */
  public ConfinedScheduler(
      Executor executor,
      Supplier<@Nullable Request> nextRequest,
      @Nullable Consumer<Thread> starter) {
    this.executor = executor;
    this.nextRequest = nextRequest;
    this.starter = starter;
  }

  void startThread(Thread thread) {
    if (starter == null) {
      thread.start();
    } else {
      starter.accept(thread);
    }
  }

  /** Executor's thread: gives the permit to {@code requester} and waits until it is back. */
  private void lendPermit(ConfinedThread requester) {
    parkedExecutor = Thread.currentThread();
    handPermitTo(requester);
    boolean interrupted = false;
    while (holder != null) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void handPermitTo(ConfinedThread next) {
    next.beforePermit();
    holder = next;
    next.wakeWithPermit();
  }

  /** The holder's thread: hands the permit to the next request, or back to the executor. */
  void releasePermit() {
    Request next = nextRequest.get();
    if (next != null) {
      handPermitTo(next.requester);
      return;
    }
    Thread waiting = parkedExecutor;
    holder = null;
    LockSupport.unpark(waiting);
  }

  boolean isHeldBy(ConfinedThread candidate) {
    return holder == candidate;
  }
}
