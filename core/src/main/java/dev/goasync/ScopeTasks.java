package dev.goasync;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.ScopeResources;
import dev.goasync.internal.loop.Wait;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one scope: running ones, ones that wait for their turn and, if wanted, ended ones
 * that nobody has asked for. Owned by the loop of the scope's owner, on which all of them run.
 */
final class ScopeTasks {
  /** What ends when all tasks have ended. */
  final ScopeResources resources = new ScopeResources();

  private final Fiber owner;
  private final int parallelism;
  private final Consumer<Task<?>> onEnd;
  private final ArrayDeque<ScopedFiber<?>> waiting = new ArrayDeque<>();
  private final @Nullable ArrayDeque<Task<?>> ended;
  private final List<ScopeWait> waits = new ArrayList<>();

  /** A list through the fibers, from the newest to the oldest. */
  private @Nullable ScopedFiber<?> newest;

  private int running;
  private @Nullable String cancelReason;

  ScopeTasks(Fiber owner, int parallelism, boolean keepEnded, Consumer<Task<?>> onEnd) {
    this.owner = owner;
    this.parallelism = parallelism;
    this.ended = keepEnded ? new ArrayDeque<>() : null;
    this.onEnd = onEnd;
  }

  void start(ScopedFiber<?> fiber) {
    if (cancelReason != null) {
      fiber.cancel(cancelReason);
    }
    if (running < parallelism) {
      begin(fiber);
    } else {
      waiting.add(fiber);
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
    if (ended != null) {
      ended.add(fiber.task);
    }
    onEnd.accept(fiber.task);
    ScopedFiber<?> next = waiting.poll();
    if (next != null) {
      begin(next);
    }
    for (int i = waits.size() - 1; i >= 0; i--) {
      waits.get(i).check();
    }
  }

  boolean areDone() {
    return running == 0 && waiting.isEmpty();
  }

  /**
   * Waits for the next task to end, and takes it; null if none is left.
   *
   * @throws IllegalStateException if ended tasks are not kept
   */
  @Nullable Task<?> awaitNext() {
    ArrayDeque<Task<?>> kept = ended;
    if (kept == null) {
      throw new IllegalStateException(
          "the scope forgets tasks that have ended; run it with TaskScope.with().keepEnded()");
    }
    awaitUntil(() -> !kept.isEmpty() || areDone(), "the next task of a scope to end");
    return kept.poll();
  }

  void cancelAll(String reason) {
    if (cancelReason == null) {
      cancelReason = reason;
      runningFromOldest().forEach(fiber -> fiber.cancel(reason));
      waiting.forEach(fiber -> fiber.cancel(reason));
    }
  }

  /** A copy: to cancel one may end it, or begin another. */
  private List<Fiber> runningFromOldest() {
    List<Fiber> fibers = new ArrayList<>(running);
    for (ScopedFiber<?> fiber = newest; fiber != null; fiber = fiber.previous) {
      fibers.add(fiber);
    }
    return fibers.reversed();
  }

  /** Pauses the current fiber until all tasks have ended. */
  void awaitAll() {
    await(new ScopeWait(caller(), this::areDone, "the tasks of a scope", true));
  }

  /** Pauses the current fiber until the condition, which only ends of tasks change, holds. */
  void awaitUntil(BooleanSupplier condition, String what) {
    await(new ScopeWait(caller(), condition, what, false));
  }

  private static Fiber caller() {
    Fiber fiber = Fiber.current();
    if (fiber == null) {
      throw new IllegalStateException("a scope is waited for in coroutines, and outside sync");
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
