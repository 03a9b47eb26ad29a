package dev.goasync.faults;

import dev.goasync.internal.sys.Faults;
import org.jspecify.annotations.Nullable;

/**
 * Makes the n-th call fail, counting calls that can fail this way and that are made by one thread,
 * its coroutines, their workers and a scenario's second loop. Calls of other threads are made
 * normally and not counted, so a scenario always has the same calls.
 */
final class OneFault implements Faults.Plan {
  private static final int EVENT_BYTES = 8;
  private static final String WORKERS = "goasync-io-";

  private final Thread thread = Thread.currentThread();
  private final Fault fault;
  private int toGo;
  private @Nullable String hit;

  OneFault(Fault fault, int n) {
    this.fault = fault;
    this.toGo = n;
  }

  /** The call that failed; null if there were fewer calls. */
  @Nullable String hit() {
    return hit;
  }

  @Override
  public synchronized int decide(Faults.Site site, int number, long length) {
    Thread current = Thread.currentThread();
    String call = FaultTable.nameOf(site, number);
    boolean ofEvent = length == EVENT_BYTES && (call.equals("read") || call.equals("write"));
    boolean tooShort = fault == Fault.SHORT && length <= 1;
    boolean ours =
        current == thread
            || current.isVirtual()
            || current.getName().equals(Scenario.SECOND)
            || current.getName().startsWith(WORKERS);
    if (!ours
        || ofEvent
        || tooShort
        || FaultTable.outcome(call, fault) == null
        || hit != null
        || toGo-- > 0) {
      return Faults.NONE;
    }
    hit = call;
    return fault == Fault.SHORT ? (int) (length / 2) : -fault.errno;
  }
}
