package dev.goasync.internal.linux;

import java.io.IOException;

/** The intake of a listener: what comes is connections. */
public interface ConnectionIntake extends Intake {
  /**
   * Waits for a connection and takes it. A caller who is not of the loop {@linkplain #end ends} it
   * first.
   *
   * @param io the caller's
   * @return as {@link Io#accept}, or {@link #NOTHING_LEFT}
   */
  int accept(Io io) throws IOException;
}
