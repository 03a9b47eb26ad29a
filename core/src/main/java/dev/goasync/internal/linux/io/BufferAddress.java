package dev.goasync.internal.linux.io;

import dev.goasync.internal.sys.Memory;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The address of a direct buffer's memory.
 *
 * @param buffer the buffer, kept reachable by this object
 * @param base the address of index 0
 */
record BufferAddress(ByteBuffer buffer, long base) {
  /** The address of {@code direct}: {@code last} if that is of the same buffer. */
  static BufferAddress of(ByteBuffer direct, @Nullable BufferAddress last) {
    return last != null && last.buffer == direct
        ? last
        : new BufferAddress(direct, Memory.addressAtPosition(direct) - direct.position());
  }

  long addressAtPosition() {
    return base + buffer.position();
  }
}
