package dev.goasync.sync;

import dev.goasync.EventLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A selection whose channels all have its home loop. The loop runs one thing at a time, so the
 * first clause that is performed unregisters the remaining ones before any of them can be.
 */
final class LocalSelect extends Selection {
  /** The caller's operation while the clauses are registered. */
  private @Nullable Waiter waiter;

  LocalSelect(EventLoop home, List<Clause> clauses) {
    super(home, clauses);
  }

  LocalSelect(LoopPrimitive neighbour, List<Clause> clauses) {
    super(neighbour, clauses);
  }

  @Override
  void begin(Waiter choosing) {
    if (waiter != null) {
      throw new IllegalStateException("the select is running already");
    }
    for (Clause ready = chooseReady(); ready != null; ready = chooseReady()) {
      if (ready.perform()) {
        choosing.end(ready);
        return;
      }
    }
    if (choosing.operation == TRY) {
      choosing.end(Waiter.Outcome.NOT_READY);
    } else {
      waiter = choosing;
      for (Clause each : clauses) {
        each.register(this);
      }
    }
  }

  private @Nullable Clause chooseReady() {
    int ready = 0;
    for (Clause each : clauses) {
      if (each.isReady()) {
        ready++;
      }
    }
    int skipped = ready > 1 ? home.nextRandomInt(ready) : 0;
    for (Clause each : clauses) {
      if (each.isReady() && skipped-- == 0) {
        return each;
      }
    }
    return null;
  }

  @Override
  void performed(Clause clause) {
    Waiter choosing = waiter;
    if (choosing != null) {
      unregisterAll();
      choosing.end(clause);
    }
  }

  private void unregisterAll() {
    waiter = null;
    for (Clause each : clauses) {
      each.unregister();
    }
  }

  @Override
  void withdraw(Waiter choosing, Object answer) {
    unregisterAll();
    choosing.end(answer);
  }

  @Override
  boolean isExternal(Waiter choosing) {
    for (Clause each : clauses) {
      if (each.isExternal(this)) {
        return true;
      }
    }
    return false;
  }

  @Override
  boolean isTimed(Waiter choosing) {
    for (Clause each : clauses) {
      if (each.isTimed()) {
        return true;
      }
    }
    return false;
  }
}
