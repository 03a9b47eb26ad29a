package dev.goasync.internal.loop;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Actions to run when a loop closes, for callers on other threads that wait for something that only
 * this loop can deliver. Owned by the loop's thread.
 */
final class CloseListeners {
  private final Set<Runnable> listeners = new LinkedHashSet<>();

  void add(Runnable listener) {
    listeners.add(listener);
  }

  void remove(Runnable listener) {
    listeners.remove(listener);
  }

  /** Runs all listeners, in the order in which they were added. */
  void notifyAllClosed() {
    for (Runnable listener : List.copyOf(listeners)) {
      listener.run();
    }
    listeners.clear();
  }
}
