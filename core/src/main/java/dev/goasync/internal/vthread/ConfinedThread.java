package dev.goasync.internal.vthread;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread confined to a {@link ConfinedScheduler}: between two calls of {@link #park} no
 * other confined thread of the same scheduler runs.
 *
 * <p>Parking and unparking follow {@link LockSupport}: an unpark that comes first makes the next
 * park return at once, several unparks count as one, and a park may return for no reason, so
 * callers loop.
 *
 * <p><b>Full mode.</b> The object is the scheduler that the JDK knows of the thread, so code that
 * runs on the thread finds its {@code ConfinedThread} by reading the thread's scheduler ({@link
 * #of}). A virtual thread that is started by code on this thread inherits the scheduler; {@link
 * #execute} passes such a continuation on to the JDK's own scheduler. So threads that the JDK or a
 * library starts on first use, for instance the JDK's socket pollers, never depend on our executor.
 *
 * <p><b>Portable mode.</b> The thread is an ordinary virtual thread with a permit (see {@link
 * ConfinedScheduler}) and a thread-local. Its states, each changed by compare-and-set:
 *
 * <pre>
 *   NEW ──start──► READY ──permit──► RUNNING ──park──► PARKED ──unpark──► UNPARKED ──permit──► RUNNING
 *                                    RUNNING ──yield──► READY
 * </pre>
 *
 * In READY, UNPARKED and READY_UNPARKED exactly one request for the permit is with the executor.
 * RUNNING_UNPARKED and READY_UNPARKED remember an unpark that found no park to end. The thread
 * itself makes the transitions by start, park and yield; any thread unparks; the previous holder of
 * the permit, or the executor's thread, makes those by permit.
 */
public abstract class ConfinedThread implements Runnable, Executor {
  private static final boolean FULL_MODE = SchedulerAccess.isFullMode();
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(ConfinedThread.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int NEW = 0;
  private static final int READY = 1;
  private static final int READY_UNPARKED = 2;
  private static final int UNPARKED = 3;
  private static final int RUNNING = 4;
  private static final int RUNNING_UNPARKED = 5;
  private static final int PARKED = 6;

  /** Portable mode: the thread's {@link ConfinedThread} or {@link ThreadStack}. */
  private static final class Portable {
    static final ThreadLocal<@Nullable Object> OWNER = new ThreadLocal<>();

    private Portable() {}
  }

  private final ConfinedScheduler scheduler;
  private final Thread thread;

  /** Full mode: the thread's continuation, always the same object; the first that is executed. */
  private @Nullable Runnable continuation;

  private volatile int state;
  private boolean threadStarted;

  /** Creates a confined thread without starting it. */
  protected ConfinedThread(ConfinedScheduler scheduler) {
    this.scheduler = scheduler;
    this.thread = SchedulerAccess.newThread(this, this);
  }

  /** A confined thread on a given thread, for model checkers that cannot run virtual threads. */
  protected ConfinedThread(ConfinedScheduler scheduler, Thread given) {
    this.scheduler = scheduler;
    this.thread = given;
  }

  /** The work of the thread; must not throw. */
  protected abstract void body();

  /**
   * The confined thread that the current thread is, or on whose behalf the current thread runs as
   * the stack of a coroutine that it has mounted; null for all other threads.
   *
   * @param current the current thread, which must be virtual
   */
  public static @Nullable ConfinedThread of(Thread current) {
    Object owner = FULL_MODE ? SchedulerAccess.schedulerOf(current) : Portable.OWNER.get();
    if (owner instanceof ConfinedThread confined) {
      return confined.thread == current ? confined : null;
    }
    return owner instanceof ThreadStack stack ? stack.confinedMounter(current) : null;
  }

  /** Portable mode: makes {@link #of} find {@code owner} on the current thread. */
  static void setOwner(Object owner) {
    Portable.OWNER.set(owner);
  }

  /** The executor that runs confined threads of this one's scheduler. */
  final Executor executor() {
    return scheduler.executor;
  }

  /** The virtual thread. */
  public final Thread thread() {
    return thread;
  }

  /**
   * Binds the current thread's scoped values in this thread, which has not started. No effect in
   * portable mode.
   */
  public final void inheritScopedValues() {
    ScopedValues.inherit(thread);
  }

  /** Full mode: whether {@code task} is the continuation of a virtual thread, this one or any. */
  public final boolean isContinuation(Runnable task) {
    Runnable own = continuation;
    return own != null && own.getClass() == task.getClass();
  }

  /**
   * Full mode: the task that runs this thread each time it is ready, always the same object; null
   * before the start.
   */
  public final @Nullable Runnable continuation() {
    return continuation;
  }

  /** Queues the thread's first run. */
  public final void start() {
    if (FULL_MODE) {
      scheduler.startThread(thread);
    } else if (STATE.compareAndSet(this, NEW, READY)) {
      requestPermit();
    } else {
      throw new IllegalThreadStateException("the thread was started before");
    }
  }

  /**
   * Full mode: called by the JDK to run a continuation, of this thread or of one that inherited its
   * scheduler.
   */
  @Override
  public final void execute(Runnable ready) {
    Runnable own = continuation;
    if (own == null) {
      continuation = ready;
      own = ready;
    }
    (ready == own ? scheduler.executor : SchedulerAccess.jdkScheduler()).execute(ready);
  }

  @Override
  public final void run() {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException("a confined thread runs on its own virtual thread only");
    }
    if (FULL_MODE) {
      body();
      return;
    }
    setOwner(this);
    if (STATE.compareAndSet(this, NEW, READY)) { // started by Thread.start, not by start()
      threadStarted = true;
      requestPermit();
    }
    awaitPermit();
    try {
      body();
    } finally {
      scheduler.releasePermit();
    }
  }

  /** Pauses the current thread, which must be this one, until {@link #unpark}. */
  protected final void park() {
    if (FULL_MODE) {
      LockSupport.park(); // without a blocker: that would cost a tenth of the switch
    } else if (!STATE.compareAndSet(this, RUNNING_UNPARKED, RUNNING)) {
      if (STATE.compareAndSet(this, RUNNING, PARKED)) {
        releaseAndAwaitPermit();
      } else {
        state = RUNNING; // unparked since the first compare-and-set
      }
    }
  }

  /** Lets the threads that are ready run before this one, the current one, continues. */
  protected final void yieldToOthers() {
    if (FULL_MODE) {
      Thread.yield();
    } else {
      if (!STATE.compareAndSet(this, RUNNING, READY)) {
        state = READY_UNPARKED;
      }
      requestPermit();
      releaseAndAwaitPermit();
    }
  }

  /** Ends this thread's park, or its next one. Any thread. */
  public final void unpark() {
    if (FULL_MODE) {
      LockSupport.unpark(thread);
      return;
    }
    VarHandle.fullFence(); // the caller's writes must be visible before the state is read
    while (true) {
      int seen = state;
      if (seen == PARKED) {
        if (STATE.compareAndSet(this, PARKED, UNPARKED)) {
          requestPermit();
          return;
        }
      } else if (seen != RUNNING && seen != READY) {
        return;
      } else if (STATE.compareAndSet(
          this, seen, seen == READY ? READY_UNPARKED : RUNNING_UNPARKED)) {
        return;
      }
    }
  }

  /**
   * Whether this thread, the current one, may access state that its scheduler's threads share. In
   * portable mode it also runs, for moments, while it waits for the permit.
   */
  public final boolean isMounted() {
    return FULL_MODE || scheduler.isHeldBy(this);
  }

  private void requestPermit() {
    scheduler.executor.execute(scheduler.new Request(this));
  }

  /** Called by the previous holder before this thread gets the permit. */
  final void beforePermit() {
    if (!STATE.compareAndSet(this, READY_UNPARKED, RUNNING_UNPARKED)) {
      if (!STATE.compareAndSet(this, READY, RUNNING)
          && !STATE.compareAndSet(this, UNPARKED, RUNNING)) {
        state = RUNNING_UNPARKED; // unparked since the first compare-and-set
      }
    }
  }

  /** Called by the previous holder after this thread got the permit. */
  final void wakeWithPermit() {
    if (threadStarted) {
      LockSupport.unpark(thread); // no effect if a yield hands the permit back to its own thread
    } else {
      threadStarted = true;
      thread.start();
    }
  }

  private void releaseAndAwaitPermit() {
    scheduler.releasePermit();
    awaitPermit();
  }

  /**
   * Parks until this thread holds the permit. An interrupt ends a park, as in the JDK; it is
   * cleared meanwhile, since this loop would spin otherwise.
   */
  private void awaitPermit() {
    boolean interrupted = false;
    while (!scheduler.isHeldBy(this)) {
      LockSupport.park(scheduler);
      if (Thread.interrupted()) {
        interrupted = true;
        unpark();
      }
    }
    if (interrupted) {
      thread.interrupt();
    }
  }
}
