package dev.goasync.sync;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.util.SpinLock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records, with {@code -Dgoasync.trace=true}, where the permits of a semaphore were taken that have
 * not come back. A semaphore does not know which caller returns which permit: a release counts for
 * the newest acquire of the same caller, or else for the oldest. Any thread.
 */
final class PermitHolders {
  private static final boolean TRACE = Boolean.getBoolean("goasync.trace");
  private static final int MAX_SHOWN = 3;
  private static final int MAX_RECORDED = 1000;

  private record Taken(Object caller, int count, String place) {
    @Override
    public String toString() {
      Thread thread = caller instanceof Fiber fiber ? fiber.thread() : (Thread) caller;
      return "taken at "
          + place
          + " by "
          + Mutex.name(caller)
          + (thread.isAlive() ? "" : ", which has ended");
    }
  }

  private final ArrayDeque<Taken> taken =
      new ArrayDeque<>(); // guarded by the lock, the newest first

  /** No monitor: a dump takes it while the loop may be blocked; see {@link SpinLock}. */
  private final SpinLock lock = new SpinLock();

  private PermitHolders() {}

  /** Null if nothing is to be recorded. */
  static @Nullable PermitHolders ifTraced() {
    return TRACE ? new PermitHolders() : null;
  }

  /** The caller has taken permits. */
  void acquired(int count) {
    Taken entry = new Taken(LoopPrimitive.caller(), count, place());
    lock.lock();
    try {
      if (taken.size() < MAX_RECORDED) {
        taken.push(entry);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The caller has returned permits. */
  void released(int count) {
    Object caller = LoopPrimitive.caller();
    lock.lock();
    try {
      forget(caller, count);
    } finally {
      lock.unlock();
    }
  }

  private void forget(Object caller, int count) {
    for (Iterator<Taken> all = taken.iterator(); all.hasNext(); ) {
      Taken entry = all.next();
      if (entry.caller == caller && entry.count == count) {
        all.remove();
        return;
      }
    }
    var _ = taken.pollLast();
  }

  private static String place() {
    String own = PermitHolders.class.getName();
    String semaphore = Semaphore.class.getName();
    return StackWalker.getInstance()
        .walk(frames ->
            frames
                .filter(frame -> !frame.getClassName().equals(own))
                .filter(frame -> !frame.getClassName().equals(semaphore))
                .findFirst()
                .map(frame -> frame.toStackTraceElement().toString())
                .orElse("an unknown place"));
  }

  /** The permits that have not come back, the oldest first. */
  @Override
  public String toString() {
    List<Taken> shown = new ArrayList<>(MAX_SHOWN);
    lock.lock();
    try {
      Iterator<Taken> oldest = taken.descendingIterator();
      while (oldest.hasNext() && shown.size() < MAX_SHOWN) {
        shown.add(oldest.next());
      }
    } finally {
      lock.unlock();
    }
    return shown.stream().map(Taken::toString).collect(Collectors.joining("; "));
  }
}
