package dev.goasync.internal.vthread;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A virtual thread confined to a {@link ConfinedScheduler}: between two calls of {@link #park} no
 * other strand of the same carrier runs.
 *
 * <p>Parking and unparking follow {@link LockSupport}: an unpark that comes first makes the next
 * park return at once, several count as one, and a park may return for no reason, so callers loop.
 */
public abstract class ConfinedThread implements Runnable {
  private static final boolean CONFINED_BY_JDK = SchedulerAccess.isFullMode();
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(ConfinedThread.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // States of a strand without the JDK's help:
  //   NEW -> READY -> RUNNING -> PARKED -> UNPARKED -> RUNNING, and RUNNING -> READY by a yield.
  // In READY, UNPARKED and READY_PERMITTED exactly one request for the baton is with the executor.
  // The PERMITTED ones hold the permit of an unpark that found no park to end.
  private static final int NEW = 0;
  private static final int READY = 1;
  private static final int READY_PERMITTED = 2;
  private static final int UNPARKED = 3;
  private static final int RUNNING = 4;
  private static final int PERMITTED = 5;
  private static final int PARKED = 6;

  private final ConfinedScheduler carrier;
  private final Thread thread;
  private volatile int state;
  private boolean threadStarted;

  /** A strand with a new thread, not yet started. */
  protected ConfinedThread(ConfinedScheduler carrier) {
    this.carrier = carrier;
    this.thread = carrier.newThread(this);
  }

  /** A strand for a running thread that the JDK has confined to the carrier already. */
  protected ConfinedThread(ConfinedScheduler carrier, Thread confined) {
    this.carrier = carrier;
    this.thread = confined;
  }

  /** What the strand does; must not throw. */
  protected abstract void body();

  /** The virtual thread. */
  public final Thread thread() {
    return thread;
  }

  /**
   * Before the start: gives the strand the scoped values of the current thread. Without effect
   * where the door is shut.
   */
  public final void inheritScopedValues() {
    ScopedValues.handOn(thread);
  }

  /** Queues the strand's first run. */
  public final void start() {
    if (CONFINED_BY_JDK) {
      thread.start();
    } else if (STATE.compareAndSet(this, NEW, READY)) {
      requestRunPermit();
    } else {
      throw new IllegalThreadStateException("already started");
    }
  }

  @Override
  public final void run() {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException("a strand runs on its own thread only");
    }
    if (CONFINED_BY_JDK) {
      body();
      return;
    }
    if (STATE.compareAndSet(this, NEW, READY)) { // started by Thread.start, not by the executor
      threadStarted = true;
      requestRunPermit();
    }
    awaitRunPermit();
    try {
      body();
    } finally {
      carrier.release();
    }
  }

  /** Pauses the current strand, which must be this one, until {@link #unpark}. */
  protected final void park() {
    if (CONFINED_BY_JDK) {
      LockSupport.park(); // without a blocker: that would cost a tenth of the switch
    } else if (!STATE.compareAndSet(this, PERMITTED, RUNNING)) {
      if (STATE.compareAndSet(this, RUNNING, PARKED)) {
        releaseAndAwaitBaton();
      } else {
        state = RUNNING; // unparked since the first look
      }
    }
  }

  /** Lets the strands that are ready run before this one, the current one, goes on. */
  protected final void yieldToOthers() {
    if (CONFINED_BY_JDK) {
      Thread.yield();
    } else {
      if (!STATE.compareAndSet(this, RUNNING, READY)) {
        state = READY_PERMITTED;
      }
      requestRunPermit();
      releaseAndAwaitBaton();
    }
  }

  /** Ends this strand's park, or its next one. Any thread. */
  public final void unpark() {
    if (CONFINED_BY_JDK) {
      LockSupport.unpark(thread);
      return;
    }
    VarHandle.fullFence(); // what the strand will look at must be seen before its state is read
    while (true) {
      int seen = state;
      if (seen == PARKED) {
        if (STATE.compareAndSet(this, PARKED, UNPARKED)) {
          requestRunPermit();
          return;
        }
      } else if (seen != RUNNING && seen != READY) {
        return;
      } else if (STATE.compareAndSet(this, seen, seen == READY ? READY_PERMITTED : PERMITTED)) {
        return;
      }
    }
  }

  /**
   * Whether this strand, the current one, may touch what its carrier's strands share. Without the
   * JDK's help its thread also runs, for moments, while it waits for the baton.
   */
  public final boolean isMounted() {
    return CONFINED_BY_JDK || carrier.isHeldBy(this);
  }

  private void requestRunPermit() {
    carrier.executor.execute(carrier.new Request(this));
  }

  /** Who had the baton, about to give it to this strand. */
  final void beforeBaton() {
    if (!STATE.compareAndSet(this, READY_PERMITTED, PERMITTED)) {
      if (!STATE.compareAndSet(this, READY, RUNNING)
          && !STATE.compareAndSet(this, UNPARKED, RUNNING)) {
        state = PERMITTED; // unparked since the first look
      }
    }
  }

  /** Who had the baton, just given to this strand. */
  final void wakeWithRunPermit() {
    if (threadStarted) {
      LockSupport.unpark(thread); // harmless where a yield gives the runPermit to itself
    } else {
      threadStarted = true;
      thread.start();
    }
  }

  private void releaseAndAwaitBaton() {
    carrier.release();
    awaitRunPermit();
  }

  /** An interrupt ends a park, as it does in the JDK, and must not turn this wait into a spin. */
  private void awaitRunPermit() {
    boolean interrupted = false;
    while (!carrier.isHeldBy(this)) {
      LockSupport.park(carrier);
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
