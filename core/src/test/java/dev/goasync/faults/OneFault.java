package dev.goasync.faults;

import dev.goasync.internal.sys.Faults;
import org.jspecify.annotations.Nullable;

/**
 * Has the n-th call fail that can fail so, of those that one thread makes, the coroutines, the
 * workers for them and a scenario's second loop. Other threads' calls go ahead and are not counted,
 * so a scenario's calls are always the same.
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

  /** The call that failed, or null if there were fewer. */
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
