package dev.goasync.process;

import dev.goasync.internal.platform.TerminalHandle;
import dev.goasync.system.TerminalSize;
import java.io.IOException;
import java.util.Objects;

/**
 * The master side of the pseudo terminal (pty) in which a process runs: reads return what the
 * program displays, writes are what a user types.
 *
 * <pre>{@code
 * try (AsyncProcess shell = Command.of("sh").terminal(new TerminalSize(80, 24)).start()) {
 *   shell.terminal().writeAll("exit\n");
 *   String shown = shell.terminal().readAll();
 * }
 * }</pre>
 *
 * <p>The terminal is in its default mode unless the program changes that: lines end with {@code
 * \r\n}, input is echoed, and keys such as Ctrl-C (3) and Ctrl-D (4) have their usual effect. A
 * read returns the end of the stream when no process has the terminal open any more.
 *
 * <p>Threads, errors and cancellation are as for any {@link dev.goasync.io.ByteStream}. Closing
 * hangs up: the processes in the terminal get SIGHUP.
 */
public final class PseudoTerminal extends PipeStream {
  private final TerminalHandle.Master handle;

  PseudoTerminal(TerminalHandle.Master handle) {
    super(handle);
    this.handle = handle;
  }

  /** Returns the size of the terminal. */
  public TerminalSize size() throws IOException {
    TerminalHandle.Size size = handle.windowSize();
    return new TerminalSize(size.columns(), size.rows());
  }

  /** Changes the size. The foreground programs get SIGWINCH if it differs. */
  public void resize(TerminalSize size) throws IOException {
    Objects.requireNonNull(size, "size");
    handle.resize(new TerminalHandle.Size(size.columns(), size.rows()));
  }
}
