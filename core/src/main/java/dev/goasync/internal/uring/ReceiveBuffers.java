package dev.goasync.internal.uring;

import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.SystemCalls;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A provided buffer ring: the kernel selects a buffer when a receive has bytes (Linux 5.19), so
 * receives that wait hold no memory. Owned by the loop.
 *
 * <p>The ring consists of entries {@code struct io_uring_buf}. The kernel removes entries at the
 * head, the loop adds entries at the tail. The tail is stored in the unused end of the first entry.
 */
final class ReceiveBuffers {
  /** The buffer group; a ring has only this one. */
  static final int GROUP = 0;

  /** The size of a buffer, and so the largest result of a receive. */
  static final int SIZE = 4096;

  /** If one turn of the loop receives more than this, the rest uses buffers of its own. */
  private static final int COUNT = 256;

  private static final int ENTRY_BYTES = 16;
  private static final int TAIL_AT = 14;

  /** Entries come first, then the bytes, page-aligned for page sizes up to 64 KiB. */
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

  /** Registers buffers with the ring; returns null if the kernel cannot or has no memory. */
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

  /** Unmaps the memory. Called after the ring's close. */
  void free(SystemCalls calls) {
    calls.munmap(address, MAPPED);
  }

  /** Copies received bytes to {@code target} and moves its position. */
  void copyTo(ByteBuffer target, int buffer, int count) {
    target.put(target.position(), memory, ENTRIES_ROOM + buffer * SIZE, count);
    target.position(target.position() + count);
  }

  /** Copies {@code count} received bytes, from index {@code from} on, to {@code target}. */
  void copyTo(byte[] target, int at, int buffer, int from, int count) {
    memory.get(ENTRIES_ROOM + buffer * SIZE + from, target, at, count);
  }

  /** Returns a buffer to the kernel. */
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
