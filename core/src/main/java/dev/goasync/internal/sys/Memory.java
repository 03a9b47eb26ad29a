package dev.goasync.internal.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Native memory and its addresses. Structures are accessed through byte buffers: the variable
 * handles of a memory segment's accessors would add some 20 ms to the start of each program.
 */
public final class Memory {
  private Memory() {}

  /** Zeroed memory in the machine's byte order, freed with the buffer. */
  public static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** Zeroed memory in the machine's byte order, freed with the arena. */
  public static ByteBuffer allocate(Arena arena, int bytes) {
    return arena.allocate(bytes, Long.BYTES).asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /** Wraps memory that the kernel mapped, in the machine's byte order. */
  public static ByteBuffer mapped(long address, int bytes) {
    MemorySegment segment = MemorySegment.ofAddress(address).reinterpret(bytes);
    return segment.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /** The address of a direct buffer's first byte, wherever its position is. */
  public static long address(ByteBuffer direct) {
    return addressAtPosition(direct) - direct.position();
  }

  /**
   * The address of a direct buffer's position. The caller keeps the buffer reachable while it uses
   * the address.
   */
  public static long addressAtPosition(ByteBuffer direct) {
    return MemorySegment.ofBuffer(direct).address();
  }

  /** Returns a NUL-terminated copy. */
  public static ByteBuffer cString(Arena arena, byte[] bytes) {
    ByteBuffer copy = allocate(arena, bytes.length + 1);
    copy.put(0, bytes);
    return copy;
  }
}
