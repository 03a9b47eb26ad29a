package dev.goasync.process;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.ScopeResources;
import dev.goasync.internal.loop.Tracer;
import dev.goasync.internal.loop.Tracing;
import dev.goasync.internal.platform.ChildHandle;
import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.platform.TerminalHandle;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A running child process: its streams, its exit code, signals. In a coroutine each wait suspends
 * the coroutine; on any other thread it blocks the thread. On Linux no thread waits for a process,
 * however many there are.
 *
 * <pre>{@code
 * try (AsyncProcess bc = Command.of("bc").start()) {
 *   bc.stdin().writeAll("6 * 7\n");
 *   String answer = bc.stdout().readLine();
 * }
 * }</pre>
 *
 * <p><b>Lifetime.</b> A process that was started inside a {@link dev.goasync.TaskScope} is ended
 * when the scope ends. Any other process runs until it exits or is closed; if it is never closed,
 * it outlives this program. The system keeps an entry for a process that has exited (a zombie)
 * until its exit code is read: by {@link #await}, {@link #close} or {@link #isAlive}, or at the
 * latest when further processes are started.
 *
 * <p><b>Threads.</b> Any thread or coroutine may use it. Each stream allows one reader and one
 * writer at a time.
 *
 * <p><b>Cancellation.</b> A wait that is cancelled or interrupted has no effect on the process.
 */
public final class AsyncProcess implements AutoCloseable, SignalTarget {
  private final Command command;
  private final ChildHandle handle;
  private final @Nullable PipeStream stdin;
  private final @Nullable PipeStream stdout;
  private final @Nullable PipeStream stderr;
  private final @Nullable PseudoTerminal terminal;
  private final ProcessTermination termination;
  private final AtomicBoolean exitRecorded = new AtomicBoolean();

  private AsyncProcess(Command command, ChildHandle handle) {
    this.command = command;
    this.handle = handle;
    this.stdin = stream(handle.input());
    this.stdout = stream(handle.output());
    this.stderr = stream(handle.error());
    TerminalHandle.Master own = handle.terminal();
    this.terminal = own == null ? null : new PseudoTerminal(own);
    this.termination = new ProcessTermination(this, handle, ScopeResources.current());
  }

  private static @Nullable PipeStream stream(@Nullable PipeHandle pipe) {
    return pipe == null ? null : new PipeStream(pipe);
  }

  static AsyncProcess start(Command command) throws IOException {
    CommandLaunch launch = new CommandLaunch(command);
    AsyncProcess process = new AsyncProcess(command, Backends.platform().launch(launch.spec()));
    launch.closeHandedOver();
    Tracer tracer = Tracing.ofRecording();
    if (tracer != null) {
      tracer.processStarted(process.pid(), command.toString());
    }
    return process;
  }

  // ---- identity ----

  /** Returns the command that was started. */
  public Command command() {
    return command;
  }

  /** Returns the process id. */
  public long pid() {
    return handle.pid();
  }

  /** Returns whether the process has not ended yet. */
  public boolean isAlive() {
    return handle.exitCode() == ChildHandle.RUNNING;
  }

  // ---- streams ----

  /**
   * Returns the stream that writes to the process's standard input. The process sees the end of its
   * input when the stream is closed.
   *
   * @throws IllegalStateException if standard input is not {@link Redirect#PIPE}
   */
  public ByteStream stdin() {
    return stream(stdin, "standard input");
  }

  /**
   * Returns the stream that reads the process's standard output.
   *
   * @throws IllegalStateException if standard output is not {@link Redirect#PIPE}
   */
  public ByteStream stdout() {
    return stream(stdout, "standard output");
  }

  /**
   * Returns the stream that reads the process's standard error.
   *
   * @throws IllegalStateException if standard error is not {@link Redirect#PIPE}
   */
  public ByteStream stderr() {
    return stream(stderr, "standard error");
  }

  /**
   * Returns the master side of the process's pseudo terminal.
   *
   * @throws IllegalStateException if the command was not given a {@linkplain Command#terminal
   *     terminal}
   */
  public PseudoTerminal terminal() {
    if (terminal == null) {
      throw new IllegalStateException(
          this + " has no terminal of its own; start it with Command.terminal()");
    }
    return terminal;
  }

  private PipeStream stream(@Nullable PipeStream stream, String name) {
    if (stream == null) {
      throw new IllegalStateException(
          "the " + name + " of " + this + " is not a pipe; redirect it to Redirect.PIPE");
    }
    return stream;
  }

  /** The pipe itself, which another process may inherit. */
  PipeStream stdinPipe() {
    return stream(stdin, "standard input");
  }

  PipeStream stdoutPipe() {
    return stream(stdout, "standard output");
  }

  /** The pipe from standard error; null if standard error is not a pipe. */
  @Nullable PipeStream stderrPipe() {
    return stderr;
  }

  void closeStreams() {
    closeNow(terminal);
    closeNow(stdin);
    closeNow(stdout);
    closeNow(stderr);
  }

  void hangUp() {
    closeNow(terminal);
  }

  private static void closeNow(@Nullable PipeStream stream) {
    if (stream != null) {
      try {
        stream.closeUnflushed();
      } catch (IOException nothingIsLost) {
        // the process has ended or is being ended
      }
    }
  }

  // ---- waiting ----

  /**
   * Waits until the process has ended. Does not wait for its own child processes, nor until its
   * output was read.
   *
   * @return the exit code, from 0 to 255; 128 plus the signal's number if a signal killed the
   *     process
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled first
   * @throws java.io.InterruptedIOException if the thread is interrupted first
   * @throws IOException if native code in this program has already read the exit code
   */
  public int await() throws IOException {
    handle.awaitExit(Poller.FOREVER);
    return exitCode();
  }

  /**
   * Waits at most {@code timeout} until the process has ended. The process continues if the timeout
   * expires.
   *
   * @return the exit code as {@link #await} returns it; empty if the timeout expired first
   * @throws IllegalArgumentException if {@code timeout} is negative
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled first
   * @throws java.io.InterruptedIOException if the thread is interrupted first
   * @throws IOException if native code in this program has already read the exit code
   */
  public OptionalInt tryAwait(Duration timeout) throws IOException {
    return awaitWithin(handle, timeout) ? OptionalInt.of(exitCode()) : OptionalInt.empty();
  }

  static boolean awaitWithin(ChildHandle handle, Duration timeout) throws IOException {
    Objects.requireNonNull(timeout, "timeout");
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout is negative: " + timeout);
    }
    if (!GoAsync.inCoroutine()) {
      return handle.awaitExit(nanos(timeout));
    }
    try {
      return GoAsync.withTimeout(timeout, () -> handle.awaitExit(Poller.FOREVER));
    } catch (DeadlineExceededException expired) {
      return handle.exitCode() != ChildHandle.RUNNING;
    }
  }

  private static long nanos(Duration timeout) {
    try {
      return timeout.toNanos();
    } catch (ArithmeticException tooLong) {
      return Poller.FOREVER;
    }
  }

  /** The end was seen: writes one event to a JFR recording. */
  void recordExit(int code) {
    Tracer tracer = Tracing.ofRecording();
    if (tracer != null && exitRecorded.compareAndSet(false, true)) {
      tracer.processExited(pid(), command.toString(), code);
    }
  }

  private int exitCode() throws IOException {
    int code = handle.exitCode();
    recordExit(code);
    if (code < 0) {
      throw new IOException(
          "the exit code of " + this + " is unknown: other code of this program has read it");
    }
    return code;
  }

  // ---- signals ----

  @Override
  public void signal(int number) throws IOException {
    handle.signal(number, false);
  }

  /**
   * Returns the process group that this process leads: itself and its descendants, except those
   * that have begun groups of their own.
   *
   * @throws IllegalStateException if the command has neither {@link Command#ownGroup} nor {@link
   *     Command#terminal}
   */
  public ProcessGroup group() {
    if (!hasGroup()) {
      throw new IllegalStateException(
          this + " is in this program's group; start it with Command.ownGroup()");
    }
    return new ProcessGroup(this, handle);
  }

  boolean hasGroup() {
    return command.settings().ownGroup || terminal != null;
  }

  // ---- closing ----

  /**
   * Ends the process if it is still alive, and closes its streams. The process gets SIGTERM; if it
   * is alive after the {@linkplain Command#grace grace period}, it gets SIGKILL. With a {@linkplain
   * Command#ownGroup group of its own}, the signals go to the whole group, and no member is left.
   *
   * <p>Returns when the process has ended. In a cancelled coroutine, too, it waits for that. A
   * second call does nothing.
   *
   * <p>Bytes in a {@link ByteStream#writer} of standard input that were not flushed are not
   * written; close that stream first.
   */
  @Override
  public void close() {
    termination.end();
  }

  /** Begins {@link #close}: sends the first signal and does not wait. */
  void requestClose() {
    termination.requestClose();
  }

  @Override
  public String toString() {
    return "AsyncProcess[" + command.program() + ", " + pid() + "]";
  }
}
