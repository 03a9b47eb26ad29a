package dev.goasync.internal.loop;

import dev.goasync.internal.util.Log;
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

  /** Runs all listeners, in the order in which they were added. Never throws. */
  void notifyAllClosed() {
    for (Runnable listener : List.copyOf(listeners)) {
      try {
        listener.run();
      } catch (Throwable bug) {
        Log.error("a listener to the close of an event loop failed", bug);
      }
    }
    listeners.clear();
  }
}
