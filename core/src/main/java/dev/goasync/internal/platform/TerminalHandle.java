package dev.goasync.internal.platform;

import java.io.IOException;

/** The controlling terminal of this process. Any thread. */
public interface TerminalHandle {
  /** The size of a terminal in characters. */
  record Size(int columns, int rows) {}

  /** The size in characters. */
  Size windowSize() throws IOException;

  /** Switches to raw mode: each key is delivered at once, and no key has a special meaning. */
  void makeRaw() throws IOException;

  /** Restores the mode that the terminal had before the first {@link #makeRaw}. Never throws. */
  void restore();

  /**
   * The master side of a pseudo terminal: reads what the program at the slave side displays, writes
   * what a user would type.
   */
  interface Master extends PipeHandle {
    /** The size in characters. */
    Size windowSize() throws IOException;

    /** Changes the size; the kernel sends SIGWINCH to the programs in the foreground. */
    void resize(Size size) throws IOException;
  }
}
