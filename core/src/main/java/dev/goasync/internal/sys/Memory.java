package dev.goasync.internal.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Addresses, for those who may not touch them otherwise. */
public final class Memory {
  private Memory() {}

  /** The memory at an address that the kernel mapped for us. */
  public static MemorySegment mapped(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /**
   * The address of a direct buffer's position. The caller keeps the buffer reachable for as long as
   * the address is used.
   */
  public static long addressAtPosition(ByteBuffer direct) {
    return MemorySegment.ofBuffer(direct).address();
  }

  /** A NUL-terminated copy. */
  public static MemorySegment cString(Arena arena, byte[] bytes) {
    MemorySegment copy = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, copy, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, bytes.length);
    return copy;
  }
}
