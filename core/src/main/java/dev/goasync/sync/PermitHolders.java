package dev.goasync.sync;

import dev.goasync.internal.loop.Fiber;
import java.util.ArrayDeque;
import java.util.Iterator;
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

  private final ArrayDeque<Taken> taken = new ArrayDeque<>(); // guarded by this, the newest first

  private PermitHolders() {}

  /** Null if nothing is to be recorded. */
  static @Nullable PermitHolders ifTraced() {
    return TRACE ? new PermitHolders() : null;
  }

  /** The caller has taken permits. */
  void acquired(int count) {
    Taken entry = new Taken(LoopPrimitive.caller(), count, place());
    synchronized (this) {
      if (taken.size() < MAX_RECORDED) {
        taken.push(entry);
      }
    }
  }

  /** The caller has returned permits. */
  synchronized void released(int count) {
    Object caller = LoopPrimitive.caller();
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
  public synchronized String toString() {
    return taken.reversed().stream()
        .limit(MAX_SHOWN)
        .map(Taken::toString)
        .collect(Collectors.joining("; "));
  }
}
