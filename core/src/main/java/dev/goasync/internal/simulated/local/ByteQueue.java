package dev.goasync.internal.simulated.local;

import dev.goasync.internal.simulated.resource.WaitQueue;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The bytes of one direction that were written and not read, with the coroutines that wait for
 * them. Owned by the thread of the simulation.
 */
final class ByteQueue {
  private final int capacity;
  private final Deque<ByteBuffer> chunks = new ArrayDeque<>();
  private final WaitQueue readers = new WaitQueue();
  private final WaitQueue writers = new WaitQueue();
  private int size;

  ByteQueue(int capacity) {
    this.capacity = capacity;
  }

  int size() {
    return size;
  }

  int room() {
    return capacity - size;
  }

  /** Those that wait for bytes or for the end. */
  WaitQueue readers() {
    return readers;
  }

  /** Those that wait for room. */
  WaitQueue writers() {
    return writers;
  }

  /** Adds the next {@code count} bytes of {@code source}. */
  void put(ByteBuffer source, int count) {
    ByteBuffer chunk = ByteBuffer.allocate(count);
    chunk.put(source.slice(source.position(), count)).flip();
    source.position(source.position() + count);
    chunks.add(chunk);
    size += count;
    readers.wakeAll();
  }

  /** Moves the first {@code count} bytes to {@code target}. */
  void take(ByteBuffer target, int count) {
    int left = count;
    while (left > 0) {
      ByteBuffer first = chunks.element();
      int moved = Math.min(left, first.remaining());
      target.put(first.slice(first.position(), moved));
      first.position(first.position() + moved);
      left -= moved;
      if (!first.hasRemaining()) {
        chunks.remove();
      }
    }
    size -= count;
    writers.wakeAll();
  }

  /** All bytes, which stay. */
  byte[] content() {
    ByteBuffer all = ByteBuffer.allocate(size);
    chunks.forEach(chunk -> all.put(chunk.duplicate()));
    return all.array();
  }

  /** Forgets all that wait, since their program has crashed. */
  void forgetWaits() {
    readers.forget();
    writers.forget();
  }

  /** Drops all bytes. */
  void clear() {
    chunks.clear();
    size = 0;
    wakeAll();
  }

  /** Wakes all that wait, to look again. */
  void wakeAll() {
    readers.wakeAll();
    writers.wakeAll();
  }
}
