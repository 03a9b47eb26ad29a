package dev.goasync.sync;

import dev.goasync.internal.loop.LoopTimer;

/** The end of a time. */
final class TimeClause extends Clause {
  private final long nanos;
  private final Runnable action;
  private final LoopTimer timer =
      new LoopTimer() {
        @Override
        protected void fire() {
          Selection waiting = selection;
          if (waiting != null) {
            waiting.happened(TimeClause.this);
          }
        }
      };

  TimeClause(long nanos, Runnable action) {
    this.nanos = nanos;
    this.action = action;
  }

  @Override
  boolean isReady() {
    return false;
  }

  @Override
  boolean happen() {
    return true;
  }

  @Override
  void enter(Selection entered) {
    selection = entered;
    entered.home.addTimer(timer, entered.home.time().nanoTime() + nanos);
  }

  @Override
  void leave() {
    Selection waiting = selection;
    if (waiting != null) {
      waiting.home.cancelTimer(timer);
    }
    selection = null;
  }

  @Override
  void act() {
    action.run();
  }

  @Override
  String describe() {
    return "a timer";
  }
}
