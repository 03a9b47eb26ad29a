package dev.goasync.internal.jfr;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Inspection;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.LoopRegistry;
import dev.goasync.internal.loop.Tracer;
import dev.goasync.internal.loop.Wait;
import dev.goasync.internal.loop.WaitDetails;
import dev.goasync.internal.task.TaskInspection;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/** Writes events to the JDK's flight recorder. Any thread. */
public final class JfrTracer extends Tracer {
  private static final List<Class<? extends Event>> FREQUENT =
      List.of(
          LoopEvents.Separator.class,
          LoopEvents.Turn.class,
          TaskEvents.TaskStart.class,
          TaskEvents.TaskRun.class,
          TaskEvents.Suspend.class,
          TaskEvents.Cancel.class,
          TaskEvents.Deadline.class);

  /** Created by reflection, while the flight recorder is in use. */
  public JfrTracer() {
    FlightRecorder.addPeriodicEvent(LoopEvents.Statistics.class, JfrTracer::commitStatistics);
    FREQUENT.forEach(FlightRecorder::register); // now, not at their first use on a loop
  }

  /** To be called before an event that the loop's own thread may write. */
  private static void separate() {
    if (Fiber.runOnLoopThread() && !Thread.currentThread().isVirtual()) {
      new LoopEvents.Separator().commit();
    }
  }

  private static @Nullable String startOf(Fiber fiber) {
    Object site = TaskInspection.siteOf(fiber);
    return site == null ? null : site.toString();
  }

  private static @Nullable String textOf(@Nullable Object object) {
    return object == null ? null : object.toString();
  }

  // ---- tasks and waits ----

  @Override
  public @Nullable Object taskBegins(Fiber fiber) {
    TaskEvents.TaskStart start = new TaskEvents.TaskStart();
    if (start.isEnabled()) {
      start.task = TaskInspection.nameOf(fiber);
      start.start = startOf(fiber);
      start.loop = fiber.loop().name();
      start.commit();
    }
    TaskEvents.TaskRun run = new TaskEvents.TaskRun();
    if (!run.isEnabled()) {
      return null;
    }
    run.begin();
    return run;
  }

  @Override
  public void taskEnded(Fiber fiber, @Nullable Object begun) {
    if (begun instanceof TaskEvents.TaskRun run) {
      run.end();
      if (run.shouldCommit()) {
        Throwable failure = TaskInspection.failureOf(fiber);
        run.task = TaskInspection.nameOf(fiber);
        run.start = startOf(fiber);
        run.loop = fiber.loop().name();
        run.outcome = outcome(fiber, failure);
        run.failure = textOf(failure);
        run.commit();
      }
    }
  }

  private static String outcome(Fiber fiber, @Nullable Throwable failure) {
    if (failure == null) {
      return "completed";
    }
    return TaskInspection.wasCancelled(fiber) ? "cancelled" : "failed";
  }

  @Override
  protected @Nullable Object waitBegins(Fiber fiber, Wait wait) {
    TaskEvents.Suspend suspend = new TaskEvents.Suspend();
    if (!suspend.isEnabled()) {
      return null;
    }
    suspend.descriptor = wait.descriptor();
    suspend.begin();
    return suspend;
  }

  @Override
  protected void waitEnded(Fiber fiber, Wait wait, @Nullable Object begun) {
    if (begun instanceof TaskEvents.Suspend suspend) {
      suspend.end();
      if (suspend.shouldCommit()) {
        commit(suspend, fiber, wait);
      }
    }
  }

  private static void commit(TaskEvents.Suspend suspend, Fiber fiber, Wait wait) {
    WaitDetails details = wait.details();
    suspend.task = TaskInspection.nameOf(fiber);
    suspend.start = startOf(fiber);
    suspend.loop = fiber.loop().name();
    suspend.operation = details.what();
    suspend.subject = textOf(details.subject());
    suspend.descriptor = Math.max(suspend.descriptor, details.descriptor());
    suspend.bytes = details.bytes();
    suspend.cancelled = wait.isCancelRequested();
    suspend.commit();
  }

  @Override
  protected void cancelRequested(Fiber fiber, String reason) {
    TaskEvents.Cancel cancel = new TaskEvents.Cancel();
    if (cancel.shouldCommit()) {
      cancel.task = TaskInspection.nameOf(fiber);
      cancel.start = startOf(fiber);
      cancel.loop = fiber.loop().name();
      cancel.reason = reason;
      separate();
      cancel.commit();
    }
  }

  @Override
  protected void limitReached(Fiber fiber, String reason) {
    TaskEvents.Deadline deadline = new TaskEvents.Deadline();
    if (deadline.shouldCommit()) {
      deadline.task = TaskInspection.nameOf(fiber);
      deadline.start = startOf(fiber);
      deadline.loop = fiber.loop().name();
      deadline.reason = reason;
      separate();
      deadline.commit();
    }
  }

  // ---- loops ----

  @Override
  protected @Nullable Object turnBegins(Loop loop) {
    LoopEvents.Turn turn = new LoopEvents.Turn();
    if (!turn.isEnabled()) {
      return null;
    }
    turn.begin();
    return turn;
  }

  @Override
  protected void turnEnded(Loop loop, long tasksRun, @Nullable Object begun) {
    if (begun instanceof LoopEvents.Turn turn) {
      turn.end();
      if (turn.shouldCommit()) {
        turn.loop = loop.name();
        turn.run = tasksRun;
        separate();
        turn.commit();
      }
    }
  }

  @Override
  public void stalled(Loop loop, @Nullable Fiber running, String place, Duration time) {
    LoopEvents.Stall stall = new LoopEvents.Stall();
    if (stall.shouldCommit()) {
      stall.loop = loop.name();
      stall.task = running == null ? null : running.describe();
      stall.place = place;
      stall.time = time.toNanos();
      stall.commit();
    }
  }

  private static void commitStatistics() {
    for (Loop loop : LoopRegistry.allIncludingOnCallers()) {
      Inspection.Totals now = Inspection.totalsOf(loop);
      LoopEvents.Statistics statistics = new LoopEvents.Statistics();
      statistics.loop = loop.name();
      statistics.coroutines = loop.fiberCount();
      statistics.ready = now.ready();
      statistics.timers = now.timers();
      statistics.inFlight = now.inFlight();
      statistics.turns = loop.turns();
      statistics.run = loop.tasksRun();
      statistics.commit();
    }
  }

  // ---- rare events ----

  @Override
  public @Nullable Object offloadBegins(Fiber fiber) {
    ResourceEvents.Offload offload = new ResourceEvents.Offload();
    if (!offload.isEnabled()) {
      return null;
    }
    offload.task = TaskInspection.nameOf(fiber);
    offload.start = startOf(fiber);
    offload.loop = fiber.loop().name();
    offload.begin();
    return offload;
  }

  @Override
  public void offloadEnded(@Nullable Object begun) {
    if (begun instanceof ResourceEvents.Offload offload) {
      offload.commit();
    }
  }

  @Override
  public Object handshakeBegins() {
    ResourceEvents.TlsHandshake handshake = new ResourceEvents.TlsHandshake();
    handshake.begin();
    return handshake;
  }

  @Override
  public void handshakeEnded(
      @Nullable Object begun,
      Object peer,
      boolean client,
      String protocol,
      String cipherSuite,
      @Nullable Throwable failure) {
    if (begun instanceof ResourceEvents.TlsHandshake handshake) {
      handshake.end();
      if (handshake.shouldCommit()) {
        handshake.connection = peer.toString();
        handshake.client = client;
        handshake.protocol = protocol;
        handshake.cipherSuite = cipherSuite;
        handshake.failure = textOf(failure);
        handshake.commit();
      }
    }
  }

  @Override
  public void processStarted(long pid, String command) {
    ResourceEvents.ProcessStart start = new ResourceEvents.ProcessStart();
    start.pid = pid;
    start.command = command;
    start.commit();
  }

  @Override
  public void processExited(long pid, String command, int exitCode) {
    ResourceEvents.ProcessExit exit = new ResourceEvents.ProcessExit();
    exit.pid = pid;
    exit.command = command;
    exit.exitCode = exitCode;
    exit.commit();
  }
}
