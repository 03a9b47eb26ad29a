package dev.goasync.tls;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Buffers of one record's size. A connection has one only while there is something in it; a few
 * idle ones are kept for the next, since to make four anew for each small question and its answer
 * cost a quarter of the processor time of both ends.
 */
final class RecordBuffers {
  private static final int IDLE_SLOTS = 32;
  private static final AtomicReferenceArray<@Nullable ByteBuffer> IDLE =
      new AtomicReferenceArray<>(IDLE_SLOTS);

  /** A record with its overhead, which is what engines ask for, whatever they put into it. */
  static final int CAPACITY = 17 * 1024;

  private RecordBuffers() {}

  /** An empty buffer, to be filled, of at least so many bytes. */
  static ByteBuffer take(int bytes) {
    if (bytes > CAPACITY) {
      return ByteBuffer.allocate(bytes);
    }
    for (int i = 0; i < IDLE_SLOTS; i++) {
      ByteBuffer idle = IDLE.get(i) == null ? null : IDLE.getAndSet(i, null);
      if (idle != null) {
        return idle.clear();
      }
    }
    return ByteBuffer.allocate(CAPACITY);
  }

  /** Takes back a buffer that nobody uses any more. */
  static void release(ByteBuffer buffer) {
    if (buffer.capacity() == CAPACITY) {
      for (int i = 0; i < IDLE_SLOTS; i++) {
        if (IDLE.compareAndSet(i, null, buffer)) {
          return;
        }
      }
    }
  }

  /** A buffer with the same bytes before its position, and room for so many more. */
  static ByteBuffer enlarge(ByteBuffer full, int bytes) {
    int capacity = Math.max(full.position() + bytes, 2 * full.capacity());
    ByteBuffer larger = take(capacity).put(full.flip());
    release(full);
    return larger;
  }

  /** The buffer if there is something to take from it, else null, and the buffer is given back. */
  static @Nullable ByteBuffer unlessEmpty(ByteBuffer buffer) {
    if (buffer.hasRemaining()) {
      return buffer;
    }
    release(buffer);
    return null;
  }
}
