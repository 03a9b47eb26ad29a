package dev.goasync.internal.vthread;

import dev.goasync.internal.util.Log;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine stack that is a virtual thread of its own, the <em>stack thread</em>. Of this thread
 * and its <em>mounter</em>, the thread that mounted the stack, exactly one runs; the other waits.
 *
 * <p>While mounted, the stack thread acts for its mounter: a wake-up or an interrupt of the mounter
 * is passed on to the stack thread. So it can pause on behalf of a mounter that is a fiber ({@link
 * #confinedMounter}).
 *
 * <p>A confined stack is the scheduler of its own thread, and the kind of mounter decides where the
 * continuation runs: a platform thread runs it itself; the executor of a confined thread runs it
 * beside the mounter's; a stack thread that mounts leaves it to its own mounter. Only if the
 * mounter is a virtual thread of the JDK's scheduler does the stack thread run in parallel to the
 * mounter's wait, as an unconfined stack always does.
 */
public final class ThreadStack extends CoroutineStack implements Executor {
  private static final int MAX_MOVES = 100;

  private final Thread thread;
  private final boolean confined;

  /** Continuations of stacks, for a mounter that is a platform thread to run. */
  private final ConcurrentLinkedQueue<Runnable> continuations = new ConcurrentLinkedQueue<>();

  /** The thread that mounted the stack; null while unmounted. Written by the mounter. */
  private volatile @Nullable Thread mounter;

  /** The confined thread that the mounter is or acts for. Written by the mounter. */
  private volatile @Nullable ConfinedThread confinedMounter;

  /** Where continuations run while the current mounter waits. Written by the mounter. */
  private volatile Executor runner = SchedulerAccess.jdkScheduler();

  /** Where the continuation was given to run last. */
  private volatile Executor carriedBy = SchedulerAccess.jdkScheduler();

  /** Whether the stack thread runs; otherwise the mounter does. */
  private volatile boolean inside;

  /** The stack thread unmounts by a yield: the continuation that is executed next is for later. */
  private volatile boolean leaving;

  /** The continuation, always the same object; the first that is executed. */
  private volatile @Nullable Runnable own;

  /** The continuation was executed and is not yet given to a runner. */
  private final AtomicBoolean kept = new AtomicBoolean();

  private boolean started;

  /** The stack thread was interrupted when it unmounted; the interrupt moves to the mounter. */
  private boolean leftInterrupted;

  ThreadStack(Runnable body, boolean confined) {
    this.confined = confined;
    this.thread =
        SchedulerAccess.newThread(
            confined ? this : SchedulerAccess.jdkScheduler(), () -> run(body));
    thread.setName("coroutine");
  }

  /**
   * The confined thread for which {@code current}, the current thread, runs as the thread of this
   * stack; null if the mounter is another kind of thread.
   */
  @Nullable ConfinedThread confinedMounter(Thread current) {
    return current == thread ? confinedMounter : null;
  }

  // ---- the mounter's side ----

  @Override
  public void mount() {
    Thread me = Thread.currentThread();
    mounter = me;
    confinedMounter = me.isVirtual() ? ConfinedThread.of(me) : null;
    runner = runnerFor(me);
    inside = true;
    passInterruptOn();
    if (!started) {
      started = true;
      thread.start();
    } else if (!runKept()) {
      LockSupport.unpark(thread);
    }
    while (inside) {
      Runnable continuation = continuations.poll();
      if (continuation != null) {
        continuation.run();
      } else {
        awaitWakeUp();
      }
    }
    mounter = null;
    confinedMounter = null;
    if (leftInterrupted) {
      me.interrupt();
    }
  }

  private void awaitWakeUp() {
    LockSupport.park(this);
    if (inside) {
      passInterruptOn();
      if (continuations.isEmpty()) {
        LockSupport.unpark(thread); // meant for the mounter, for which the stack thread acts
      }
    }
  }

  private void passInterruptOn() {
    if (Thread.interrupted()) {
      thread.interrupt();
    }
  }

  private Executor runnerFor(Thread newMounter) {
    if (!confined) {
      return SchedulerAccess.jdkScheduler();
    }
    if (!newMounter.isVirtual()) {
      return continuation -> {
        continuations.add(continuation);
        LockSupport.unpark(newMounter);
      };
    }
    return switch (SchedulerAccess.schedulerOf(newMounter)) {
      case ThreadStack outer when outer.thread == newMounter -> outer.runner;
      case ConfinedThread fiber when fiber.thread() == newMounter -> fiber.executor();
      case null, default -> SchedulerAccess.jdkScheduler();
    };
  }

  // ---- the stack thread's side ----

  private void run(Runnable body) {
    if (!SchedulerAccess.isFullMode()) {
      ConfinedThread.setOwner(this);
    }
    try {
      body.run();
    } catch (Throwable bug) {
      Log.error("the body of a coroutine threw to its stack, which must not happen", bug);
    }
    leftInterrupted = Thread.interrupted();
    resumeMounter();
  }

  @Override
  public boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  @Override
  public void unmount() {
    leftInterrupted = Thread.interrupted();
    if (runner == SchedulerAccess.jdkScheduler()) {
      unmountByPark();
    } else {
      unmountByYield();
    }
  }

  /** The mounter's carrier runs this thread too, and a pinned park would block it. */
  private void unmountByYield() {
    leaving = true;
    Thread.yield();
    if (leaving) {
      leaving = false;
      if (leftInterrupted) {
        thread.interrupt();
      }
      throw pinned(null);
    }
  }

  /** The JDK's scheduler runs the mounter even if this park is pinned. */
  private void unmountByPark() {
    resumeMounter();
    boolean interrupted = false;
    while (!inside) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    interrupted |= moveToRunner();
    if (interrupted) {
      thread.interrupt();
    }
  }

  /**
   * Moves this thread to the runner of the present mounter. It may mount the stack before this
   * thread has parked; then this thread still runs where its last mounter had it. A short park
   * makes the JDK execute the continuation, which goes to the new runner. A park may end without
   * that: a permit was left over or arrived meanwhile. Every park does if the stack is pinned; then
   * the thread stays where it is.
   *
   * @return whether the thread was interrupted meanwhile
   */
  private boolean moveToRunner() {
    boolean interrupted = false;
    for (int i = 0; carriedBy != runner && i < MAX_MOVES; i++) {
      LockSupport.parkNanos(this, 1);
      interrupted |= Thread.interrupted();
    }
    return interrupted;
  }

  private void resumeMounter() {
    Thread waiting = mounter;
    inside = false;
    LockSupport.unpark(waiting);
  }

  // ---- the stack thread's scheduler ----

  /**
   * Called by the JDK to run a continuation, of the stack thread or of a thread that inherited its
   * scheduler.
   */
  @Override
  public void execute(Runnable continuation) {
    if (own == null) {
      own = continuation;
    }
    if (continuation != own) {
      SchedulerAccess.jdkScheduler().execute(continuation);
      return;
    }
    kept.set(true);
    if (leaving) {
      leaving = false;
      resumeMounter();
    } else if (inside) {
      runKept();
    }
  }

  /**
   * Gives the kept continuation to the runner. Called after each write of {@link #kept} and of
   * {@link #inside}, so one of the two callers sees both and runs it once.
   */
  private boolean runKept() {
    Runnable continuation = own;
    if (continuation == null || !kept.compareAndSet(true, false)) {
      return false;
    }
    Executor current = runner;
    carriedBy = current;
    current.execute(continuation);
    return true;
  }
}
