package dev.goasync.internal.vthread;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A stack that is a virtual thread of its own: the guest. Exactly one of it and its host, the
 * thread that mounted it, runs; the other waits.
 *
 * <p>While mounted the guest acts for its host: whoever wakes or interrupts the host, which waits,
 * has that passed on to the guest. So a guest can pause on behalf of a host that is a coroutine
 * ({@link #hostOf}).
 *
 * <p>A confined guest is its own scheduler. A platform thread as host runs the guest's continuation
 * itself; a host with a scheduler of ours has it run there, next to the host, and a guest as host
 * leaves it to its own host. Only for a host of the JDK's scheduler the guest runs in parallel to
 * the host's waiting, as an unconfined guest always does.
 */
public final class ThreadStack extends CoroutineStack
    implements Executor, Thread.UncaughtExceptionHandler {
  private static final int MAX_MOVES = 100;

  private final Thread thread;
  private final boolean confined;

  /** What a platform thread as host is given to run: guests' continuations. */
  private final ConcurrentLinkedQueue<Runnable> errands = new ConcurrentLinkedQueue<>();

  /** Who mounted the stack; null while unmounted. Written by the host. */
  private volatile @Nullable Thread host;

  /** Where continuations run while this host waits. Written by the host. */
  private volatile Executor runner = SchedulerAccess.jdkScheduler();

  /** Where the continuation was given to run last. */
  private volatile Executor carriedBy = SchedulerAccess.jdkScheduler();

  /** Whose turn it is: the guest's, or else the host's. */
  private volatile boolean inside;

  /** The guest is being put aside by a yield: the continuation handed in next is for later. */
  private volatile boolean leaving;

  /** The continuation, always the same object, as handed in at the start. */
  private volatile @Nullable Runnable own;

  /** The continuation was handed in and nobody was told to run it. */
  private final AtomicBoolean kept = new AtomicBoolean();

  private boolean started;

  /** The guest had been interrupted when it left; from there on the host has. */
  private boolean leftInterrupted;

  ThreadStack(Runnable body, boolean confined) {
    this.confined = confined;
    this.thread =
        SchedulerAccess.builder(confined ? this : SchedulerAccess.jdkScheduler())
            .name("coroutine")
            .unstarted(() -> live(body));
    thread.setUncaughtExceptionHandler(this);
  }

  /**
   * The thread for which {@code candidate} acts as guest right now, or null; also null for guests
   * that do not run where their host would, and so must not touch what only the host's loop may.
   */
  public static @Nullable Thread hostOf(Thread candidate) {
    return candidate.getUncaughtExceptionHandler() instanceof ThreadStack guest
            && guest.thread == candidate
            && guest.confined == SchedulerAccess.isFullMode()
        ? guest.host
        : null;
  }

  // ---- the host's side ----

  @Override
  public void mount() {
    Thread me = Thread.currentThread();
    host = me;
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
      Runnable errand = errands.poll();
      if (errand != null) {
        errand.run();
      } else {
        awaitWakeUp();
      }
    }
    host = null;
    if (leftInterrupted) {
      me.interrupt();
    }
  }

  private void awaitWakeUp() {
    LockSupport.park(this);
    if (inside) {
      passInterruptOn();
      if (errands.isEmpty()) {
        LockSupport.unpark(thread); // meant for the host's coroutine, for which the guest acts
      }
    }
  }

  private void passInterruptOn() {
    if (Thread.interrupted()) {
      thread.interrupt();
    }
  }

  private Executor runnerFor(Thread newHost) {
    if (!confined) {
      return SchedulerAccess.jdkScheduler();
    }
    if (!newHost.isVirtual()) {
      return errand -> {
        errands.add(errand);
        LockSupport.unpark(newHost);
      };
    }
    Executor scheduler = SchedulerAccess.schedulerOf(newHost);
    if (scheduler instanceof ThreadStack outer) {
      return outer.thread == newHost ? outer.runner : SchedulerAccess.jdkScheduler();
    }
    return scheduler == null ? SchedulerAccess.jdkScheduler() : scheduler;
  }

  // ---- the guest's side ----

  private void live(Runnable body) {
    body.run();
    leftInterrupted = Thread.interrupted();
    giveTurnBack();
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

  /** The host's carrier is ours too, and would be blocked by a park that is pinned. */
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

  /** The JDK's scheduler sees to the host even where the park is pinned. */
  private void unmountByPark() {
    giveTurnBack();
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
   * The next host may mount us before we are parked; then we still run where the last one had us. A
   * short park has the continuation handed in, and so given to the new runner. Some are in vain: a
   * permit was left over, or came while we parked, and then the JDK goes on where we are. All are
   * if a frame cannot be put aside; then there is no way to move.
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

  private void giveTurnBack() {
    Thread waiting = host;
    inside = false;
    LockSupport.unpark(waiting);
  }

  // ---- the guest's scheduler ----

  /** The JDK hands in the continuation of the guest, or of a thread that the guest started. */
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
      giveTurnBack();
    } else if (inside) {
      runKept();
    }
  }

  /** Either who keeps the continuation or who mounts sees the other's write, and runs it once. */
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

  @Override
  public void uncaughtException(Thread where, Throwable error) {
    System.getLogger("dev.goasync")
        .log(System.Logger.Level.ERROR, "a coroutine's body must not throw", error);
  }
}
