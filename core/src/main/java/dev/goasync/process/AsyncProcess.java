package dev.goasync.process;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.loop.ScopeResources;
import dev.goasync.internal.platform.ChildHandle;
import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.platform.TerminalHandle;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A running program. In a coroutine each wait pauses the coroutine; on any other thread it blocks
 * the thread. No thread waits for a process, however many there are.
 *
 * <pre>{@code
 * try (AsyncProcess bc = Command.of("bc").start()) {
 *   bc.stdin().writeAll("6 * 7\n");
 *   String answer = bc.stdout().readLine();
 * }
 * }</pre>
 *
 * <p><b>Its end.</b> A process that was started inside a {@link dev.goasync.TaskScope} is ended
 * with the scope. Any other goes on until it ends by itself or is closed, and outlives this program
 * if nobody does that. Once it has ended, the system is freed of it when somebody waits for it,
 * closes it or asks whether it is alive, or at the latest when some more processes are started.
 *
 * <p><b>Threads.</b> Any thread or coroutine may use it; of each stream, one reader and one writer
 * at a time.
 *
 * <p><b>Cancellation.</b> A wait that is cancelled, or interrupted, leaves the process alone.
 */
public final class AsyncProcess implements AutoCloseable {
  private final Command command;
  private final ChildHandle handle;
  private final @Nullable PipeStream stdin;
  private final @Nullable PipeStream stdout;
  private final @Nullable PipeStream stderr;
  private final @Nullable PseudoTerminal terminal;
  private final ProcessTermination ending;

  private AsyncProcess(Command command, ChildHandle handle) {
    this.command = command;
    this.handle = handle;
    this.stdin = stream(handle.input());
    this.stdout = stream(handle.output());
    this.stderr = stream(handle.error());
    TerminalHandle.Master own = handle.terminal();
    this.terminal = own == null ? null : new PseudoTerminal(own);
    this.ending = new ProcessTermination(this, handle, ScopeResources.current());
  }

  private static @Nullable PipeStream stream(@Nullable PipeHandle pipe) {
    return pipe == null ? null : new PipeStream(pipe);
  }

  static AsyncProcess start(Command command) throws IOException {
    CommandLaunch launch = new CommandLaunch(command);
    AsyncProcess process = new AsyncProcess(command, Backends.platform().launch(launch.spec()));
    launch.handedOver();
    return process;
  }

  // ---- what it is ----

  /** What was started. */
  public Command command() {
    return command;
  }

  /** Its number in the system. */
  public long pid() {
    return handle.pid();
  }

  /** Whether it has not ended. */
  public boolean isAlive() {
    return handle.exitCode() == ChildHandle.RUNNING;
  }

  // ---- its streams ----

  /**
   * Writes what it reads from its standard input. To close the stream is its end.
   *
   * @throws IllegalStateException if that is no {@link Redirect#PIPE}
   */
  public ByteStream stdin() {
    return stream(stdin, "standard input");
  }

  /**
   * Reads what it writes to its standard output.
   *
   * @throws IllegalStateException if that is no {@link Redirect#PIPE}
   */
  public ByteStream stdout() {
    return stream(stdout, "standard output");
  }

  /**
   * Reads what it writes to its standard error.
   *
   * @throws IllegalStateException if that is no {@link Redirect#PIPE}
   */
  public ByteStream stderr() {
    return stream(stderr, "standard error");
  }

  /**
   * Its terminal.
   *
   * @throws IllegalStateException if it was not started in a {@linkplain Command#terminal terminal
   *     of its own}
   */
  public PseudoTerminal terminal() {
    if (terminal == null) {
      throw new IllegalStateException(this + " has no terminal of its own; see Command.terminal()");
    }
    return terminal;
  }

  private PipeStream stream(@Nullable PipeStream stream, String name) {
    if (stream == null) {
      throw new IllegalStateException("the " + name + " of " + this + " is no pipe to us");
    }
    return stream;
  }

  /** The pipe, to be handed to another process. */
  PipeStream stdinPipe() {
    return stream(stdin, "standard input");
  }

  PipeStream stdoutPipe() {
    return stream(stdout, "standard output");
  }

  /** The pipe that its errors come from, if there is one. */
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
        stream.closeNow();
      } catch (IOException nothingIsLost) {
        // the process has ended, or is to
      }
    }
  }

  // ---- waiting for it ----

  /**
   * Waits until it has ended. Does not wait for processes that it has started, nor for anybody to
   * read what it wrote.
   *
   * @return its exit code, from 0 to 255; 128 and the signal's number if a signal killed it
   * @throws java.util.concurrent.CancellationException if the coroutine is cancelled first
   * @throws java.io.InterruptedIOException if the thread is interrupted first
   * @throws IOException if some native code of this program has taken the exit code away
   */
  public int await() throws IOException {
    handle.awaitExit(Poller.FOREVER);
    return exitCode();
  }

  /**
   * Like {@link #await()}, for a limited time.
   *
   * @return its exit code; nothing if it did not end in time, and goes on
   * @throws IllegalArgumentException if {@code limit} is negative
   */
  public OptionalInt await(Duration limit) throws IOException {
    return awaitWithin(handle, limit) ? OptionalInt.of(exitCode()) : OptionalInt.empty();
  }

  static boolean awaitWithin(ChildHandle handle, Duration limit) throws IOException {
    Objects.requireNonNull(limit, "limit");
    if (limit.isNegative()) {
      throw new IllegalArgumentException("limit is negative: " + limit);
    }
    if (!GoAsync.inCoroutine()) {
      return handle.awaitExit(nanos(limit));
    }
    try {
      return GoAsync.withTimeout(limit, () -> handle.awaitExit(Poller.FOREVER));
    } catch (DeadlineExceededException late) {
      return handle.exitCode() != ChildHandle.RUNNING;
    }
  }

  private static long nanos(Duration limit) {
    try {
      return limit.toNanos();
    } catch (ArithmeticException centuries) {
      return Poller.FOREVER;
    }
  }

  private int exitCode() throws IOException {
    int code = handle.exitCode();
    if (code < 0) {
      throw new IOException("the exit code of " + this + " was taken by somebody else");
    }
    return code;
  }

  // ---- signals ----

  /** Asks it to end, by SIGTERM, which it may not heed; nothing if it has ended. */
  public void terminate() throws IOException {
    signal(SignalNumbers.TERM);
  }

  /** Ends it by SIGKILL, which it cannot avoid; nothing if it has ended. */
  public void kill() throws IOException {
    signal(SignalNumbers.KILL);
  }

  /** Stops it by SIGSTOP until {@link #resume}; nothing if it has ended. */
  public void suspend() throws IOException {
    signal(SignalNumbers.STOP);
  }

  /** Lets it go on by SIGCONT; nothing if it has ended. */
  public void resume() throws IOException {
    signal(SignalNumbers.CONT);
  }

  /**
   * Sends it a signal; nothing if it has ended.
   *
   * @param number as {@code kill -l} tells it
   * @throws IllegalArgumentException if there is no such signal
   * @throws UnsupportedOperationException if the backend cannot send it
   * @throws IOException if that is not allowed, since it has become another user's
   */
  public void signal(int number) throws IOException {
    handle.signal(number, false);
  }

  /**
   * The group that it began: itself, and what it has started, as far as that has not begun groups.
   *
   * @throws IllegalStateException if it was not started with {@link Command#ownGroup} or in a
   *     terminal of its own
   */
  public ProcessGroup group() {
    if (!hasGroup()) {
      throw new IllegalStateException(this + " is in our own group; see Command.ownGroup()");
    }
    return new ProcessGroup(this, handle);
  }

  boolean hasGroup() {
    return command.settings().ownGroup || terminal != null;
  }

  // ---- the end ----

  /**
   * Ends it if it is still alive, and closes its streams: it is told to end by SIGTERM, gets the
   * {@linkplain Command#grace grace} to do so, and is killed then. With a {@linkplain
   * Command#ownGroup group of its own} that goes for the group, of which nothing is left. Returns
   * when it has ended; closing again does nothing. Works in a cancelled coroutine, too, and waits
   * there.
   *
   * <p>What is in a {@link ByteStream#writer} of its input and was not flushed is not written;
   * close that stream first.
   */
  @Override
  public void close() {
    ending.end();
  }

  /** The beginning of {@link #close}, which does not wait. */
  void requestClose() {
    ending.requestClose();
  }

  @Override
  public String toString() {
    return "AsyncProcess[" + command.program() + ", " + pid() + "]";
  }
}
