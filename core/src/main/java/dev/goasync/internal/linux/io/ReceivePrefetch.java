package dev.goasync.internal.linux.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The intake of a connection: what comes is bytes. */
public interface ReceivePrefetch extends Prefetch {
  /**
   * Waits for bytes and takes what is there. A caller who is not of the loop {@linkplain #end ends}
   * it first.
   *
   * @param io the caller's
   * @return as {@link LinuxIo#recv}, or {@link #EXHAUSTED}
   */
  int receive(LinuxIo io, ByteBuffer target) throws IOException;
}
