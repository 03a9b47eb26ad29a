package dev.goasync.internal.linux.io;

import dev.goasync.internal.sys.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Native memory through which bytes go to and from a heap buffer. Freed when unreachable. */
public final class NativeBuffer {
  private final ByteBuffer bytes;
  private final long address;

  /** Memory that begins at a multiple of {@code alignment}. */
  NativeBuffer(int capacity, int alignment) {
    ByteBuffer memory = ByteBuffer.allocateDirect(capacity + alignment - 1);
    int past = memory.alignmentOffset(0, alignment);
    bytes = memory.slice(past == 0 ? 0 : alignment - past, capacity).order(ByteOrder.nativeOrder());
    address = Memory.addressAtPosition(bytes);
  }

  /** Where its bytes lie. */
  public long address() {
    return address;
  }

  /** The bytes themselves; whoever moves the position puts it back. */
  public ByteBuffer bytes() {
    return bytes;
  }

  public int capacity() {
    return bytes.capacity();
  }

  short shortAt(int index) {
    return bytes.getShort(index);
  }

  public long longAt(int index) {
    return bytes.getLong(index);
  }

  /** Lays down bytes and a NUL behind them; returns where, or 0 if they do not fit. */
  public long putString(byte[] text) {
    if (text.length >= bytes.capacity()) {
      return 0;
    }
    bytes.put(0, text).put(text.length, (byte) 0);
    return address;
  }

  /** Copies the first {@code count} bytes into {@code target} and moves its position. */
  public void copyTo(ByteBuffer target, int count) {
    target.put(target.position(), bytes, 0, count);
    target.position(target.position() + count);
  }

  /** Copies {@code count} bytes from {@code source}, whose position stays, to {@code at}. */
  public void copyFrom(ByteBuffer source, int count, int at) {
    bytes.put(at, source, source.position(), count);
  }
}
