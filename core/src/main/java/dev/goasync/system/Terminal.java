package dev.goasync.system;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.TerminalHandle;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The terminal that this program was started in: the first of its standard input, output and error
 * that is one.
 *
 * <pre>{@code
 * if (Terminal.isPresent()) {
 *   try (var raw = Terminal.raw()) {
 *     answerEachKey();
 *   }
 * }
 * }</pre>
 *
 * <p>Any thread. {@link UnsupportedOperationException} with a backend that knows of no terminals.
 */
public final class Terminal {
  /** How many are in raw mode; guarded by the class. */
  private static int users;

  private static boolean hooked; // guarded by the class

  private Terminal() {}

  /** Whether there is one. */
  public static boolean isPresent() {
    return Backends.platform().terminal() != null;
  }

  /**
   * Its size; 0 by 0 if nobody has told it.
   *
   * @throws IOException if there is no terminal
   */
  public static TerminalSize size() throws IOException {
    TerminalHandle.Size size = handle().windowSize();
    return new TerminalSize(size.columns(), size.rows());
  }

  /**
   * Sets the terminal to raw mode until what is returned is closed, or the program ends: each key
   * is read at once and is not shown, and no key means anything, Ctrl-C included. Several that
   * overlap end with the last.
   *
   * @throws IOException if there is no terminal
   */
  public static synchronized RawMode raw() throws IOException {
    TerminalHandle handle = handle();
    if (!hooked) {
      Runtime.getRuntime().addShutdownHook(new Thread(handle::restore, "goasync-terminal"));
      hooked = true;
    }
    if (users == 0) {
      handle.makeRaw();
    }
    users++;
    return new RawMode(handle);
  }

  private static TerminalHandle handle() throws IOException {
    TerminalHandle found = Backends.platform().terminal();
    if (found == null) {
      throw new IOException(
          "none of this program's standard input, output and error is a terminal");
    }
    return found;
  }

  private static synchronized void end(TerminalHandle handle) {
    if (--users == 0) {
      handle.restore();
    }
  }

  /** A stretch in which the terminal is in raw mode. */
  public static final class RawMode implements AutoCloseable {
    private @Nullable TerminalHandle handle; // guarded by this

    private RawMode(TerminalHandle handle) {
      this.handle = handle;
    }

    /** Ends it: the terminal is as it was before. Closing again does nothing. */
    @Override
    public synchronized void close() {
      if (handle != null) {
        end(handle);
        handle = null;
      }
    }
  }
}
