package dev.goasync.examples.redis;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Buffers for connections that have something to do. All connections are served by one loop, so
 * there is no lock.
 */
final class Buffers {
  static final int BYTES = 16 * 1024;

  /** In place of a buffer that was not taken. */
  static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private static final ArrayDeque<ByteBuffer> IDLE = new ArrayDeque<>();

  private Buffers() {}

  static ByteBuffer take() {
    return IDLE.isEmpty() ? ByteBuffer.allocate(BYTES) : IDLE.pop();
  }

  /** Takes back a buffer; does nothing with those of another size. */
  static void release(ByteBuffer buffer) {
    if (buffer.capacity() == BYTES) {
      IDLE.push(buffer.clear());
    }
  }
}
