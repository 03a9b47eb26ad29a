package dev.goasync.internal.nio.io;

import dev.goasync.internal.loop.Fiber;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Who waits for one direction of a socket, in one loop. Owned by the loop. */
final class Waiters {
  private final LoopRegistration registration;
  private final int direction;

  /** Mostly there is at most one who waits, in this. */
  private @Nullable ReadinessWait idle;

  private @Nullable ReadinessWait only;
  private @Nullable ArrayDeque<ReadinessWait> more;

  Waiters(LoopRegistration registration, int direction) {
    this.registration = registration;
    this.direction = direction;
  }

  /** The fiber begins to wait; pair with {@link #leave}. */
  ReadinessWait enter(Fiber fiber) {
    ReadinessWait wait = idle;
    idle = null;
    if (wait == null) {
      wait = new ReadinessWait(this, registration.socket, direction);
    }
    wait.begin(fiber);
    if (only == null && (more == null || more.isEmpty())) {
      only = wait;
    } else {
      if (more == null) {
        more = new ArrayDeque<>();
      }
      more.add(wait);
    }
    return wait;
  }

  /** The fiber waits no longer. */
  void leave(ReadinessWait wait) {
    remove(wait);
    idle = wait;
  }

  void remove(ReadinessWait wait) {
    if (only == wait) {
      only = null;
    } else if (more != null) {
      more.remove(wait);
    }
  }

  /** Lets the first go on; false if nobody waits. */
  boolean finishFirst() {
    ReadinessWait first = only;
    only = null;
    if (first == null && more != null) {
      first = more.poll();
    }
    if (first == null) {
      return false;
    }
    first.finish();
    return true;
  }

  void finishAll() {
    while (finishFirst()) {}
  }
}
