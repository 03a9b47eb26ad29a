package dev.goasync.internal.nio.io;

import java.nio.ByteBuffer;

/**
 * Limits the bytes of one operation. The JDK copies the bytes of a heap buffer through a direct
 * buffer of the same size, which it caches per thread. The kernel copies on the caller's thread,
 * which for a coroutine is the loop's.
 */
public final class Transfers {
  private static final int MAX = 1 << 20;

  /** The largest transfer of one operation with heap buffers. */
  public static final int MAX_OF_HEAP = 64 * 1024;

  private Transfers() {}

  /** Lowers the buffer's limit to the largest transfer; returns the limit to restore. */
  public static int limit(ByteBuffer buffer) {
    int limit = buffer.limit();
    int max = buffer.isDirect() ? MAX : MAX_OF_HEAP;
    if (buffer.remaining() > max) {
      buffer.limit(buffer.position() + max);
    }
    return limit;
  }
}
