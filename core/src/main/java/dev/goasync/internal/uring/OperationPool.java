package dev.goasync.internal.uring;

import java.util.Arrays;

/** A ring's operations, which are used again and again. Owned by the loop. */
final class OperationPool {
  private static final int FIRST = 16;

  private final UringPoller poller;
  private UringOperation[] all = new UringOperation[0];
  private UringOperation[] free = new UringOperation[0];
  private int freeCount;

  OperationPool(UringPoller poller) {
    this.poller = poller;
  }

  UringOperation take() {
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

  void release(UringOperation operation) {
    free[freeCount++] = operation;
  }

  /** The operation whose use has, or had, this name. */
  UringOperation of(long userData) {
    return all[UringOperation.indexOf(userData)];
  }

  /** All, also those that are not in use. */
  Iterable<UringOperation> all() {
    return Arrays.asList(all);
  }
}
