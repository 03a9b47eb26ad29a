package dev.goasync.internal.platform;

import java.io.IOException;

/** Our end of a pseudo terminal: what the other end's program shows, and what is typed for it. */
public interface PseudoTerminalHandle extends PipeHandle {
  /** The size in characters. */
  WindowSize windowSize() throws IOException;

  /** Changes the size, which programs in the foreground are told by SIGWINCH. */
  void resize(WindowSize size) throws IOException;
}
