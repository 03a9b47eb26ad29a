package dev.goasync.internal.linux.io;

import dev.goasync.internal.sys.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Native memory through which the bytes of a heap buffer are copied. Freed when unreachable. */
public final class NativeBuffer {
  private final ByteBuffer bytes;
  private final long address;

  /** Allocates memory whose address is a multiple of {@code alignment}. */
  NativeBuffer(int capacity, int alignment) {
    ByteBuffer memory = ByteBuffer.allocateDirect(capacity + alignment - 1);
    int past = memory.alignmentOffset(0, alignment);
    bytes = memory.slice(past == 0 ? 0 : alignment - past, capacity).order(ByteOrder.nativeOrder());
    address = Memory.addressAtPosition(bytes);
  }

  /** The address of the first byte. */
  public long address() {
    return address;
  }

  /** The memory as a buffer; a caller that moves the position restores it. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** The size in bytes. */
  public int capacity() {
    return bytes.capacity();
  }

  /** The short in native byte order at an index. */
  public short shortAt(int index) {
    return bytes.getShort(index);
  }

  /** The int in native byte order at an index. */
  public int intAt(int index) {
    return bytes.getInt(index);
  }

  /** The long in native byte order at an index. */
  public long longAt(int index) {
    return bytes.getLong(index);
  }

  /** Stores a NUL-terminated string; returns its address, or 0 if it does not fit. */
  public long putString(byte[] text) {
    return putString(0, text);
  }

  /** Stores a NUL-terminated string at an index; returns its address, or 0 if it does not fit. */
  long putString(int at, byte[] text) {
    if (text.length >= bytes.capacity() - at) {
      return 0;
    }
    bytes.put(at, text).put(at + text.length, (byte) 0);
    return address + at;
  }

  /** Copies the first {@code count} bytes into {@code target} and moves its position. */
  public void copyTo(ByteBuffer target, int count) {
    target.put(target.position(), bytes, 0, count);
    target.position(target.position() + count);
  }

  /** Copies {@code count} bytes of {@code source} to index {@code at}; moves no position. */
  public void copyFrom(ByteBuffer source, int count, int at) {
    bytes.put(at, source, source.position(), count);
  }
}
