package dev.goasync.tls;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A pool of buffers of one record's size. A connection holds a buffer only while it has bytes in
 * it. A few idle buffers are kept: allocating four for each small request and response cost a
 * quarter of the processor time of both sides.
 */
final class RecordBuffers {
  private static final int IDLE_SLOTS = 32;
  private static final AtomicReferenceArray<@Nullable ByteBuffer> IDLE =
      new AtomicReferenceArray<>(IDLE_SLOTS);

  /** A record with its overhead: engines require this much room for records of any size. */
  static final int CAPACITY = 17 * 1024;

  private RecordBuffers() {}

  /** Returns an empty buffer of at least so many bytes. */
  static ByteBuffer acquire(int bytes) {
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

  /** Returns a buffer to the pool. The caller must not use it any more. */
  static void release(ByteBuffer buffer) {
    if (buffer.capacity() == CAPACITY) {
      for (int i = 0; i < IDLE_SLOTS; i++) {
        if (IDLE.compareAndSet(i, null, buffer)) {
          return;
        }
      }
    }
  }

  /** Returns a buffer with the same bytes before its position and room for so many more. */
  static ByteBuffer enlarge(ByteBuffer full, int bytes) {
    int capacity = Math.max(full.position() + bytes, 2 * full.capacity());
    ByteBuffer larger = acquire(capacity).put(full.flip());
    release(full);
    return larger;
  }

  /** Returns the buffer if it has bytes left, else null after releasing the buffer. */
  static @Nullable ByteBuffer unlessEmpty(ByteBuffer buffer) {
    if (buffer.hasRemaining()) {
      return buffer;
    }
    release(buffer);
    return null;
  }
}
