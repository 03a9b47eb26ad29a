package dev.goasync.internal.uring;

import java.util.Arrays;

/** A free list of a ring's operations, which are reused. Owned by the loop. */
final class OperationPool {
  private static final int FIRST = 16;

  private final UringPoller poller;
  private UringOperation[] all = new UringOperation[0];
  private UringOperation[] free = new UringOperation[0];
  private int freeCount;

  OperationPool(UringPoller poller) {
    this.poller = poller;
  }

  /** Removes an operation from the free list; the pool grows if the list is empty. */
  UringOperation acquire() {
    if (freeCount == 0) {
      grow();
    }
    return free[--freeCount];
  }

  private void grow() {
    int before = all.length;
    int after = Math.max(FIRST, before * 2);
    all = Arrays.copyOf(all, after);
    free = new UringOperation[after];
    for (int i = after - 1; i >= before; i--) {
      all[i] = new UringOperation(poller, i);
      free[freeCount++] = all[i];
    }
  }

  /** Puts an operation back on the free list. */
  void release(UringOperation operation) {
    free[freeCount++] = operation;
  }

  /** The operation in the slot that this user data names, possibly in a later use. */
  UringOperation of(long userData) {
    return all[UringOperation.indexOf(userData)];
  }

  /** All operations, including free ones. */
  Iterable<UringOperation> all() {
    return Arrays.asList(all);
  }
}
