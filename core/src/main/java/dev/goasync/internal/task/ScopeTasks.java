package dev.goasync.internal.task;

import dev.goasync.internal.loop.CancelScope;
import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.ScopeResources;
import dev.goasync.internal.loop.Wait;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one scope: running ones, queued ones that begin when others end and, if wanted,
 * ended ones that {@link #awaitNext} has not returned. Owned by the loop of the scope's owner, on
 * which all of them run.
 */
public final class ScopeTasks {
  final ScopeResources resources = new ScopeResources();

  private final Fiber owner;
  private final int maxConcurrency;
  private final CancelScope bodyScope;
  private final Predicate<TaskCore<?>> onEnd;
  private final ArrayDeque<ScopedFiber<?>> queued = new ArrayDeque<>();
  private final @Nullable ArrayDeque<TaskCore<?>> ended;
  private final List<ScopeWait> waits = new ArrayList<>();

  /** The newest running fiber, the head of the list. */
  private @Nullable ScopedFiber<?> newest;

  private int running;
  private @Nullable String cancelReason;

  /**
   * No tasks yet. Opens the cancel scope of the body, which the caller closes.
   *
   * @param keepEnded whether ended tasks are kept for {@link #awaitNext}
   * @param onEnd called at the end of each task, on its coroutine; returns whether to keep the task
   *     if ended tasks are kept
   */
  public ScopeTasks(
      Fiber owner, int maxConcurrency, boolean keepEnded, Predicate<TaskCore<?>> onEnd) {
    this.owner = owner;
    this.maxConcurrency = maxConcurrency;
    this.ended = keepEnded ? new ArrayDeque<>() : null;
    this.onEnd = onEnd;
    this.bodyScope = owner.openScope(false);
    bodyScope.setResources(resources);
  }

  /** The loop of the owner and of all tasks. */
  public Loop loop() {
    return owner.loop();
  }

  /** The coroutine that runs the scope. */
  Fiber owner() {
    return owner;
  }

  /** The number of tasks that begin when others end. */
  int queuedCount() {
    return queued.size();
  }

  /** The cancel scope of the scope's body. */
  public CancelScope bodyScope() {
    return bodyScope;
  }

  void start(ScopedFiber<?> fiber) {
    if (cancelReason != null) {
      fiber.cancel(cancelReason);
    }
    if (running < maxConcurrency) {
      begin(fiber);
    } else {
      queued.add(fiber);
    }
  }

  private void begin(ScopedFiber<?> fiber) {
    add(fiber);
    owner.loop().startFiber(fiber);
  }

  private void add(ScopedFiber<?> fiber) {
    ScopedFiber<?> before = newest;
    fiber.running = true;
    fiber.previous = before;
    if (before != null) {
      before.next = fiber;
    }
    newest = fiber;
    running++;
  }

  private void remove(ScopedFiber<?> fiber) {
    ScopedFiber<?> before = fiber.previous;
    ScopedFiber<?> after = fiber.next;
    if (before != null) {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    } else {
      newest = before;
    }
    fiber.previous = null;
    fiber.next = null;
    fiber.running = false;
    running--;
  }

  /** The last act of a task's coroutine. */
  void end(ScopedFiber<?> fiber) {
    remove(fiber);
    boolean keep = onEnd.test(fiber.task);
    if (keep && ended != null) {
      ended.add(fiber.task);
    }
    ScopedFiber<?> next = queued.poll();
    if (next != null) {
      begin(next);
    }
    checkWaits();
  }

  /** Ends the waits whose conditions hold. */
  public void checkWaits() {
    for (int i = waits.size() - 1; i >= 0; i--) {
      waits.get(i).check();
    }
  }

  /** Whether no task is running or queued. */
  public boolean areDone() {
    return running == 0 && queued.isEmpty();
  }

  /**
   * Waits for the next task to end, removes it from the ended ones and returns it; null if none is
   * left.
   *
   * @throws IllegalStateException if ended tasks are not kept
   */
  public @Nullable TaskCore<?> awaitNext() {
    ArrayDeque<TaskCore<?>> kept = ended;
    if (kept == null) {
      throw new IllegalStateException(
          "the scope does not keep ended tasks; run it with TaskScope.with().keepEnded()");
    }
    awaitUntil(() -> !kept.isEmpty() || areDone(), "the next task of a scope to end");
    return kept.poll();
  }

  /** Cancels all tasks, also those that start later. The first reason is kept. */
  public void cancelAll(String reason) {
    if (cancelReason == null) {
      cancelReason = reason;
      runningFromOldest().forEach(fiber -> fiber.cancel(reason));
      queued.forEach(fiber -> fiber.cancel(reason));
    }
  }

  /**
   * Cancels one task. One that is queued ends at once and not after others: its body never runs.
   */
  public void cancelNow(TaskCore<?> task, String reason) {
    task.requestCancel(reason);
    if (task.fiber() instanceof ScopedFiber<?> fiber && queued.remove(fiber)) {
      begin(fiber);
    }
  }

  /** A copy of the list: a cancel may end a task and begin another. */
  private List<Fiber> runningFromOldest() {
    List<Fiber> fibers = new ArrayList<>(running);
    for (ScopedFiber<?> fiber = newest; fiber != null; fiber = fiber.previous) {
      fibers.add(fiber);
    }
    return fibers.reversed();
  }

  private List<Fiber> newestRunning(int max) {
    List<Fiber> fibers = new ArrayList<>();
    ScopedFiber<?> fiber = newest;
    for (; fiber != null && fibers.size() < max; fiber = fiber.previous) {
      fibers.add(fiber);
    }
    return fibers;
  }

  /** Pauses the current fiber until all tasks have ended. */
  public void awaitAll() {
    await(new ScopeWait(caller(), this::areDone, "the tasks of a scope", true));
  }

  /**
   * Pauses the current fiber until the condition holds. It is checked at the end of each task and
   * by {@link #checkWaits}.
   */
  public void awaitUntil(BooleanSupplier condition, String what) {
    await(new ScopeWait(caller(), condition, what, false));
  }

  /**
   * Waits until no task is left, in the owner. A cancel that comes meanwhile is passed to the
   * tasks, and the wait goes on behind a shield.
   *
   * @param thrown the exception of the scope's body, which has cancelled the tasks; or null
   * @return {@code thrown}, or the cancellation that came first
   */
  public @Nullable Throwable awaitEnd(@Nullable Throwable thrown) {
    Throwable first = thrown;
    while (!areDone()) {
      CancelScope shield = first == null ? null : owner.openScope(true);
      try {
        awaitAll();
      } catch (Cancellation cancelled) {
        first = cancelled;
        cancelAll(String.valueOf(cancelled.getMessage()));
      } catch (IllegalStateException pinned) {
        cancelAll("the coroutine of the scope cannot wait for its tasks");
        throw pinned;
      } finally {
        if (shield != null) {
          owner.closeScope(shield);
        }
      }
    }
    return first;
  }

  /** Closes the resources of the scope behind a shield. */
  public void closeResources() {
    if (!resources.isEmpty()) {
      CancelScope shield = owner.openScope(true);
      try {
        resources.endAll();
      } finally {
        owner.closeScope(shield);
      }
    }
  }

  private static Fiber caller() {
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      throw new IllegalStateException("a scope can be awaited in a coroutine only, outside sync");
    }
    return fiber;
  }

  private void await(ScopeWait wait) {
    Fiber fiber = wait.fiber;
    fiber.checkCancelled();
    if (wait.condition.getAsBoolean()) {
      return;
    }
    waits.add(wait);
    fiber.pause(wait);
    waits.remove(wait);
    if (wait.wasCancelled()) {
      throw fiber.cancellation();
    }
  }

  private final class ScopeWait extends Wait {
    private final Fiber fiber;
    private final BooleanSupplier condition;
    private final String what;
    private final boolean forAll;

    ScopeWait(Fiber fiber, BooleanSupplier condition, String what, boolean forAll) {
      this.fiber = fiber;
      this.condition = condition;
      this.what = what;
      this.forAll = forAll;
    }

    @Override
    public boolean isBlockedBy(Fiber child) {
      return forAll
          && child instanceof ScopedFiber<?> worker
          && worker.scope == ScopeTasks.this
          && worker.running;
    }

    @Override
    public List<Fiber> blockers(int max) {
      return forAll ? newestRunning(max) : List.of();
    }

    void check() {
      if (!isFinished() && condition.getAsBoolean()) {
        finish(fiber);
      }
    }

    @Override
    protected void cancel(Fiber cancelled) {
      finishCancelled(cancelled);
    }

    @Override
    public String describe() {
      return what;
    }

    @Override
    public boolean isExternal() {
      return false;
    }
  }
}
