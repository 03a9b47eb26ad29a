package dev.goasync.internal.platform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The signal listeners of a simulated program. Used by the coroutines of its simulation, which are
 * one thread at a time.
 */
public final class SignalTable {
  private final Map<Integer, Map<Object, Runnable>> byNumber = new HashMap<>();

  /** Adds a listener, which {@code key} identifies. */
  public void add(int signal, Object key, Runnable listener) {
    byNumber.computeIfAbsent(signal, _ -> new LinkedHashMap<>()).put(key, listener);
  }

  /** Removes a listener. */
  public void remove(int signal, Object key) {
    byNumber.getOrDefault(signal, new HashMap<>()).remove(key);
  }

  /** Calls the listeners of a signal; returns false if there are none. */
  public boolean deliver(int signal) {
    List<Runnable> listeners = new ArrayList<>(byNumber.getOrDefault(signal, Map.of()).values());
    listeners.forEach(Runnable::run);
    return !listeners.isEmpty();
  }
}
