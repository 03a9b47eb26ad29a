package dev.goasync.internal.simulated.resource;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The coroutines that wait for one condition of a resource. A change wakes all, and each looks
 * again. Owned by the thread of the simulation.
 */
public final class WaitQueue {
  private final Deque<ResourceWait> waits = new ArrayDeque<>();

  /**
   * Pauses the current fiber until {@link #wakeAll}; the caller checks the condition again.
   *
   * @param what the condition, as the end of a sentence that begins with "waits for"
   */
  public void await(Fiber fiber, Object what) {
    ResourceWait wait = new ResourceWait(fiber, what);
    waits.add(wait);
    fiber.pause(wait);
    wait.throwIfCancelled();
  }

  /** As {@link #await(Fiber, Object)}; returns false if {@code nanos} are over first. */
  boolean await(ResourceOwner owner, Fiber fiber, Object what, long nanos) {
    ResourceWait wait = new ResourceWait(fiber, what);
    waits.add(wait);
    owner.schedule(nanos, wait::expire); // a timer of the loop would not fire inside sync
    fiber.pause(wait);
    wait.throwIfCancelled();
    return !wait.timedOut;
  }

  /** Wakes all that wait. */
  public void wakeAll() {
    if (!waits.isEmpty()) {
      List<ResourceWait> woken = new ArrayList<>(waits);
      waits.clear();
      woken.forEach(ResourceWait::finish);
    }
  }

  /** Forgets all that wait, since their program has crashed. */
  public void forget() {
    waits.clear();
  }

  private final class ResourceWait extends Wait {
    private final Fiber fiber;
    private final Object what;
    private boolean timedOut;

    ResourceWait(Fiber fiber, Object what) {
      this.fiber = fiber;
      this.what = what;
    }

    private void expire() {
      if (waits.remove(this)) {
        timedOut = true;
        finish();
      }
    }

    private void finish() {
      finish(fiber);
    }

    private void throwIfCancelled() {
      if (wasCancelled()) {
        throw fiber.cancellation();
      }
    }

    @Override
    protected void cancel(Fiber cancelled) {
      if (waits.remove(this)) {
        finishCancelled(cancelled);
      }
    }

    @Override
    public String describe() {
      return what.toString();
    }

    @Override
    public boolean isExternal() {
      return true;
    }
  }
}
