package dev.goasync.internal.platform;

import java.io.IOException;

/** The terminal that this process was started in. Any thread. */
public interface TerminalHandle {
  /** The size in characters. */
  WindowSize windowSize() throws IOException;

  /** From now on each key is read at once, and no key means anything to the terminal. */
  void makeRaw() throws IOException;

  /** Back to how the terminal was before the first {@link #makeRaw}. Never fails. */
  void restore();
}
