package dev.goasync.internal.loop;

import dev.goasync.internal.util.Log;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Runs the turns of a {@link Loop}. Owned by the loop's thread. */
final class LoopRunner {
  /** How many turns in a row may fail; the pauses between them add up to some seconds. */
  static final int MAX_FAILED_TURNS = 50;

  private static final long FAILED_TURN_PAUSE_NANOS = 2_000_000;

  private final Loop loop;
  private final ReadyQueue ready;
  private final Inbox inbox;
  private final TimerQueue timers;
  private final LoopShutdown shutdown;
  private boolean running;

  /** Null unless turns are measured. */
  @Nullable TurnMeter meter;

  /** The message of a wait that was refused; taken by {@link #throwRefusedWait}. */
  private @Nullable String refusedWait;

  private int failedTurns;
  private long turns;
  private boolean looksForRecording = true;

  LoopRunner(Loop loop, ReadyQueue ready, Inbox inbox, TimerQueue timers, LoopShutdown shutdown) {
    this.loop = loop;
    this.ready = ready;
    this.inbox = inbox;
    this.timers = timers;
    this.shutdown = shutdown;
  }

  /** The number of tasks and continuations that are ready to run. */
  int readyCount() {
    return ready.size();
  }

  /** Whether the loop runs; one without a thread of its own pauses between calls. */
  boolean isRunning() {
    return running;
  }

  long turns() {
    return turns;
  }

  /** Makes a simulation run the loop from now on: the loop runs no turns itself. */
  LoopStepper stepper() {
    running = true;
    return new LoopStepper(loop, ready, inbox, timers, shutdown);
  }

  /** Current fiber: the wait that it is about to leave was refused. */
  void refuseWait(String message) {
    refusedWait = message;
  }

  /** Current fiber: throws if the wait that it has left was refused. */
  void throwRefusedWait() {
    String message = refusedWait;
    if (message != null) {
      refusedWait = null;
      throw new IllegalStateException(message);
    }
  }

  /** The whole life of a loop's own thread. */
  void runUntilClosed() {
    running = true;
    Throwable fatal = null;
    try {
      while (!(shutdown.isDone()
          && ready.isEmpty()
          && !shutdown.awaitsDaemons()
          && inbox.close())) {
        turnOrRetry(null);
      }
    } catch (Throwable broken) {
      fatal = broken;
    } finally {
      shutdown.terminate(fatal);
    }
  }

  /** Runs the loop on its owner, the current thread, until {@code wait} is over. */
  void runUntil(ThreadWait wait) {
    beginRun();
    try {
      while (!wait.isOver()) {
        turnOrRetry(wait);
      }
    } finally {
      running = false;
    }
  }

  /**
   * Runs the loop on its owner, the current thread, until all its fibers have ended.
   *
   * @return null, or the report of a deadlock, because of which the fibers can never end
   */
  @Nullable String runUntilNoFiber() {
    ThreadWait untilDeadlock = new ThreadWait(loop);
    beginRun();
    try {
      untilDeadlock.begin();
      ready.addAll(inbox);
      while ((loop.liveCount() > 0 || !ready.isEmpty()) && untilDeadlock.deadlockReport() == null) {
        turnOrRetry(null);
        ready.addAll(inbox);
      }
    } finally {
      untilDeadlock.end();
      running = false;
    }
    return untilDeadlock.deadlockReport();
  }

  /**
   * Runs the loop on its owner once: waits until a task is ready, a timer is due, an operation has
   * completed or the timeout expires, and runs what is ready.
   */
  void runOnce(long timeoutNanos) {
    beginRun();
    try {
      countTurn();
      ready.addAll(inbox);
      awaitWork(timeoutNanos);
      ready.addAll(inbox);
      if (timers.size() > 0) {
        fireTimers();
      }
      runReady();
      loop.currentPoller().poll(0); // submits the operations that the fibers have queued
    } finally {
      running = false;
    }
  }

  private void awaitWork(long timeoutNanos) {
    long nanos = ready.isEmpty() ? Math.min(timeoutNanos, untilNextTimer()) : 0;
    if (nanos == 0 || !inbox.fallAsleep()) {
      loop.currentPoller().poll(0);
      return;
    }
    try {
      loop.currentPoller().poll(nanos);
    } finally {
      inbox.awake();
    }
  }

  private void beginRun() {
    Thread owner = loop.thread();
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(loop.name() + " runs on thread " + owner.getName() + " only");
    }
    refuseIfRunning();
    if (shutdown.isTerminated()) {
      throw new IllegalStateException(loop.name() + " is closed");
    }
    running = true;
  }

  void refuseIfRunning() {
    if (running) {
      throw new IllegalStateException(
          loop.name() + " is running already: a callback on its thread must not wait");
    }
  }

  private void turnOrRetry(@Nullable ThreadWait until) {
    try {
      turn(until);
      failedTurns = 0;
    } catch (Throwable failure) {
      if (++failedTurns == 1) {
        Log.error(loop.name() + " could not complete a turn and will try again", failure);
      } else if (failedTurns >= MAX_FAILED_TURNS) {
        failedTurns = 0;
        throw failure;
      }
      pauseThread(failedTurns * FAILED_TURN_PAUSE_NANOS);
    }
  }

  /** The first park may return at once, by the permit of {@link #runReady}. */
  private static void pauseThread(long nanos) {
    long start = TimeSource.SYSTEM.nanoTime();
    for (long left = nanos; left > 0; left = nanos - (TimeSource.SYSTEM.nanoTime() - start)) {
      LockSupport.parkNanos(left);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }

  /**
   * One turn.
   *
   * @param until the wait that ends this run of the loop; null to run until no fiber is left
   */
  private void turn(@Nullable ThreadWait until) {
    countTurn();
    TurnMeter measured = meter;
    long start = measured == null ? 0 : TimeSource.SYSTEM.nanoTime();
    ready.addAll(inbox);
    runReady();
    if (timers.size() > 0) {
      fireTimers();
    }
    if (measured != null) {
      measured.add(start);
    }
    if (!ready.isEmpty() || isToStop(until)) {
      loop.currentPoller().poll(0);
    } else {
      waitForEvents(until);
    }
  }

  private void countTurn() {
    turns++;
    if (looksForRecording) {
      lookForRecording();
    }
  }

  private void lookForRecording() {
    if (turns == 1 && System.getProperty(Tracing.RECORDER_PROPERTY) != null) {
      Tracing.record(loop);
    }
    if (isRecordingPossible()) {
      looksForRecording = !Tracing.attach(loop, turns == 1);
    }
  }

  /** Does not load {@link Tracing}: its constants are part of this class. */
  private boolean isRecordingPossible() {
    return turns > Tracing.TURNS_BEFORE_JFR
        || System.getProperty(Tracing.REPOSITORY_PROPERTY) != null;
  }

  /**
   * Runs ready tasks. In full mode the thread has a permit meanwhile, so that a fiber which cannot
   * unmount does not block it in its first park; see {@link PinnedWait}. If the permit is still
   * there when the thread parks for want of work, that park returns at once, and the next turn
   * finds nothing to run and parks for good.
   */
  private void runReady() {
    if (!ready.isEmpty()) {
      if (Fiber.runOnLoopThread()) {
        LockSupport.unpark(loop.thread());
      }
      Tracer tracer = loop.tracer;
      if (tracer == null) {
        ready.runTurn(inbox);
      } else {
        long before = ready.tasksRun();
        Object begun = tracer.turnBegins(loop);
        ready.runTurn(inbox);
        tracer.turnEnded(loop, ready.tasksRun() - before, begun);
      }
    }
  }

  /**
   * Does what a turn does besides running fibers, while a fiber that cannot unmount keeps the
   * thread: runs the tasks of other threads, fires timers, and polls for at most {@code maxNanos}
   * if {@code awaited} is not finished.
   */
  void turnForPinned(Fiber pinned, Wait awaited, long maxNanos) {
    ready.runActions(inbox, pinned);
    if (timers.size() > 0) {
      fireTimers();
    }
    if (awaited.isFinished() || !inbox.fallAsleep()) {
      return;
    }
    try {
      long timeout = Math.min(untilNextTimer(), maxNanos);
      boolean onlyTimer = timers.size() > 0 && loop.currentPoller().inFlight() == 0;
      if (timeout > 0 && onlyTimer && loop.time().jumpTo(timers.earliest())) {
        return;
      }
      loop.currentPoller().poll(timeout);
    } finally {
      inbox.awake();
    }
  }

  /** Whether this run of the loop ends, now that no task is ready. */
  private boolean isToStop(@Nullable ThreadWait until) {
    return until != null
        ? until.isOver()
        : loop.liveCount() == 0 && (shutdown.isClosing() || !loop.hasOwnThread());
  }

  private void fireTimers() {
    try {
      timers.fireUntil(loop.time().nanoTime());
    } catch (Throwable bug) {
      Log.error("a timer of " + loop.name() + " failed", bug);
    }
  }

  private void waitForEvents(@Nullable ThreadWait until) {
    if (!inbox.fallAsleep()) {
      loop.currentPoller().poll(0);
      return;
    }
    try {
      long timeout = untilNextTimer();
      if (timeout > 0 && timeout != Poller.FOREVER && loop.onlyTimeCanWake()) {
        if (loop.time().jumpTo(timers.earliest())) {
          return;
        }
      }
      if (timeout == Poller.FOREVER) {
        timeout = loop.idleStrategy().nextWakeup(loop);
      } else {
        timeout = loop.time().limitWait(loop, timeout);
        if (loop.liveCount() == 0 && loop.fiberCount() > 0) { // daemons may have timers
          timeout = Math.min(timeout, loop.idleStrategy().nextWakeup(loop));
        }
      }
      if (!isToStop(until)) {
        loop.currentPoller().poll(timeout);
      }
    } finally {
      inbox.awake();
    }
  }

  long untilNextTimer() {
    return timers.size() == 0
        ? Poller.FOREVER
        : Math.max(0, timers.earliest() - loop.time().nanoTime());
  }
}
