package dev.goasync.process;

import dev.goasync.system.Signal;
import java.io.IOException;

/**
 * Receives Unix signals: a single {@linkplain AsyncProcess process} or a {@linkplain ProcessGroup
 * process group}. Every method returns at once, does nothing if all processes have ended, and may
 * be called from any thread or coroutine.
 *
 * <pre>{@code
 * try (AsyncProcess server = Command.of("sleep", "1000").ownGroup().start()) {
 *   server.signal(Signal.HUP);      // the process alone
 *   server.group().terminate();     // the process and its descendants
 *   int exitCode = server.await();
 * }
 * }</pre>
 *
 * <p><b>Errors.</b> {@link UnsupportedOperationException} if the backend cannot send the signal:
 * the {@code nio} backend can only terminate and kill. {@link IOException} if the system does not
 * permit the signal, as for a process that has changed its user.
 */
public sealed interface SignalTarget permits AsyncProcess, ProcessGroup {
  /** Sends SIGTERM, which requests termination. A process may handle or ignore it. */
  default void terminate() throws IOException {
    signal(Signal.TERM);
  }

  /** Sends SIGKILL, which ends a process at once and cannot be ignored. */
  default void kill() throws IOException {
    signal(Signal.KILL);
  }

  /** Sends SIGSTOP, which stops a process until {@link #resume}. */
  default void suspend() throws IOException {
    signal(Signal.STOP);
  }

  /** Sends SIGCONT, which continues a stopped process. */
  default void resume() throws IOException {
    signal(Signal.CONT);
  }

  /** Sends a signal. */
  default void signal(Signal signal) throws IOException {
    signal(signal.number());
  }

  /**
   * Sends a signal by its number. Meant for real-time signals, which {@link Signal} does not list.
   *
   * @param number from 1 to 64, as {@code kill -l} lists it
   * @throws IllegalArgumentException if {@code number} is not from 1 to 64
   */
  void signal(int number) throws IOException;
}
