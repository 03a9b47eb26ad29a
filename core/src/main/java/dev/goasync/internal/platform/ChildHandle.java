package dev.goasync.internal.platform;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A child process. Any number of callers at once. */
public interface ChildHandle extends Closeable {
  /** Of {@link #exitCode}: it has not ended. */
  int RUNNING = -1;

  /** Of {@link #exitCode}: it has ended, and somebody else has taken what it left. */
  int UNKNOWN = -2;

  /** The process's number. */
  long pid();

  /** Our end of the pipe that is the child's standard input; null if there is no pipe. */
  @Nullable PipeHandle input();

  /** Our end of the pipe that is the child's standard output; null if there is no pipe. */
  @Nullable PipeHandle output();

  /** Our end of the pipe that is the child's standard error; null if there is no pipe. */
  @Nullable PipeHandle error();

  /** Our end of the child's terminal; null if it has none of its own. */
  @Nullable PseudoTerminalHandle terminal();

  /**
   * Waits until the child has ended, and frees the system of it.
   *
   * @param nanos at most so long, if the caller is a plain thread; a coroutine limits itself
   * @return false if the time was over first
   */
  boolean awaitExit(long nanos) throws IOException;

  /**
   * What the child ended with, 128 and the signal's number if one killed it, or {@link #RUNNING}.
   * Frees the system of a child that has ended.
   */
  int exitCode();

  /**
   * Sends a signal to the child or to its whole group; nothing if nobody is left.
   *
   * @throws UnsupportedOperationException if there is no such thing here
   */
  void signal(int number, boolean group) throws IOException;

  /** When the child ends, or if it has, the rest of its group is to be killed. */
  void killGroupAtEnd();

  /** Gives back what the system holds for us; the pipes are closed by themselves. */
  @Override
  void close();
}
