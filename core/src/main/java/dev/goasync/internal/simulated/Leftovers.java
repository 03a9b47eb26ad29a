package dev.goasync.internal.simulated;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds what programs have left behind at the end of a run. */
final class Leftovers {
  private Leftovers() {}

  /** The processes that run, as a sentence; null if there are none. */
  static @Nullable String processes(Collection<SimulatedHost> hosts) {
    for (SimulatedHost host : hosts) {
      HostRun run = host.current();
      if (run != null && !run.children.isEmpty()) {
        return "processes of " + host + " were not ended: " + run.children;
      }
    }
    return null;
  }

  /** The sockets, pipes or files that are open, as a sentence; null if there are none. */
  static @Nullable String descriptors(Collection<SimulatedHost> hosts) {
    for (SimulatedHost host : hosts) {
      HostRun run = host.current();
      String left = run == null ? null : run.leftOpen();
      if (left != null) {
        return left;
      }
    }
    return null;
  }
}
