package dev.goasync.sync;

import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.io.Readiness;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The readiness of a resource, or of a time. A fiber of the home loop waits for it while the select
 * does, so the loop sees by that one whether something outside it may end the wait; what has failed
 * is ready, so that the action's operation finds out and tells.
 */
final class ReadinessClause extends Clause {
  private final Readiness readiness;
  private final Runnable action;
  private @Nullable Watcher watcher;

  ReadinessClause(Readiness readiness, Runnable action) {
    this.readiness = readiness;
    this.action = action;
  }

  /** Waits, and tells the selection unless it has left meanwhile. */
  private final class Watcher extends Fiber {
    Watcher(Selection entered) {
      super(entered.home);
    }

    @Override
    protected void execute() {
      try {
        readiness.await();
      } catch (IOException | RuntimeException failed) {
        if (failed instanceof CancellationException) {
          return;
        }
      }
      Selection waiting = selection;
      if (waiting != null && watcher == this) {
        waiting.happened(ReadinessClause.this);
      }
    }

    @Override
    protected void neverRan(Cancellation cause) {}

    @Override
    public String describe() {
      return "a select's look at " + readiness;
    }
  }

  @Override
  boolean isReady() {
    try {
      return readiness.isReady();
    } catch (IOException | RuntimeException failed) {
      return true;
    }
  }

  @Override
  boolean happen() {
    return true;
  }

  @Override
  void enter(Selection entered) {
    selection = entered;
    Watcher begun = new Watcher(entered);
    watcher = begun;
    entered.home.startFiber(begun);
  }

  @Override
  void leave() {
    selection = null;
    if (watcher != null) {
      watcher.cancel("the select is over");
      watcher = null;
    }
  }

  @Override
  void act() {
    action.run();
  }

  @Override
  String describe() {
    return readiness.toString();
  }
}
