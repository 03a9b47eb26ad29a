package dev.goasync.examples.redis;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * A pool of buffers for connections that are receiving. One loop serves all connections, so no lock
 * is needed.
 */
final class Buffers {
  static final int BYTES = 16 * 1024;

  /** Stands for a buffer that was not acquired. */
  static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private static final ArrayDeque<ByteBuffer> IDLE = new ArrayDeque<>();

  private Buffers() {}

  static ByteBuffer acquire() {
    return IDLE.isEmpty() ? ByteBuffer.allocate(BYTES) : IDLE.pop();
  }

  /** Returns a buffer to the pool; ignores buffers of another size. */
  static void release(ByteBuffer buffer) {
    if (buffer.capacity() == BYTES) {
      IDLE.push(buffer.clear());
    }
  }
}
