package dev.goasync.internal.loop;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a loop one task at a time, for a simulation: one thread steps many loops and decides which
 * loop, and which of its ready tasks, is next. The loop runs no turns itself and never polls.
 *
 * <p><b>Wake-ups.</b> Between {@link #collect} and the next task the loop counts as asleep if it
 * has no ready task. So {@link Poller#wakeup} is called for the first task that another loop or
 * thread submits, and for a close. A timer that fires, and the loop's own fibers, add tasks without
 * a wake-up; the simulation collects after both.
 *
 * <p>Full mode only: in portable mode a fiber that waits inside the JDK would stop all loops.
 *
 * <p>All methods are for the thread that steps the loop.
 */
public final class LoopStepper {
  /** Of {@link #heldTask}: no fiber holds the loop by {@code sync}. */
  public static final int NOT_HELD = -1;

  /** Of {@link #heldTask}: the fiber that holds the loop is not ready. */
  public static final int HOLDER_NOT_READY = -2;

  private final Loop loop;
  private final ReadyQueue ready;
  private final Inbox inbox;
  private final TimerQueue timers;
  private final LoopShutdown shutdown;

  LoopStepper(Loop loop, ReadyQueue ready, Inbox inbox, TimerQueue timers, LoopShutdown shutdown) {
    this.loop = loop;
    this.ready = ready;
    this.inbox = inbox;
    this.timers = timers;
    this.shutdown = shutdown;
  }

  /** Creates the thread that steps loops, without starting it. */
  public static Thread newThread(String name, Runnable body) {
    return new LoopThread(body, name, true);
  }

  /**
   * Creates a loop that the caller steps.
   *
   * @param thread a thread of {@link #newThread}
   * @param seed of the choices that are random on every loop, such as that of a select
   */
  public static LoopStepper open(
      String name,
      Thread thread,
      TimeSource time,
      PollerFactory pollerFactory,
      StepHooks hooks,
      long seed) {
    FairRandom random = new FairRandom(seed);
    IdleStrategy idle = IdleStrategy.SLEEP; // never asked
    LoopStepper stepper =
        new Loop(name, thread, true, time, pollerFactory, idle, random, hooks).runner().stepper();
    var _ = stepper.inbox.fallAsleep();
    return stepper;
  }

  /** The loop. */
  public Loop loop() {
    return loop;
  }

  /** Makes {@code loop} the one that the current thread runs; null for none. */
  public static void enter(@Nullable Loop loop) {
    Loop.own(loop);
  }

  /**
   * Fires the timers that are due, unless a fiber holds the loop, and takes over what other loops
   * have submitted. The loop is the one that was {@linkplain #enter entered}.
   *
   * @return whether a task is ready
   */
  public boolean collect() {
    inbox.awake();
    ready.addAll(inbox);
    if (hasTimer() && timers.earliest() - loop.time().nanoTime() <= 0) {
      timers.fireUntil(loop.time().nanoTime());
    }
    while (ready.isEmpty() && !inbox.fallAsleep()) {
      ready.addAll(inbox);
    }
    return !ready.isEmpty();
  }

  /** The number of ready tasks. */
  public int readyTasks() {
    return ready.size();
  }

  /** The ready task at {@code index}, counted from the oldest. */
  public Runnable readyTask(int index) {
    return ready.get(index);
  }

  /**
   * The fiber that holds the loop by {@code sync}, as the index of its ready task; {@link
   * #NOT_HELD} or {@link #HOLDER_NOT_READY} otherwise.
   */
  public int heldTask() {
    Runnable held = ready.syncHold().continuation();
    if (held == null) {
      return NOT_HELD;
    }
    for (int i = 0; i < ready.size(); i++) {
      if (ready.get(i) == held) {
        return i;
      }
    }
    return HOLDER_NOT_READY;
  }

  /** Runs the ready task at {@code index}. */
  public void run(int index) {
    ready.runOne(index);
  }

  /** Whether a timer is set that can fire: none can while a fiber holds the loop by sync. */
  public boolean hasTimer() {
    return timers.size() > 0 && !ready.syncHold().isHeld();
  }

  /** The time of the earliest timer, if there is one. */
  public long nextTimer() {
    return timers.earliest();
  }

  /** The fibers that have not ended, oldest first. */
  public List<Fiber> fibers() {
    return loop.fibers();
  }

  /**
   * Ends the loop if it was closed and has nothing left to run.
   *
   * @return whether it has ended
   */
  public boolean endIfClosed() {
    if (shutdown.isTerminated()) {
      return true;
    }
    if (!shutdown.isDone() || !ready.isEmpty() || shutdown.awaitsDaemons()) {
      return false;
    }
    inbox.awake();
    if (!inbox.close()) {
      return false;
    }
    shutdown.terminate(null);
    return true;
  }
}
