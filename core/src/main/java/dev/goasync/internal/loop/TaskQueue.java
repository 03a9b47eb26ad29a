package dev.goasync.internal.loop;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A FIFO queue of tasks in a ring buffer. If memory for growth is missing, {@link #add} throws and
 * the queue stays as it was; {@link java.util.ArrayDeque} loses all of its elements then. Owned by
 * the loop's thread or its current fiber.
 */
final class TaskQueue {
  private @Nullable Runnable[] ring = new Runnable[64]; // the length is a power of two
  private int head;
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** The oldest task; null if the queue is empty. */
  @Nullable Runnable peek() {
    return ring[head];
  }

  void add(Runnable task) {
    if (size == ring.length) {
      grow();
    }
    ring[(head + size) & (ring.length - 1)] = task;
    size++;
  }

  /** Removes the oldest task; the queue must not be empty. */
  Runnable remove() {
    Runnable task = ring[head];
    if (task == null) {
      throw new IllegalStateException("the queue is empty");
    }
    ring[head] = null;
    head = (head + 1) & (ring.length - 1);
    size--;
    return task;
  }

  /** The task at {@code index}, counted from the oldest. */
  Runnable get(int index) {
    Runnable task = ring[(head + Objects.checkIndex(index, size)) & (ring.length - 1)];
    if (task == null) {
      throw new IllegalStateException("the queue has a hole at " + index);
    }
    return task;
  }

  /** Removes the task at {@code index}, counted from the oldest; the others keep their order. */
  Runnable removeAt(int index) {
    Runnable task = get(index);
    int last = ring.length - 1;
    int place = (head + index) & last;
    if (place >= head) {
      System.arraycopy(ring, head, ring, head + 1, index);
    } else {
      System.arraycopy(ring, 0, ring, 1, place);
      ring[0] = ring[last];
      System.arraycopy(ring, head, ring, head + 1, last - head);
    }
    remove();
    return task;
  }

  /** Removes {@code task} wherever it is; returns whether it was in the queue. */
  boolean remove(Runnable task) {
    int mask = ring.length - 1;
    for (int i = 0; i < size; i++) {
      if (ring[(head + i) & mask] == task) {
        removeAt(i);
        return true;
      }
    }
    return false;
  }

  private void grow() {
    @Nullable Runnable[] larger = new Runnable[ring.length * 2];
    int untilEnd = ring.length - head;
    System.arraycopy(ring, head, larger, 0, untilEnd);
    System.arraycopy(ring, 0, larger, untilEnd, head);
    ring = larger;
    head = 0;
  }
}
