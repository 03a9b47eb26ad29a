package dev.goasync.process;

import dev.goasync.internal.platform.ChildHandle;
import java.io.IOException;

/**
 * A process and its descendants, as far as these have not left the group. Each method signals all
 * members.
 *
 * <p>Before Linux 6.9, a signal has no effect after the process that began the group has ended and
 * its exit code was read.
 */
public final class ProcessGroup implements SignalTarget {
  private final AsyncProcess leader;
  private final ChildHandle handle;

  ProcessGroup(AsyncProcess leader, ChildHandle handle) {
    this.leader = leader;
    this.handle = handle;
  }

  @Override
  public void signal(int number) throws IOException {
    handle.signal(number, true);
  }

  @Override
  public String toString() {
    return "ProcessGroup[" + leader + "]";
  }
}
