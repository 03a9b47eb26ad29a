package dev.goasync.internal.nio.io;

import java.nio.ByteBuffer;

/**
 * How much one operation moves. The JDK copies a heap buffer's bytes through a direct buffer of the
 * same size, which it keeps with the thread; and the kernel copies on the caller's thread, which
 * for a coroutine is the loop's.
 */
public final class Transfers {
  private static final int MOST = 1 << 20;

  /** Most bytes of one operation with heap buffers. */
  public static final int MAX_OF_HEAP = 64 * 1024;

  private Transfers() {}

  /** Narrows the buffer to what one operation moves; returns the limit to put back. */
  public static int limit(ByteBuffer buffer) {
    int limit = buffer.limit();
    int most = buffer.isDirect() ? MOST : MAX_OF_HEAP;
    if (buffer.remaining() > most) {
      buffer.limit(buffer.position() + most);
    }
    return limit;
  }
}
