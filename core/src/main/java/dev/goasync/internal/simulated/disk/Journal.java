package dev.goasync.internal.simulated.disk;

import java.util.ArrayDeque;
import java.util.SplittableRandom;

/**
 * The changes of directories that the device has not stored, in their order. As with the journal of
 * ext4, a crash keeps the first ones and loses the rest; each is atomic.
 */
final class Journal {
  /** The device stores the oldest change when there are more. */
  private static final int MAX_CHANGES = 10_000;

  private final ArrayDeque<Runnable> undos = new ArrayDeque<>();

  /** Adds a change that was made. */
  void add(Runnable undo) {
    undos.addLast(undo);
    if (undos.size() > MAX_CHANGES) {
      undos.removeFirst();
    }
  }

  /** The device has stored all changes. */
  void commit() {
    undos.clear();
  }

  /** Undoes the last changes, of which {@code random} draws the number. */
  void cut(SplittableRandom random) {
    if (!undos.isEmpty()) {
      for (int lost = random.nextInt(undos.size() + 1); lost > 0; lost--) {
        undos.removeLast().run();
      }
      undos.clear();
    }
  }
}
