package dev.goasync.internal.task;

import dev.goasync.internal.loop.CancelScope;
import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.util.SpinLock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The executor of {@code EventLoop.scheduledExecutor()} and, with a limit, of {@code
 * EventLoop.executor(int)}: a queued task is a timer of the loop, and each run is a coroutine. Any
 * thread.
 *
 * <p>A task is in {@code queued}, while its time has not come or too many tasks run, or in {@code
 * running}, until it has ended. {@code due} are the queued tasks whose time has come. After {@code
 * shutdown} no task is added and no periodic task is queued again; when both sets are empty the
 * executor has terminated. The close of the loop cancels what is queued.
 */
public final class ScheduledExecutor extends AbstractExecutorService
    implements ScheduledExecutorService {
  /** A hundred years: longer delays count as this one; see {@link Loop#time}. */
  private static final long MAX_DELAY = TimeUnit.DAYS.toNanos(365 * 100);

  private final Loop loop;
  private final int maxConcurrency;
  private final Runnable onLoopClose = this::loopClosed;
  private final CompletableFuture<@Nullable Void> terminated = new CompletableFuture<>();

  // Guarded by lock.
  private final SpinLock lock = new SpinLock();
  private final Set<ScheduledRun<?>> queued = new LinkedHashSet<>();
  private final Set<ScheduledRun<?>> running = new LinkedHashSet<>();
  private final ArrayDeque<ScheduledRun<?>> due = new ArrayDeque<>();
  private boolean shutdown;

  /**
   * Creates an executor of {@code loop}.
   *
   * @param maxConcurrency how many tasks may run at once
   * @throws RejectedExecutionException if the loop is closed
   */
  public ScheduledExecutor(Loop loop, int maxConcurrency) {
    this.loop = loop;
    this.maxConcurrency = maxConcurrency;
    loop.execute(() -> loop.addCloseListener(onLoopClose));
  }

  Loop loop() {
    return loop;
  }

  long now() {
    return loop.time().nanoTime();
  }

  // ---- adding tasks ----

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return add(asCallable(command), unit.toNanos(delay), 0);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    return this.<V>add(Objects.requireNonNull(callable, "callable"), unit.toNanos(delay), 0);
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    Callable<@Nullable Void> work = asCallable(command);
    return add(work, unit.toNanos(initialDelay), positive(unit.toNanos(period), "period", period));
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    Callable<@Nullable Void> work = asCallable(command);
    return add(work, unit.toNanos(initialDelay), -positive(unit.toNanos(delay), "delay", delay));
  }

  @Override
  public void execute(Runnable command) {
    Objects.requireNonNull(command, "command");
    if (command instanceof ScheduledRun<?> run && run.belongsTo(this) && !wasQueued(run)) {
      enqueue(run);
    } else {
      var _ =
          schedule(command, 0, TimeUnit.NANOSECONDS); // the future takes the failure, as in the JDK
    }
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
    return new ScheduledRun<T>(this, Contexts.wrap(callable), now(), 0);
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
    Runnable work = Contexts.wrap(runnable);
    Callable<T> call =
        () -> {
          work.run();
          return value;
        };
    return new ScheduledRun<T>(this, call, now(), 0);
  }

  private static Callable<@Nullable Void> asCallable(Runnable command) {
    Objects.requireNonNull(command, "command");
    return () -> {
      command.run();
      return null;
    };
  }

  private static long positive(long nanos, String name, long given) {
    if (nanos <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + given);
    }
    return Math.min(nanos, MAX_DELAY);
  }

  private <V extends @Nullable Object> ScheduledRun<V> add(
      Callable<? extends V> work, long delay, long period) {
    long nanos = Math.clamp(delay, 0, MAX_DELAY);
    ScheduledRun<V> run = new ScheduledRun<>(this, Contexts.wrap(work), now() + nanos, period);
    enqueue(run);
    return run;
  }

  private void enqueue(ScheduledRun<?> run) {
    lock.lock();
    try {
      if (!shutdown) {
        run.everQueued = true;
        queued.add(run);
      }
    } finally {
      lock.unlock();
    }
    if (!run.everQueued) {
      throw new RejectedExecutionException("the scheduled executor of " + loop.name() + " is shut");
    }
    try {
      loop.execute(() -> armIfQueued(run));
    } catch (RejectedExecutionException closed) {
      remove(run);
      throw closed;
    }
  }

  private void armIfQueued(ScheduledRun<?> run) {
    if (isQueued(run)) {
      run.arm();
    }
  }

  private boolean isQueued(ScheduledRun<?> run) {
    lock.lock();
    try {
      return queued.contains(run);
    } finally {
      lock.unlock();
    }
  }

  boolean wasQueued(ScheduledRun<?> run) {
    lock.lock();
    try {
      return run.everQueued;
    } finally {
      lock.unlock();
    }
  }

  // ---- running: loop's thread or its current fiber ----

  /** The task is due. */
  void start(ScheduledRun<?> run) {
    lock.lock();
    try {
      if (!queued.contains(run)) {
        return; // cancelled
      }
      if (running.size() >= maxConcurrency) {
        due.add(run);
        return;
      }
      queued.remove(run);
      running.add(run);
    } finally {
      lock.unlock();
    }
    try {
      loop.startFiber(run.new RunFiber());
    } catch (Throwable notStarted) {
      run.fail(notStarted);
      hasRun(run);
    }
  }

  /** A run has ended. Queues a periodic task again. */
  void hasRun(ScheduledRun<?> run) {
    boolean again = false;
    ScheduledRun<?> next;
    lock.lock();
    try {
      running.remove(run);
      if (run.isPeriodic() && !run.isDone() && !shutdown) {
        again = queued.add(run);
      }
      do {
        next = due.poll();
      } while (next != null && !queued.contains(next));
    } finally {
      lock.unlock();
    }
    if (again) {
      run.moveOn();
      armIfQueued(run);
    } else if (run.isPeriodic()) {
      run.cancel(false); // no effect if it has failed
    }
    if (next != null) {
      start(next);
    }
    terminateIfDone();
  }

  /** A task was cancelled: its timer is removed at once. Any thread. */
  void remove(ScheduledRun<?> run) {
    boolean removed;
    lock.lock();
    try {
      removed = queued.remove(run);
    } finally {
      lock.unlock();
    }
    if (removed) {
      loop.executeQuietly(run::disarm);
      terminateIfDone();
    }
  }

  // ---- the end ----

  @Override
  public void shutdown() {
    List<ScheduledRun<?>> periodic = new ArrayList<>();
    lock.lock();
    try {
      shutdown = true;
      queued.stream().filter(ScheduledRun::isPeriodic).forEach(periodic::add);
    } finally {
      lock.unlock();
    }
    periodic.forEach(run -> run.cancel(false));
    terminateIfDone();
  }

  @Override
  public List<Runnable> shutdownNow() {
    List<ScheduledRun<?>> neverRun;
    List<ScheduledRun<?>> toInterrupt;
    lock.lock();
    try {
      shutdown = true;
      neverRun = List.copyOf(queued);
      toInterrupt = List.copyOf(running);
      queued.clear();
    } finally {
      lock.unlock();
    }
    neverRun.forEach(run -> loop.executeQuietly(run::disarm));
    toInterrupt.forEach(ScheduledRun::interrupt);
    terminateIfDone();
    return new ArrayList<>(neverRun);
  }

  private void loopClosed() {
    List<ScheduledRun<?>> left;
    lock.lock();
    try {
      shutdown = true;
      left = List.copyOf(queued);
    } finally {
      lock.unlock();
    }
    left.forEach(run -> run.cancel(false));
    terminateIfDone();
  }

  private void terminateIfDone() {
    boolean done;
    lock.lock();
    try {
      done = shutdown && queued.isEmpty() && running.isEmpty();
    } finally {
      lock.unlock();
    }
    if (done && terminated.complete(null)) {
      loop.executeQuietly(() -> loop.removeCloseListener(onLoopClose));
    }
  }

  @Override
  public boolean isShutdown() {
    lock.lock();
    try {
      return shutdown;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isTerminated() {
    return terminated.isDone();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return HomeFutureWait.await(
        terminated, loop, Math.max(0, unit.toNanos(timeout)), "the end of a scheduled executor");
  }

  /**
   * Shuts down and waits for the tasks. A cancel or an interrupt of the caller interrupts the
   * tasks; their end is still awaited.
   */
  @Override
  public void close() {
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      super.close();
      return;
    }
    shutdown();
    try {
      awaitEnd();
    } catch (Cancellation cancelled) {
      shutdownNow();
      CancelScope shield = fiber.openScope(true);
      try {
        awaitEnd();
      } finally {
        fiber.closeScope(shield);
      }
      throw cancelled;
    }
  }

  private void awaitEnd() {
    try {
      HomeFutureWait.await(terminated, loop, Poller.FOREVER, "the end of a scheduled executor");
    } catch (InterruptedException impossible) {
      throw new AssertionError("a coroutine is cancelled, not interrupted", impossible);
    }
  }

  @Override
  public String toString() {
    lock.lock();
    try {
      return "scheduled executor of "
          + loop.name()
          + ": "
          + queued.size()
          + " tasks queued, "
          + running.size()
          + " running"
          + (shutdown ? ", shut down" : "");
    } finally {
      lock.unlock();
    }
  }
}
