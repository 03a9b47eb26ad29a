package dev.goasync.internal.nio.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.WritableByteChannel;

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

  /** Waits for room and writes what fits; returns the count. */
  public static int write(NioSocket socket, WritableByteChannel channel, ByteBuffer source)
      throws IOException {
    if (!source.hasRemaining()) {
      return 0;
    }
    int limit = limit(source);
    try {
      int count;
      while ((count = channel.write(source)) == 0) {
        socket.await(SelectionKey.OP_WRITE);
      }
      return count;
    } catch (IOException thrown) {
      throw socket.explain(thrown, socket);
    } finally {
      source.limit(limit);
    }
  }
}
