package dev.goasync.internal.uring;

import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.SystemCalls;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Buffers of which the kernel picks one when a receive has bytes (Linux 5.19), so that receives
 * which wait hold none. Owned by the loop.
 *
 * <p>They are announced in a ring of entries, {@code struct io_uring_buf}, which the kernel takes
 * from its front and we add to at its tail. The tail lies in the unused end of the first entry.
 */
final class ReceiveBuffers {
  /** The name of this set of buffers to the ring, which has no other. */
  static final int GROUP = 0;

  /** Bytes of each, and so the most that one receive brings. */
  static final int SIZE = 4096;

  /** More receives than these in one turn of the loop find no buffer, and bring their own. */
  private static final int COUNT = 256;

  private static final int ENTRY_BYTES = 16;
  private static final int TAIL_AT = 14;

  /** The entries come first; behind them, on a page again however large pages are, the bytes. */
  private static final int ENTRIES_ROOM = 64 * 1024;

  private static final int MAPPED = ENTRIES_ROOM + COUNT * SIZE;

  private final ByteBuffer memory;
  private final long address;
  private int tail;

  private ReceiveBuffers(long address) {
    this.address = address;
    this.memory = Memory.mapped(address, MAPPED);
    for (int i = 0; i < COUNT; i++) {
      add(i);
    }
    publish();
  }

  /** Registers a set with the ring; null if the kernel has no such thing, or no memory for it. */
  static @Nullable ReceiveBuffers register(Ring ring, SystemCalls calls) {
    long mapped = calls.mmap(MAPPED, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1, 0);
    if (Errno.isError(mapped)) {
      return null;
    }
    if (ring.registerBuffers(mapped, COUNT, GROUP) < 0) {
      calls.munmap(mapped, MAPPED);
      return null;
    }
    return new ReceiveBuffers(mapped);
  }

  /** To be called after the ring's close. */
  void free(SystemCalls calls) {
    calls.munmap(address, MAPPED);
  }

  /** Copies what a receive brought to {@code target}, and moves its position. */
  void copyTo(ByteBuffer target, int buffer, int count) {
    target.put(target.position(), memory, ENTRIES_ROOM + buffer * SIZE, count);
    target.position(target.position() + count);
  }

  /** Copies bytes of a buffer, from the {@code from}-th on, to {@code target}. */
  void copyTo(byte[] target, int at, int buffer, int from, int count) {
    memory.get(ENTRIES_ROOM + buffer * SIZE + from, target, at, count);
  }

  /** Lets the kernel have a buffer again. */
  void release(int buffer) {
    add(buffer);
    publish();
  }

  private void add(int buffer) {
    int entry = (tail++ & COUNT - 1) * ENTRY_BYTES;
    memory.putLong(entry, address + ENTRIES_ROOM + (long) buffer * SIZE);
    memory.putInt(entry + 8, SIZE);
    memory.putShort(entry + 12, (short) buffer);
  }

  private void publish() {
    VarHandle.releaseFence();
    memory.putShort(TAIL_AT, (short) tail);
  }
}
