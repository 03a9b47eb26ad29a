package dev.goasync.internal.loop;

import dev.goasync.internal.vthread.ConfinedScheduler;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An event loop: runs ready fibers, fires timers and polls for I/O, all on one thread, its own
 * ({@link #start}) or one that lends itself ({@link #onCurrentThread}).
 *
 * <p>A turn runs what is ready, bounded in count and in time so that I/O and timers never starve,
 * then fires the timers that are due, then polls, and waits there only if nothing is ready.
 */
public final class Loop implements Executor {
  private static final ThreadLocal<@Nullable Loop> OWNED = new ThreadLocal<>();

  private final String name;
  private final Thread thread;
  private final TimeSource time;
  private final PollerFactory pollerFactory;
  private final ReadyQueue ready = new ReadyQueue(this);
  private final ConfinedScheduler carrier = new ConfinedScheduler(this, ready::takeRequest);
  private final Inbox inbox = new Inbox();
  private final TimerQueue timers = new TimerQueue();
  private final CloseListeners closeListeners = new CloseListeners();
  private final IdleMonitor idleMonitor = new IdleMonitor(this);
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Poller poller;
  private volatile @Nullable Object publicView;

  final FiberSet fibers = new FiberSet();
  int internalWaits;
  private boolean adopted;

  private final FairRandom random = new FairRandom();

  /** How long a close with a cancel waits before it logs what is left; tests shorten it. */
  static volatile long closeGraceSeconds = 5;

  private boolean turning;
  private volatile boolean closing;
  private volatile boolean terminated;
  private long turns;

  private Loop(
      String name,
      @Nullable Thread owner,
      boolean daemon,
      TimeSource time,
      PollerFactory pollerFactory) {
    this.name = name;
    this.time = time;
    this.pollerFactory = pollerFactory;
    this.thread = owner != null ? owner : new LoopThread(this, name, daemon);
    this.poller = new ParkingPoller(thread);
  }

  /** A loop with a thread of its own, which it starts. */
  public static Loop start(
      String name, boolean daemon, TimeSource time, PollerFactory pollerFactory) {
    Loop loop = new Loop(name, null, daemon, time, pollerFactory);
    LoopRegistry.add(loop);
    loop.thread.start();
    return loop;
  }

  /**
   * A loop that runs whenever the current thread lends itself by {@link #runUntil} or {@link
   * #runUntilNoFiber}.
   */
  public static Loop onCurrentThread(TimeSource time, PollerFactory pollerFactory) {
    Thread owner = Thread.currentThread();
    if (owner.isVirtual()) {
      throw new IllegalStateException(
          "a virtual thread cannot carry an event loop; call onCurrentThread() on a platform"
              + " thread");
    }
    if (OWNED.get() != null) {
      throw new IllegalStateException("thread " + owner.getName() + " has an event loop already");
    }
    Loop loop = new Loop("loop of " + owner.getName(), owner, false, time, pollerFactory);
    OWNED.set(loop);
    return loop;
  }

  /** The loop that the current thread carries, if it lent itself to one. */
  public static @Nullable Loop ownedByCurrentThread() {
    return OWNED.get();
  }

  /** The loop's name. */
  public String name() {
    return name;
  }

  /** The loop's clock. */
  public TimeSource time() {
    return time;
  }

  ConfinedScheduler carrier() {
    return carrier;
  }

  SyncHold exclusive() {
    return ready.exclusive();
  }

  /** What upper layers hang on the loop: its public face. */
  public @Nullable Object publicView() {
    return publicView;
  }

  /** Sets {@link #publicView}. */
  public void setPublicView(Object view) {
    publicView = view;
  }

  /** The maker of the loop's poller. */
  public PollerFactory pollerFactory() {
    return pollerFactory;
  }

  /** The loop's poller for I/O, opened at the first call. The loop's thread or current fiber. */
  public Poller poller() throws IOException {
    Poller current = poller;
    if (current instanceof ParkingPoller) {
      current = pollerFactory.open(this);
      poller = current;
    }
    return current;
  }

  Poller currentPoller() {
    return poller;
  }

  /** The poller if one has been opened, for those who count what is left. */
  public @Nullable Poller openedPoller() {
    Poller current = poller;
    return current instanceof ParkingPoller ? null : current;
  }

  /** Adds an action to run when the loop closes. The loop's thread or current fiber. */
  public void addCloseListener(Runnable listener) {
    closeListeners.add(listener);
  }

  /** Removes an action of {@link #addCloseListener}. The loop's thread or current fiber. */
  public void removeCloseListener(Runnable listener) {
    closeListeners.remove(listener);
  }

  /** Whether the caller is this loop's thread, or the fiber that it runs. */
  public boolean isCurrent() {
    Thread current = Thread.currentThread();
    if (current == thread) {
      return true;
    }
    Fiber fiber = Fiber.currentIncludingSync();
    return fiber != null && fiber.loop() == this && fiber.isMounted();
  }

  /** Whether the loop has a thread of its own. */
  public boolean hasOwnThread() {
    return thread instanceof LoopThread;
  }

  /** Whether the program must not end as long as the loop's thread lives. */
  boolean keepsProgramAlive() {
    return hasOwnThread() && !thread.isDaemon();
  }

  /** Runs {@code task} on the loop's thread, after what is queued. Any thread. */
  @Override
  public void execute(Runnable task) {
    if (isCurrent()) {
      ready.add(task);
    } else if (isOver()) {
      throw new RejectedExecutionException(name + " is closed");
    } else if (inbox.push(task)) {
      poller.wakeup();
    }
  }

  /**
   * Starts a fiber of this loop. Any thread.
   *
   * @throws RejectedExecutionException if the loop is closed, or closing and the caller is none of
   *     its fibers
   */
  public void startFiber(Fiber fiber) {
    if (isCurrent()) {
      if (closing && fiberCount() == 0) {
        throw new RejectedExecutionException(name + " is closed");
      }
      addFiber(fiber);
      fiber.start();
    } else if (closing) {
      throw new RejectedExecutionException(name + " is closed");
    } else {
      execute(() -> {
        addFiber(fiber);
        fiber.start();
      });
    }
  }

  // ---- timers: loop's thread or current fiber ----

  /** Has {@code timer} fire at {@code deadline} of {@link #time}. */
  public void addTimer(LoopTimer timer, long deadline) {
    timers.add(timer, deadline);
  }

  /** Takes a timer back; returns whether it had not fired. */
  public boolean cancelTimer(LoopTimer timer) {
    return timers.cancel(timer);
  }

  /**
   * A pseudo-random number from 0 to {@code bound - 1}, the same sequence in every run. Loop's
   * thread or current fiber.
   */
  public int nextRandomInt(int bound) {
    return random.nextInt(bound);
  }

  // ---- the list of fibers: loop's thread or current fiber ----

  void addFiber(Fiber fiber) {
    fibers.add(fiber);
  }

  void removeFiber(Fiber fiber) {
    fibers.remove(fiber);
  }

  void fiberAdopted() {
    adopted = true;
  }

  /** How many fibers live. Any thread; a moment's value. */
  public int fiberCount() {
    return fibers.size();
  }

  /** The living fibers, oldest first. Loop's thread or current fiber. */
  public List<Fiber> fibers() {
    return fibers.all();
  }

  /** Turns so far, for statistics. Any thread; a moment's value. */
  public long turns() {
    return turns;
  }

  /** Continuations run so far, for statistics. Any thread; a moment's value. */
  public long tasksRun() {
    return ready.run();
  }

  /** Timers that are queued. Loop's thread or current fiber. */
  public int timersQueued() {
    return timers.size();
  }

  // ---- running ----

  /** The loop thread's whole life. */
  void runUntilClosed() {
    OWNED.set(this);
    turning = true;
    while (!(isOver() && ready.isEmpty() && inbox.close())) {
      turn(null);
    }
    terminate();
  }

  private boolean isOver() {
    return closing && fiberCount() == 0;
  }

  /** Runs the loop on its owner, the current thread, until {@code wait} is over. */
  void runUntil(ThreadWait wait) {
    lendThread();
    try {
      while (!wait.isOver()) {
        turn(wait);
      }
    } finally {
      turning = false;
    }
  }

  /**
   * Runs the loop on its owner, the current thread, until no fiber lives.
   *
   * @return null, or why the fibers can never end
   */
  public @Nullable String runUntilNoFiber() {
    ThreadWait nothing = new ThreadWait(this);
    lendThread();
    try {
      nothing.begin();
      ready.addAll(inbox);
      while ((fiberCount() > 0 || !ready.isEmpty()) && nothing.deadlockReport() == null) {
        turn(null);
        ready.addAll(inbox);
      }
    } finally {
      nothing.end();
      turning = false;
    }
    return nothing.deadlockReport();
  }

  /**
   * Throws if the caller is on the thread of a loop that is in a turn, outside fibers: a wait there
   * would stop the loop.
   *
   * @throws IllegalStateException then
   */
  public static void refuseOnRunningLoop() {
    Loop owned = OWNED.get();
    if (owned != null && owned.turning) {
      throw owned.isRunningAlready();
    }
  }

  private IllegalStateException isRunningAlready() {
    return new IllegalStateException(
        name + " is running already: a callback on its thread must not wait");
  }

  private void lendThread() {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(name + " runs on thread " + thread.getName() + " only");
    }
    if (turning) {
      throw isRunningAlready();
    }
    if (terminated) {
      throw new IllegalStateException(name + " is closed");
    }
    turning = true;
  }

  /**
   * One turn.
   *
   * @param until what the thread lent itself for; null if for all fibers
   */
  private void turn(@Nullable ThreadWait until) {
    turns++;
    ready.addAll(inbox);
    ready.runTurn(inbox);
    if (timers.size() > 0) {
      fireTimers();
    }
    if (!ready.isEmpty() || isToStop(until)) {
      poller.poll(0);
    } else {
      waitForEvents(until);
    }
  }

  /** Whether nothing is left to wait for, now that what was ready has run. */
  private boolean isToStop(@Nullable ThreadWait until) {
    return until != null ? until.isOver() : fiberCount() == 0 && (closing || !hasOwnThread());
  }

  private void fireTimers() {
    try {
      timers.fireUntil(time.nanoTime());
    } catch (Throwable bug) {
      reportError("a timer of " + name + " failed", bug);
    }
  }

  private void waitForEvents(@Nullable ThreadWait until) {
    if (!inbox.fallAsleep()) {
      poller.poll(0);
      return;
    }
    try {
      long timeout = untilNextTimer();
      if (timeout > 0 && timeout != Poller.FOREVER && onlyTimeCanWake()) {
        if (time.jumpTo(timers.earliest())) {
          return;
        }
      }
      if (timeout == Poller.FOREVER) {
        timeout = idleMonitor.keep();
      }
      if (!isToStop(until)) {
        poller.poll(timeout);
      }
    } finally {
      inbox.awake();
    }
  }

  private long untilNextTimer() {
    return timers.size() == 0 ? Poller.FOREVER : Math.max(0, timers.earliest() - time.nanoTime());
  }

  private boolean onlyTimeCanWake() {
    return internalWaits == fiberCount() && poller.inFlight() == 0;
  }

  IdleMonitor idleMonitor() {
    return idleMonitor;
  }

  /** Whether no fiber is left that something outside the loop could wake. */
  boolean isStuck() {
    return fiberCount() > 0 && !adopted && onlyTimeCanWake() && timers.size() == 0;
  }

  /** Whether a thread waits for the loop's work though it has no fiber that could do any. */
  boolean isAwaitedWhileIdle() {
    return fiberCount() == 0
        && !adopted
        && poller.inFlight() == 0
        && timers.size() == 0
        && !ThreadWait.of(this).isEmpty();
  }

  /** The loop has outlived the program: its thread will end. */
  void retire() {
    closing = true;
  }

  boolean isWithoutWork() {
    return fiberCount() == 0 && !hasMail();
  }

  /** Whether another thread has left something. */
  boolean hasMail() {
    return !inbox.isEmpty();
  }

  // ---- the end ----

  /**
   * Closes the loop: no new work from outside, then waits until the last fiber has ended.
   *
   * @param cancelReason if not null, all fibers are cancelled with it
   */
  public void close(@Nullable String cancelReason) {
    if (isCurrent() && Thread.currentThread() != thread) {
      throw new IllegalStateException(
          name + " cannot be closed by one of its own coroutines, which it would wait for");
    }
    closing = true;
    if (cancelReason != null && !terminated) {
      executeQuietly(() -> fibers().forEach(fiber -> fiber.cancel(cancelReason)));
    }
    if (!(thread instanceof LoopThread)) {
      closeOnOwner();
      return;
    }
    poller.wakeup();
    boolean interrupted = false;
    boolean reported = cancelReason == null;
    while (true) {
      try {
        if (reported || closed.await(closeGraceSeconds, TimeUnit.SECONDS)) {
          closed.await();
          break;
        }
        reported = true;
        executeQuietly(this::reportLeft);
      } catch (InterruptedException e) {
        interrupted = true;
        executeQuietly(() -> fibers().forEach(fiber -> fiber.cancel("close was interrupted")));
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Loop's thread: logs the fibers that a cancel has not ended. */
  private void reportLeft() {
    var report =
        new StringBuilder("closeNow of " + name + " waits for coroutines that have not ended");
    for (Fiber fiber : fibers()) {
      report.append("\n  ").append(fiber.describe());
      for (StackTraceElement frame : fiber.thread().getStackTrace()) {
        report.append("\n      at ").append(frame);
      }
    }
    System.getLogger("dev.goasync").log(System.Logger.Level.WARNING, report.toString());
  }

  private void closeOnOwner() {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(
          name + " can be closed by its thread " + thread.getName() + " only");
    }
    if (!terminated) {
      String deadlock;
      do {
        deadlock = runUntilNoFiber();
      } while (deadlock == null && !inbox.close());
      terminate();
    }
  }

  /** Like {@link #execute}, for what a closed loop may ignore. */
  public void executeQuietly(Runnable task) {
    try {
      execute(task);
    } catch (RejectedExecutionException alreadyClosed) {
      // its fibers have ended
    }
  }

  private void terminate() {
    closing = true;
    terminated = true;
    LoopRegistry.remove(this);
    OWNED.remove();
    closeListeners.notifyAllClosed();
    try {
      poller.close();
    } finally {
      closed.countDown();
    }
  }

  /** Whether {@link #close} was called or the program is over. */
  public boolean isClosing() {
    return closing;
  }

  void reportError(String what, Throwable error) {
    // Asked for here and not in a field: the logging system costs a start some 10 ms.
    System.getLogger("dev.goasync").log(System.Logger.Level.ERROR, what, error);
  }
}
