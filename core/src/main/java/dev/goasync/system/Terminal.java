package dev.goasync.system;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.TerminalHandle;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The terminal in which this program was started: its size, and raw mode. It is the first of
 * standard input, output and error that is a terminal.
 *
 * <pre>{@code
 * if (Terminal.isPresent()) {
 *   try (Terminal.RawMode raw = Terminal.raw()) {
 *     int key = StandardStream.in().readExactly(1)[0];
 *   }
 * }
 * }</pre>
 *
 * <p>Any thread may call all methods. They throw {@link UnsupportedOperationException} on the
 * {@code nio} backend, which has no terminals.
 */
public final class Terminal {
  /** The number of open {@link RawMode} objects; guarded by the class. */
  private static int users;

  private static boolean hasShutdownHook; // guarded by the class

  private Terminal() {}

  /** Returns whether this program has a terminal. */
  public static boolean isPresent() {
    return Backends.platform().terminal() != null;
  }

  /**
   * Returns the size of the terminal; 0 by 0 if the terminal does not know it.
   *
   * @throws IOException if there is no terminal
   */
  public static TerminalSize size() throws IOException {
    TerminalHandle.Size size = handle().windowSize();
    return new TerminalSize(size.columns(), size.rows());
  }

  /**
   * Sets the terminal to raw mode until the returned object is closed or the program ends. In raw
   * mode each key can be read at once and is not echoed, and no key has a special meaning, Ctrl-C
   * included. Calls may overlap: the mode ends when all returned objects are closed.
   *
   * @throws IOException if there is no terminal
   */
  public static synchronized RawMode raw() throws IOException {
    TerminalHandle handle = handle();
    if (!hasShutdownHook) {
      Runtime.getRuntime().addShutdownHook(new Thread(handle::restore, "goasync-terminal"));
      hasShutdownHook = true;
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

  /** Keeps the terminal in raw mode until it is closed. */
  public static final class RawMode implements AutoCloseable {
    private @Nullable TerminalHandle handle; // guarded by this

    private RawMode(TerminalHandle handle) {
      this.handle = handle;
    }

    /**
     * Restores the previous mode, if no other object keeps raw mode. A second call does nothing.
     */
    @Override
    public synchronized void close() {
      if (handle != null) {
        end(handle);
        handle = null;
      }
    }
  }
}
