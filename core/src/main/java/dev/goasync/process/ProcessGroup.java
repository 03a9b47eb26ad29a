package dev.goasync.process;

import dev.goasync.internal.platform.ChildHandle;
import java.io.IOException;

/**
 * A process and those that it has started. Each method signals all of them; nothing if none is
 * left.
 */
public final class ProcessGroup {
  private final AsyncProcess leader;
  private final ChildHandle handle;

  ProcessGroup(AsyncProcess leader, ChildHandle handle) {
    this.leader = leader;
    this.handle = handle;
  }

  /** Asks them to end, by SIGTERM. */
  public void terminate() throws IOException {
    signal(SignalNumbers.TERM);
  }

  /** Ends them by SIGKILL. */
  public void kill() throws IOException {
    signal(SignalNumbers.KILL);
  }

  /** Stops them by SIGSTOP until {@link #resume}. */
  public void suspend() throws IOException {
    signal(SignalNumbers.STOP);
  }

  /** Lets them go on by SIGCONT. */
  public void resume() throws IOException {
    signal(SignalNumbers.CONT);
  }

  /**
   * Sends them a signal. Before Linux 6.9, nothing if the process that began the group has ended
   * and was waited for.
   *
   * @param number as {@code kill -l} tells it
   * @throws IllegalArgumentException if there is no such signal
   * @throws IOException if that is not allowed
   */
  public void signal(int number) throws IOException {
    handle.signal(number, true);
  }

  @Override
  public String toString() {
    return "ProcessGroup[" + leader + "]";
  }
}
