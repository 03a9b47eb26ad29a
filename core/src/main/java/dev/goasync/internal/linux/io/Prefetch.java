package dev.goasync.internal.linux.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Read-ahead of a descriptor by a loop: bytes or connections are received while no caller waits for
 * them, and kept. Once a prefetch has ended it never starts again; its kept results are taken
 * first.
 */
public interface Prefetch {
  /**
   * How many uses in a row must be such that a prefetch pays off before one starts. Tests set a
   * smaller number: a descriptor that is used once or twice is not worth a prefetch.
   */
  int ARM_THRESHOLD = Integer.getInteger("goasync.uring.usesBeforeMultishot", 2);

  /** Result: the prefetch has ended and nothing is kept; the caller does the operation itself. */
  int EXHAUSTED = Integer.MIN_VALUE + 1;

  /** How many results are kept. Called by the loop's coroutines, or by any caller after the end. */
  int kept();

  /**
   * Whether a result is kept, or the end or an error is known, so that a caller would not wait.
   * Called as {@link #kept}.
   */
  boolean isReady();

  /**
   * Ends the prefetch and waits until the kernel has no operation of it any more, which is soon. A
   * caller that waits for a result continues by itself. Any caller; not cancellable.
   */
  void end();

  /**
   * Ends the prefetch since the descriptor is being closed: a caller that waits for a result
   * throws, and kept results are dropped. A plain thread waits for a limited time, since the loop
   * may be blocked.
   */
  void endForClose();

  /**
   * Ends the prefetch, whose user became unreachable, without waiting. Kept results are dropped.
   */
  void endLater();

  /** Read-ahead of a connection. */
  interface OfBytes extends Prefetch {
    /**
     * Waits for bytes and reads what is there. A caller from outside the loop {@linkplain #end
     * ends} the prefetch first.
     *
     * @param io the caller's
     * @return the result of {@link LinuxIo#recv}, or {@link #EXHAUSTED}
     */
    int receive(LinuxIo io, ByteBuffer target) throws IOException;
  }

  /** Accept-ahead of a listener. */
  interface OfConnections extends Prefetch {
    /**
     * Waits for a connection and accepts it. A caller from outside the loop {@linkplain #end ends}
     * the prefetch first.
     *
     * @param io the caller's
     * @return the result of {@link LinuxIo#accept}, or {@link #EXHAUSTED}
     */
    int accept(LinuxIo io) throws IOException;
  }
}
