package dev.goasync.internal.loop;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Those from outside who wait for something that only a loop can give them, and must be told when
 * it ends: each as what tells it. Owned by the loop's thread.
 */
public final class CloseListeners {
  private final Set<Runnable> waiting = new LinkedHashSet<>();

  CloseListeners() {}

  /** One begins to wait. */
  public void add(Runnable teller) {
    waiting.add(teller);
  }

  /** One no longer waits. */
  public void remove(Runnable teller) {
    waiting.remove(teller);
  }

  /** Nobody will get anything any more. */
  void notifyAllClosed() {
    for (Runnable teller : List.copyOf(waiting)) {
      teller.run();
    }
    waiting.clear();
  }
}
