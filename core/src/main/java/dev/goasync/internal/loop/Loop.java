package dev.goasync.internal.loop;

import dev.goasync.internal.vthread.ConfinedScheduler;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An event loop: runs ready fibers, fires timers and polls for I/O on one thread, its own ({@link
 * #start}) or one that runs the loop whenever it waits ({@link #onCurrentThread}).
 *
 * <p>One turn runs ready tasks, bounded in number and time so that I/O and timers do not starve;
 * fires the timers that are due; and polls, which blocks only if nothing is ready.
 *
 * <h2>Life of a loop</h2>
 *
 * <pre>
 *   OPEN ──close(), or the program is over──► CLOSING ──last fiber has ended──► TERMINATED
 *     └──────────────────── a turn fails again and again ────────────────────────►┘
 * </pre>
 *
 * <ul>
 *   <li>OPEN: any thread may submit tasks and start fibers. A loop with its own thread runs all the
 *       time; it sleeps in its {@link Poller}, and the {@link Inbox} records whether it must be
 *       woken. Other loops run during {@link #runUntil} and {@link #runUntilNoFiber}.
 *   <li>CLOSING: set by any thread that calls {@link #close}, or by the loop's own thread when the
 *       {@link IdleStrategy} finds that the program is over ({@link #retire}). Fibers may still
 *       start fibers; other threads may not.
 *   <li>TERMINATED: set by the loop's thread ({@link LoopShutdown}). The inbox rejects tasks, the
 *       close listeners have been notified, the poller is closed.
 * </ul>
 *
 * <p>An exception or error of a task or timer is logged and ends nothing else. If the loop's own
 * code fails, for want of memory for instance, the turn is repeated, at growing intervals. After
 * {@link LoopRunner#MAX_FAILED_TURNS} failures in a row a loop with its own thread terminates: its
 * fibers' tasks fail with the error, and every wait for it ends.
 */
public final class Loop implements Executor {
  private static final ThreadLocal<@Nullable Loop> OWNED = new ThreadLocal<>();

  private final String name;
  private final Thread thread;
  private final TimeSource time;
  private final PollerFactory pollerFactory;
  private final IdleStrategy idleStrategy;
  private final ReadyQueue ready = new ReadyQueue(this);
  private final ConfinedScheduler scheduler;
  private final Inbox inbox = new Inbox();
  private final TimerQueue timers = new TimerQueue();
  private final FairRandom random;
  private final LoopShutdown shutdown = new LoopShutdown(this);
  private final LoopRunner runner = new LoopRunner(this, ready, inbox, timers, shutdown);
  private final AtomicInteger threadWaits = new AtomicInteger();
  private volatile Poller poller;
  private volatile @Nullable Object publicView;

  /** Not null in a simulation, which steps the loop; see {@link LoopStepper}. */
  private final @Nullable StepHooks hooks;

  final FiberSet fibers = new FiberSet();
  int internalWaits;
  @Nullable Tracer tracer;

  Loop(
      String name,
      @Nullable Thread owner,
      boolean daemon,
      TimeSource time,
      PollerFactory pollerFactory,
      IdleStrategy idleStrategy,
      FairRandom random,
      @Nullable StepHooks hooks) {
    this.name = name;
    this.time = time;
    this.pollerFactory = pollerFactory;
    this.idleStrategy = idleStrategy;
    this.random = random;
    this.hooks = hooks;
    this.scheduler =
        new ConfinedScheduler(this, ready::pollRequest, hooks == null ? null : hooks::startThread);
    this.thread = owner != null ? owner : new LoopThread(this::runUntilClosed, name, daemon);
    this.poller = new ParkingPoller(thread);
  }

  /** Starts a loop with a thread of its own, which does not look for deadlocks. */
  public static Loop start(
      String name, boolean daemon, TimeSource time, PollerFactory pollerFactory) {
    return start(name, daemon, time, pollerFactory, IdleStrategy.SLEEP);
  }

  /** Starts a loop with a thread of its own. */
  public static Loop start(
      String name,
      boolean daemon,
      TimeSource time,
      PollerFactory pollerFactory,
      IdleStrategy idleStrategy) {
    Loop loop =
        new Loop(name, null, daemon, time, pollerFactory, idleStrategy, new FairRandom(), null);
    LoopRegistry.add(loop);
    try {
      loop.thread.start();
    } catch (Throwable notStarted) {
      LoopRegistry.remove(loop);
      throw notStarted;
    }
    return loop;
  }

  /** Creates a loop on the current thread, which does not look for deadlocks. */
  public static Loop onCurrentThread(TimeSource time, PollerFactory pollerFactory) {
    return onCurrentThread(time, pollerFactory, IdleStrategy.SLEEP);
  }

  /**
   * Creates a loop that runs while the current thread is in {@link #runUntil} or {@link
   * #runUntilNoFiber}.
   *
   * @throws IllegalStateException if the thread is virtual or has a loop
   */
  public static Loop onCurrentThread(
      TimeSource time, PollerFactory pollerFactory, IdleStrategy idleStrategy) {
    Thread owner = Thread.currentThread();
    if (owner.isVirtual()) {
      throw new IllegalStateException(
          "a virtual thread cannot run an event loop; call onCurrentThread() on a platform thread");
    }
    if (OWNED.get() != null) {
      throw new IllegalStateException("thread " + owner.getName() + " has an event loop already");
    }
    String name = "loop of " + owner.getName();
    Loop loop =
        new Loop(name, owner, false, time, pollerFactory, idleStrategy, new FairRandom(), null);
    OWNED.set(loop);
    return LoopRegistry.addOnCaller(loop);
  }

  /** The loop that the current thread runs, or runs whenever it waits; null if there is none. */
  public static @Nullable Loop ownedByCurrentThread() {
    return OWNED.get();
  }

  static void own(@Nullable Loop loop) {
    OWNED.set(loop);
  }

  /** The loop's name. */
  public String name() {
    return name;
  }

  /** The loop's clock. */
  public TimeSource time() {
    return time;
  }

  /** The thread that runs the loop. */
  public Thread thread() {
    return thread;
  }

  Inbox inbox() {
    return inbox;
  }

  ConfinedScheduler scheduler() {
    return scheduler;
  }

  SyncHold syncHold() {
    return ready.syncHold();
  }

  /** The object that represents the loop to users; null until it is set. */
  public @Nullable Object publicView() {
    return publicView;
  }

  /** Sets {@link #publicView}. */
  public void setPublicView(Object view) {
    publicView = view;
  }

  /** The factory of the loop's poller. */
  public PollerFactory pollerFactory() {
    return pollerFactory;
  }

  /** The loop's poller for I/O; opens it at the first call. The loop's thread or current fiber. */
  public Poller poller() throws IOException {
    Poller current = poller;
    if (current instanceof ParkingPoller) {
      current = pollerFactory.open(this);
      poller = current;
    }
    return current;
  }

  /** Not null if a simulation steps this loop. */
  public @Nullable StepHooks hooks() {
    return hooks;
  }

  IdleStrategy idleStrategy() {
    return idleStrategy;
  }

  Poller currentPoller() {
    return poller;
  }

  /** The poller for I/O; null if none has been opened. */
  public @Nullable Poller openedPoller() {
    Poller current = poller;
    return current instanceof ParkingPoller ? null : current;
  }

  /** Adds an action to run when the loop closes. The loop's thread or current fiber. */
  public void addCloseListener(Runnable listener) {
    shutdown.listeners.add(listener);
  }

  /** Removes an action of {@link #addCloseListener}. The loop's thread or current fiber. */
  public void removeCloseListener(Runnable listener) {
    shutdown.listeners.remove(listener);
  }

  /** Whether the caller is this loop's thread, or the fiber that it runs. */
  public boolean isCurrent() {
    Thread current = Thread.currentThread();
    if (current == thread) {
      return hooks == null || OWNED.get() == this;
    }
    Fiber fiber = Fiber.currentIncludingSync();
    return fiber != null && fiber.loop() == this && fiber.isMounted();
  }

  /** Whether the loop has a thread of its own. */
  public boolean hasOwnThread() {
    return thread instanceof LoopThread;
  }

  /** Whether {@code thread} was started by a loop. */
  public static boolean isLoopThread(Thread thread) {
    return thread instanceof LoopThread;
  }

  /** Whether the loop's thread keeps the JVM from ending. */
  public boolean keepsProgramAlive() {
    return hasOwnThread() && !thread.isDaemon();
  }

  /**
   * Runs {@code task} on the loop's thread, after the tasks that are queued. Any thread.
   *
   * @throws RejectedExecutionException if the loop is closed
   */
  @Override
  public void execute(Runnable task) {
    if (isCurrent()) {
      ready.add(task);
    } else if (isOver()) {
      throw shutdown.rejection();
    } else {
      if (hooks != null) {
        hooks.taskSubmitted();
      }
      if (inbox.push(task)) {
        poller.wakeup();
      }
    }
  }

  /** Runs {@code task} as {@link #execute} does; a closed loop ignores it. Any thread. */
  public void executeQuietly(Runnable task) {
    try {
      execute(task);
    } catch (RejectedExecutionException closed) {
      // its fibers have ended
    }
  }

  /**
   * Starts a fiber of this loop. Any thread.
   *
   * @throws RejectedExecutionException if the loop is closed, or if it is closing and the caller is
   *     not one of its fibers
   */
  public void startFiber(Fiber fiber) {
    if (isCurrent()) {
      if (shutdown.isClosing() && fiberCount() == 0) {
        throw shutdown.rejection();
      }
      startHere(fiber);
    } else if (shutdown.isClosing()) {
      throw shutdown.rejection();
    } else {
      execute(() -> startOrAbandon(fiber));
    }
  }

  private void startHere(Fiber fiber) {
    addFiber(fiber);
    try {
      fiber.start();
    } catch (Throwable notStarted) {
      removeFiber(fiber);
      throw notStarted;
    }
    if (hooks != null) {
      hooks.fiberStarted(fiber);
    }
  }

  /** For a fiber whose starter has gone on and cannot receive an exception. */
  private void startOrAbandon(Fiber fiber) {
    if (shutdown.isTerminated()) {
      fiber.abandoned(shutdown.rejection());
      return;
    }
    try {
      startHere(fiber);
      shutdown.started(fiber);
    } catch (Throwable notStarted) {
      fiber.abandoned(notStarted);
    }
  }

  // ---- timers and random numbers: loop's thread or current fiber ----

  /** Makes {@code timer} fire at {@code deadline} of {@link #time}. */
  public void addTimer(LoopTimer timer, long deadline) {
    timers.add(timer, deadline);
  }

  /** Cancels a timer; returns false if it had fired or was not queued. */
  public boolean cancelTimer(LoopTimer timer) {
    return timers.cancel(timer);
  }

  /** A pseudo-random number from 0 to {@code bound - 1}, the same sequence in every run. */
  public int nextRandomInt(int bound) {
    return random.nextInt(bound);
  }

  // ---- fibers: loop's thread or current fiber ----

  void addFiber(Fiber fiber) {
    fibers.add(fiber);
  }

  void removeFiber(Fiber fiber) {
    fibers.remove(fiber);
    if (hooks != null) {
      hooks.fiberEnded(fiber);
    }
  }

  /** The number of fibers that have not ended. Any thread; a snapshot. */
  public int fiberCount() {
    return fibers.size();
  }

  /** Changes the number of daemons among the fibers. Loop's thread or current fiber. */
  public void addDaemons(int change) {
    fibers.addDaemons(change);
  }

  /** The number of fibers without daemons. Any thread; a snapshot. */
  public int liveCount() {
    return fibers.live();
  }

  /** The fibers that have not ended, oldest first. Loop's thread or current fiber. */
  public List<Fiber> fibers() {
    return fibers.all();
  }

  /** The number of turns so far. Any thread; a snapshot. */
  public long turns() {
    return runner.turns();
  }

  /** The number of tasks and continuations run so far. Any thread; a snapshot. */
  public long tasksRun() {
    return ready.tasksRun();
  }

  /** The number of queued timers. Loop's thread or current fiber. */
  public int timersQueued() {
    return timers.size();
  }

  // ---- running ----
  private void runUntilClosed() {
    OWNED.set(this);
    runner.runUntilClosed();
  }

  boolean isOver() {
    return shutdown.isTerminated() || (shutdown.isClosing() && fiberCount() == 0);
  }

  LoopRunner runner() {
    return runner;
  }

  /** Runs the loop on its owner, the current thread, until {@code wait} is over. */
  void runUntil(ThreadWait wait) {
    runner.runUntil(wait);
  }

  /** Runs the loop on its owner until all fibers have ended, or returns a deadlock's report. */
  public @Nullable String runUntilNoFiber() {
    return runner.runUntilNoFiber();
  }

  /** Throws if the current thread is in a turn of its loop: a wait there would stop the loop. */
  public static void refuseOnRunningLoop() {
    Loop owned = OWNED.get();
    if (owned != null) {
      owned.runner.refuseIfRunning();
    }
  }

  /** Runs the loop on its owner once; waits at most {@code timeoutNanos} for something to run. */
  public void runOnce(long timeoutNanos) {
    runner.runOnce(timeoutNanos);
  }

  /** Whether each fiber waits for a timer or another fiber of this loop. Loop's thread. */
  boolean onlyTimeCanWake() {
    return internalWaits == fiberCount() && poller.inFlight() == 0;
  }

  // ---- what the idle strategy looks at: loop's thread, unless said otherwise ----

  /** Whether there are fibers, and each waits for another fiber of this loop. */
  public boolean isStuck() {
    return fiberCount() > 0 && onlyTimeCanWake() && timers.size() == 0;
  }

  /** Whether a thread waits for work of the loop, which has no fiber that could do any. */
  public boolean isAwaitedWhileIdle() {
    return threadWaits.get() > 0
        && fiberCount() == 0
        && poller.inFlight() == 0
        && timers.size() == 0;
  }

  /** Whether the loop has neither fibers nor tasks of other threads. Any thread; a snapshot. */
  public boolean isWithoutWork() {
    return liveCount() == 0 && !hasMail();
  }

  /** Whether another thread has submitted a task that has not run. Any thread; a snapshot. */
  public boolean hasMail() {
    return !inbox.isEmpty();
  }

  /** Ends the loop, since the program is over. */
  public void retire() {
    shutdown.beginClose();
  }

  void waiterAdded() {
    threadWaits.incrementAndGet();
    idleStrategy.waiterAdded(this);
  }

  void waiterRemoved() {
    threadWaits.decrementAndGet();
  }

  // ---- the end ----

  /**
   * Closes the loop: rejects work of other threads, and waits until the last fiber has ended. If
   * the waiting thread is interrupted, the fibers are cancelled and still waited for.
   *
   * @param cancelReason if not null, all fibers are cancelled with this reason
   * @throws IllegalStateException if the caller is one of the loop's fibers, or not the thread of a
   *     loop that has no thread of its own
   */
  public void close(@Nullable String cancelReason) {
    if (isCurrent() && Thread.currentThread() != thread) {
      throw new IllegalStateException(
          name + " cannot be closed by one of its own coroutines, which it would wait for");
    }
    shutdown.close(cancelReason);
  }

  /** Whether {@link #close} was called or the program is over. Any thread. */
  public boolean isClosing() {
    return shutdown.isClosing();
  }
}
