package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The wait of a coroutine for a simulated socket. Owned by the world's thread. */
final class SocketWait extends Wait {
  private final Fiber fiber;
  private final Queue queue;
  private final Object what;
  private boolean timedOut;

  private SocketWait(Fiber fiber, Queue queue, Object what) {
    this.fiber = fiber;
    this.queue = queue;
    this.what = what;
  }

  /** The waits for one condition. A change finishes all, and each waiter looks again. */
  static final class Queue {
    private final Deque<SocketWait> waits = new ArrayDeque<>();

    /**
     * Pauses the current fiber until {@link #wakeAll}; the caller checks the condition again.
     *
     * @param what the condition, as the end of a sentence that begins with "waits for"
     */
    void await(Fiber fiber, Object what) {
      SocketWait wait = new SocketWait(fiber, this, what);
      waits.add(wait);
      fiber.pause(wait);
      wait.throwIfCancelled();
    }

    /** As {@link #await}; returns false if {@code nanos} are over first. */
    boolean await(SimulatedWorld world, Fiber fiber, Object what, long nanos) {
      SocketWait wait = new SocketWait(fiber, this, what);
      waits.add(wait);
      world.schedule(nanos, wait::expire); // a timer of the loop would not fire inside sync
      fiber.pause(wait);
      wait.throwIfCancelled();
      return !wait.timedOut;
    }

    void wakeAll() {
      if (!waits.isEmpty()) {
        List<SocketWait> woken = new ArrayList<>(waits);
        waits.clear();
        woken.forEach(SocketWait::finish);
      }
    }
  }

  private void expire() {
    if (queue.waits.remove(this)) {
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
    if (queue.waits.remove(this)) {
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
