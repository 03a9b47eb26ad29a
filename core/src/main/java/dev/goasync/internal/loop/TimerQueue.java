package dev.goasync.internal.loop;

import java.util.Arrays;

/**
 * The timer queue of a loop: a heap with four children per node. Each timer stores its index, so
 * adding, cancelling and firing cost O(log n). Equal deadlines fire in the order in which they were
 * added. Deadlines are compared by subtraction, as {@link System#nanoTime} requires. Owned by the
 * loop's thread.
 */
final class TimerQueue {
  private static final int ARITY_SHIFT = 2;

  private LoopTimer[] heap = new LoopTimer[16];
  private int size;
  private long nextSequence;

  int size() {
    return size;
  }

  /** Time of the earliest timer; the queue is not empty. */
  long earliest() {
    return heap[0].deadline;
  }

  void add(LoopTimer timer, long deadline) {
    if (timer.isQueued()) {
      throw new IllegalStateException("the timer is queued; cancel it before it is added again");
    }
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    timer.deadline = deadline;
    timer.sequence = nextSequence++;
    siftUp(size++, timer);
  }

  /** Removes the timer; returns whether it was queued. */
  boolean cancel(LoopTimer timer) {
    int hole = timer.index;
    if (hole == LoopTimer.NOT_QUEUED) {
      return false;
    }
    remove(hole);
    return true;
  }

  /** Fires every timer whose deadline is not after {@code now}; returns how many. */
  int fireUntil(long now) {
    long firstNew = nextSequence; // a timer that re-arms itself for now fires in the next turn
    int fired = 0;
    while (size > 0 && heap[0].deadline - now <= 0 && heap[0].sequence < firstNew) {
      LoopTimer due = heap[0];
      remove(0);
      due.fire();
      fired++;
    }
    return fired;
  }

  @SuppressWarnings("NullAway") // slots from size on hold no timer
  private void remove(int hole) {
    heap[hole].index = LoopTimer.NOT_QUEUED;
    LoopTimer last = heap[--size];
    heap[size] = null;
    if (hole == size) {
      return;
    }
    siftDown(hole, last);
    if (last.index == hole) {
      siftUp(hole, last);
    }
  }

  private void siftUp(int start, LoopTimer timer) {
    int hole = start;
    while (hole > 0) {
      int parent = (hole - 1) >> ARITY_SHIFT;
      if (!before(timer, heap[parent])) {
        break;
      }
      put(hole, heap[parent]);
      hole = parent;
    }
    put(hole, timer);
  }

  private void siftDown(int start, LoopTimer timer) {
    int hole = start;
    while (true) {
      int first = (hole << ARITY_SHIFT) + 1;
      if (first >= size) {
        break;
      }
      int least = first;
      int end = Math.min(first + (1 << ARITY_SHIFT), size);
      for (int child = first + 1; child < end; child++) {
        if (before(heap[child], heap[least])) {
          least = child;
        }
      }
      if (!before(heap[least], timer)) {
        break;
      }
      put(hole, heap[least]);
      hole = least;
    }
    put(hole, timer);
  }

  private void put(int index, LoopTimer timer) {
    heap[index] = timer;
    timer.index = index;
  }

  private static boolean before(LoopTimer a, LoopTimer b) {
    long difference = a.deadline - b.deadline;
    return difference != 0 ? difference < 0 : a.sequence < b.sequence;
  }
}
