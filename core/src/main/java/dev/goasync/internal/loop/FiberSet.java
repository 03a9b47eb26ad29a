package dev.goasync.internal.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fibers of a loop that have not ended, in no order. An array and not a linked list through the
 * fibers: a reference stored in an old object costs a fence under G1, and an array needs one store
 * per fiber. Owned by the loop's thread or its current fiber; {@link #size} may be read by any
 * thread.
 */
final class FiberSet {
  static final int NO_SLOT = -1;

  private static final VarHandle SIZE;

  static {
    try {
      SIZE = MethodHandles.lookup().findVarHandle(FiberSet.class, "size", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private @Nullable Fiber[] slots = new Fiber[64];

  @SuppressWarnings("UnusedVariable") // used through SIZE: one writer at a time needs no full fence
  private int size;

  private long started;
  private long failed;
  private long cancelled;

  /** How many of the fibers are daemons. */
  private volatile int daemons;

  /** The slot of the fiber that {@link #found} was called with last. */
  private int lastFound;

  /**
   * The fiber of the current thread if it was the last one found, else null. Any thread; a stale
   * read does no harm, since the result is compared with the current thread.
   */
  @Nullable Fiber findAgain(Thread current) {
    @Nullable Fiber[] seen = slots;
    int slot = lastFound;
    Fiber fiber = slot < seen.length ? seen[slot] : null;
    return fiber != null && fiber.thread() == current ? fiber : null;
  }

  /** Makes {@link #findAgain} find the fiber. Stores a number, since a reference costs a fence. */
  void found(Fiber fiber) {
    if (fiber.slot != NO_SLOT) {
      lastFound = fiber.slot;
    }
  }

  int size() {
    return (int) SIZE.getAcquire(this);
  }

  /** The number of fibers that are not daemons. Any thread; a snapshot. */
  int live() {
    return size() - daemons;
  }

  /** How many fibers have been added so far. Any thread; a snapshot. */
  long started() {
    return started;
  }

  /** How many fibers have ended with a failure so far. Any thread; a snapshot. */
  long failed() {
    return failed;
  }

  /** How many fibers have ended by a cancel so far. Any thread; a snapshot. */
  long cancelled() {
    return cancelled;
  }

  /** Counts the end of a fiber that has no result. */
  void endedWithout(boolean wasCancelled) {
    if (wasCancelled) {
      cancelled++;
    } else {
      failed++;
    }
  }

  /** Changes the number of daemons in the set. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
  void addDaemons(int change) {
    daemons += change;
  }

  /** Adds the fiber if it is not in the set. */
  void add(Fiber fiber) {
    if (fiber.slot != NO_SLOT) {
      return;
    }
    int slot = size;
    if (slot == slots.length) {
      slots = Arrays.copyOf(slots, slot * 2);
    }
    slots[slot] = fiber;
    fiber.slot = slot;
    started++;
    SIZE.setRelease(this, slot + 1);
  }

  /** Removes a fiber of the set; the last one moves into its slot. */
  void remove(Fiber fiber) {
    int last = size - 1;
    Fiber moved = slots[last];
    if (moved != fiber && moved != null) {
      slots[fiber.slot] = moved;
      moved.slot = fiber.slot;
    }
    slots[last] = null;
    fiber.slot = NO_SLOT;
    SIZE.setRelease(this, last);
  }

  /**
   * A copy of the fibers, in no order. On a thread other than the loop's it may miss fibers, or
   * contain some that have ended.
   */
  @Nullable Fiber[] copy() {
    @Nullable Fiber[] seen = slots;
    return Arrays.copyOf(seen, Math.min(size(), seen.length));
  }

  /** All fibers, oldest first. */
  List<Fiber> all() {
    return Arrays.stream(slots, 0, size)
        .map(Objects::requireNonNull)
        .sorted(Comparator.comparingLong(fiber -> fiber.thread().threadId()))
        .toList();
  }
}
