package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A child process. Any number of callers at once. */
public interface ChildHandle extends Closeable {
  /** Result of {@link #exitCode}: the child has not ended. */
  int RUNNING = -1;

  /** Result of {@link #exitCode}: the child has ended, and its exit status was reaped elsewhere. */
  int UNKNOWN = -2;

  /** The process ID. */
  long pid();

  /** This process's end of the child's standard input; null if that is not a pipe. */
  @Nullable PipeHandle input();

  /** This process's end of the child's standard output; null if that is not a pipe. */
  @Nullable PipeHandle output();

  /** This process's end of the child's standard error; null if that is not a pipe. */
  @Nullable PipeHandle error();

  /** The master side of the child's pseudo terminal; null if the child has none. */
  TerminalHandle.@Nullable Master terminal();

  /**
   * Waits until the child has ended, and reaps it.
   *
   * @param nanos the longest wait of a plain thread; a coroutine's wait is limited by its scopes
   * @return false if the time expired first
   */
  boolean awaitExit(long nanos) throws IOException;

  /**
   * The child's exit code, 128 plus the signal's number if a signal killed it, or {@link #RUNNING}.
   * Reaps a child that has ended.
   */
  int exitCode();

  /**
   * Sends a signal to the child or to its whole process group; does nothing if no process is left.
   *
   * @throws UnsupportedOperationException if the platform cannot send this signal
   */
  void signal(int number, boolean group) throws IOException;

  /** Kills the rest of the child's process group when the child ends, or now if it has ended. */
  void killGroupAtEnd();

  /** Releases the child's descriptor. The pipes have closes of their own. */
  @Override
  void close();
}
