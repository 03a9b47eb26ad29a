package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.LoopStepper;
import java.util.ArrayList;
import java.util.List;

/**
 * The loops of a world: which of them have something to run, and when the next timer of a loop is
 * due. Owned by the world's thread and the coroutines that it runs.
 *
 * <p>A loop is in one of four states, and the world's thread makes all transitions but the first:
 *
 * <pre>
 *   ASLEEP ──{@link #wake}: a task was submitted──► WOKEN ──{@link #admitWoken}──► AWAKE
 *      │ ▲                                                                         │ ▲
 *      │ └────────────────────────── nothing is ready ─────────────────────────────┤ │
 *      └──── a timer has fired ──► AWAKE       the holder of the loop is not ready │ │ it is ready
 *                                                                                  ▼ │
 *                                                                                  HELD
 * </pre>
 */
final class LoopSet {
  private final List<SimulatedLoop> all = new ArrayList<>();
  private final List<SimulatedLoop> woken = new ArrayList<>();
  private final List<SimulatedLoop> awake = new ArrayList<>();
  private final List<SimulatedLoop> held = new ArrayList<>();

  void add(SimulatedLoop loop) {
    all.add(loop);
  }

  /** The loop does not run again. */
  void remove(SimulatedLoop loop) {
    all.remove(loop);
    woken.remove(loop);
    awake.remove(loop);
    held.remove(loop);
  }

  List<SimulatedLoop> all() {
    return List.copyOf(all);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Whether no coroutine is left that keeps a program alive. */
  boolean isIdle() {
    for (SimulatedLoop loop : all) {
      if (loop.loop().liveCount() > 0) {
        return false;
      }
    }
    return true;
  }

  /** The loops that have a ready task. */
  List<SimulatedLoop> awake() {
    return awake;
  }

  /** A task was submitted to the loop; returns false if it was not asleep. */
  boolean wake(SimulatedLoop loop) {
    if (loop.awake) {
      return false;
    }
    loop.awake = true;
    woken.add(loop);
    return true;
  }

  /** Takes over what was submitted to the loops that were woken. */
  void admitWoken() {
    while (!woken.isEmpty()) {
      SimulatedLoop loop = woken.removeFirst();
      LoopStepper.enter(loop.loop());
      if (loop.stepper().collect()) {
        awake.add(loop);
      } else {
        putToSleep(loop);
      }
    }
  }

  /** The holder of an awake loop is not ready. */
  void hold(SimulatedLoop loop) {
    awake.remove(loop);
    held.add(loop);
    releaseHeld(); // the holder may be among what other loops have submitted
  }

  /** A step or an event may have made the holders of loops ready. */
  void releaseHeld() {
    for (int i = held.size() - 1; i >= 0; i--) {
      SimulatedLoop loop = held.get(i);
      LoopStepper.enter(loop.loop());
      loop.stepper().collect();
      if (loop.stepper().heldTask() != LoopStepper.HOLDER_NOT_READY) {
        held.remove(i);
        awake.add(loop);
      }
    }
  }

  /** An awake loop has run a task: it goes to the end of the awake ones, or falls asleep. */
  void afterStep(SimulatedLoop loop) {
    releaseHeld();
    if (loop.run.hasCrashed()) {
      return; // it was removed
    }
    LoopStepper.enter(loop.loop());
    if (!loop.stepper().collect()) {
      awake.remove(loop);
      putToSleep(loop);
    } else if (awake.size() > 1) {
      awake.remove(loop);
      awake.add(loop);
    }
  }

  private void putToSleep(SimulatedLoop loop) {
    loop.awake = false;
    if (!loop.loop().isClosing()) {
      return;
    }
    if (loop.stepper().endIfClosed()) {
      remove(loop);
    } else if (loop.stepper().collect()) { // its daemons were cancelled
      loop.awake = true;
      awake.add(loop);
    }
  }

  /** The time of the next timer, since the world's start; the largest long if there is none. */
  long nextTimer() {
    long next = Long.MAX_VALUE;
    for (SimulatedLoop loop : all) {
      if (loop.stepper().hasTimer()) {
        next = Math.min(next, SimulatedTime.sinceStart(loop.stepper().nextTimer()));
      }
    }
    return next;
  }

  /** Fires the timers that are due, while all loops sleep. */
  void fireTimers(long now) {
    for (SimulatedLoop loop : all) {
      LoopStepper stepper = loop.stepper();
      if (stepper.hasTimer() && SimulatedTime.sinceStart(stepper.nextTimer()) <= now) {
        LoopStepper.enter(loop.loop());
        if (stepper.collect() && !loop.awake) {
          loop.awake = true;
          awake.add(loop);
        }
      }
    }
  }
}
