package dev.goasync.internal.linux;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The intake of a connection: what comes is bytes. */
public interface ByteIntake extends Intake {
  /**
   * Waits for bytes and takes what is there. A caller who is not of the loop {@linkplain #end ends}
   * it first.
   *
   * @param io the caller's
   * @return as {@link Io#recv}, or {@link #NOTHING_LEFT}
   */
  int receive(Io io, ByteBuffer target) throws IOException;
}
