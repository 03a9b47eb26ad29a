package dev.goasync.internal.loop;

import dev.goasync.internal.util.Log;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The end of a {@link Loop}; the states are described there. */
final class LoopShutdown {
  private static final int MAX_LAST_ROUNDS = 1000;

  /** How long a close that cancels waits before it logs what is left. Tests shorten it. */
  static volatile long graceSeconds = 5;

  private final Loop loop;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean reported = new AtomicBoolean();
  private volatile @Nullable String cancelReason;
  private volatile boolean closing;
  private volatile boolean terminated;
  private boolean daemonsCancelled;

  /** Owned by the loop's thread. */
  final CloseListeners listeners = new CloseListeners();

  LoopShutdown(Loop loop) {
    this.loop = loop;
  }

  boolean isClosing() {
    return closing;
  }

  boolean isTerminated() {
    return terminated;
  }

  /** Whether the loop's thread may end: no fiber is left but daemons. */
  boolean isDone() {
    return terminated || (closing && loop.liveCount() == 0);
  }

  RejectedExecutionException rejection() {
    return new RejectedExecutionException(loop.name() + " is closed");
  }

  void beginClose() {
    closing = true;
  }

  /** Cancels a fiber whose start was in the inbox when the loop was closed with a reason. */
  void started(Fiber fiber) {
    String reason = cancelReason;
    if (reason != null) {
      fiber.cancel(reason);
    }
  }

  void close(@Nullable String reasonToCancel) {
    if (reasonToCancel != null) {
      cancelReason = reasonToCancel; // before closing is set: from then on no task may be accepted
    }
    closing = true;
    if (reasonToCancel != null && !terminated) {
      loop.executeQuietly(() -> cancelAll(reasonToCancel));
    }
    if (loop.hasOwnThread()) {
      loop.currentPoller().wakeup();
      awaitEnd(reasonToCancel != null && loop.hooks() == null);
    } else {
      closeOnOwner();
    }
  }

  /**
   * Whether a daemon is left whose wait will end soon: all of them are cancelled by the first call.
   * Daemons that go on all the same, in waits of the JDK, are abandoned. Loop's thread.
   */
  boolean awaitsDaemons() {
    if (loop.fiberCount() == 0) {
      return false;
    }
    if (!daemonsCancelled) {
      daemonsCancelled = true;
      cancelAll(loop.name() + " was closed");
      return true;
    }
    return loop.fibers().stream().anyMatch(fiber -> fiber.waiting() != null);
  }

  private void cancelAll(String reason) {
    loop.fibers().forEach(fiber -> fiber.cancel(reason));
  }

  /**
   * Waits until the loop has ended.
   *
   * @param report whether to log the fibers that have not ended after the grace
   */
  private void awaitEnd(boolean report) {
    boolean interrupted = false;
    boolean toReport = report;
    while (true) {
      try {
        if (toReport) {
          toReport = false;
          awaitEndOrReport();
        }
        ended.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        loop.executeQuietly(() -> cancelAll("close was interrupted"));
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitEndOrReport() throws InterruptedException {
    if (!ended.await(graceSeconds, TimeUnit.SECONDS)) {
      loop.executeQuietly(this::reportLeft);
      if (!ended.await(Math.max(1, graceSeconds), TimeUnit.SECONDS)) {
        reportLeft(); // unless the loop's thread did: a fiber blocks it
      }
    }
  }

  /**
   * Logs once the fibers that a cancel has not ended, with their stacks. The loop's thread, or the
   * closing thread if the loop's does not turn; the list is then a snapshot that may miss some.
   */
  private void reportLeft() {
    if (!reported.compareAndSet(false, true)) {
      return;
    }
    var report = new StringBuilder("closeNow of ").append(loop.name());
    report.append(" waits for coroutines that have not ended:");
    for (Fiber fiber : loop.fibers()) {
      report.append("\n  ").append(fiber.describe());
      Wait wait = fiber.waiting();
      if (wait != null) {
        report.append(" waits for ").append(wait.describe());
      }
      for (StackTraceElement frame : fiber.thread().getStackTrace()) {
        report.append("\n      at ").append(frame);
      }
    }
    Conclusions.appendTo(report);
    Log.warning(report.toString(), null);
  }

  private void closeOnOwner() {
    if (Thread.currentThread() != loop.thread()) {
      throw new IllegalStateException(
          loop.name() + " can be closed by its thread " + loop.thread().getName() + " only");
    }
    if (!terminated) {
      String deadlock;
      do {
        deadlock = loop.runUntilNoFiber();
      } while (deadlock == null && (awaitsDaemons() || !loop.inbox().close()));
      terminate(null);
    }
  }

  /**
   * Loop's thread: the last act of the loop. Never throws.
   *
   * @param fatal the error that ends the loop early; null if its fibers have ended
   */
  void terminate(@Nullable Throwable fatal) {
    closing = true;
    terminated = true;
    LoopRegistry.remove(loop);
    Loop.own(null);
    if (fatal != null) {
      abandonAll(fatal);
    }
    listeners.notifyAllClosed();
    try {
      loop.currentPoller().close();
    } catch (Throwable notClosed) {
      Log.error("the poller of " + loop.name() + " could not be closed", notClosed);
    } finally {
      ended.countDown();
    }
  }

  /**
   * Ends all waits for the loop. Tasks that other threads have submitted are run, since their
   * submitters may wait for them; continuations of fibers are not.
   */
  private void abandonAll(Throwable fatal) {
    Log.error(loop.name() + " has ended because of an error; its coroutines cannot go on", fatal);
    for (Fiber fiber : loop.fibers()) {
      guarded(() -> fiber.abandoned(fatal));
    }
    for (int i = 0; i < MAX_LAST_ROUNDS && !loop.inbox().close(); i++) {
      TaskQueue last = new TaskQueue();
      loop.inbox().drainTo(last);
      while (!last.isEmpty()) {
        guarded(last.remove());
      }
    }
    String report = loop.name() + " has ended because of an error: " + fatal.getClass().getName();
    ThreadWait.of(loop).forEach(wait -> guarded(() -> wait.reportDeadlock(report)));
  }

  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (Throwable bug) {
      Log.error("an action at the end of " + loop.name() + " failed", bug);
    }
  }
}
