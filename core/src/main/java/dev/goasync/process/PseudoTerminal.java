package dev.goasync.process;

import dev.goasync.internal.platform.TerminalHandle;
import dev.goasync.system.TerminalSize;
import java.io.IOException;
import java.util.Objects;

/**
 * The screen and the keyboard of a process that has a terminal of its own: what is read is what the
 * program shows, what is written is typed.
 *
 * <pre>{@code
 * try (var shell = Command.of("sh").terminal(new TerminalSize(80, 24)).start()) {
 *   shell.terminal().writeAll("exit\n");
 *   String shown = shell.terminal().readAll();
 * }
 * }</pre>
 *
 * <p>Bytes are as terminals have them: lines end with {@code \r\n}, what is typed is shown, and
 * keys such as Ctrl-C (3) and Ctrl-D (4) mean something, as far as the program does not say
 * otherwise. Reads come to the end when no process has the terminal open any more.
 *
 * <p>Threads, errors and cancellation are as with any {@link dev.goasync.io.ByteStream}. To close
 * it hangs up: its processes get SIGHUP.
 */
public final class PseudoTerminal extends PipeStream {
  private final TerminalHandle.Master handle;

  PseudoTerminal(TerminalHandle.Master handle) {
    super(handle);
    this.handle = handle;
  }

  /** Its size. */
  public TerminalSize size() throws IOException {
    TerminalHandle.Size size = handle.windowSize();
    return new TerminalSize(size.columns(), size.rows());
  }

  /** Changes its size; the programs that show something are told so, by SIGWINCH. */
  public void resize(TerminalSize size) throws IOException {
    Objects.requireNonNull(size, "size");
    handle.resize(new TerminalHandle.Size(size.columns(), size.rows()));
  }
}
