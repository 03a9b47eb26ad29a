package dev.goasync.internal.linux.io;

import java.io.IOException;

/** The intake of a listener: what comes is connections. */
public interface AcceptPrefetch extends Prefetch {
  /**
   * Waits for a connection and takes it. A caller who is not of the loop {@linkplain #end ends} it
   * first.
   *
   * @param io the caller's
   * @return as {@link LinuxIo#accept}, or {@link #EXHAUSTED}
   */
  int accept(LinuxIo io) throws IOException;
}
