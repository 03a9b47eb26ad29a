package dev.goasync.system;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who listens for which signal. The JVM's handler is ours as long as somebody does, and what it was
 * before as soon as nobody does. Any thread.
 */
final class Listeners {
  private static final Map<Signal, List<Consumer<Signal>>> BY_SIGNAL = new EnumMap<>(Signal.class);

  private static @Nullable JvmSignals jvm;

  private Listeners() {}

  private static JvmSignals jvm() {
    JvmSignals known = jvm;
    if (known == null) {
      known = new JvmSignals();
      jvm = known;
    }
    return known;
  }

  /**
   * Has {@code listener} called for each of the signals, on a thread of the JVM's.
   *
   * @throws UnsupportedOperationException if one of them cannot be had; none is listened for then
   */
  static synchronized void add(Collection<Signal> signals, Consumer<Signal> listener) {
    List<Signal> added = new ArrayList<>();
    try {
      for (Signal signal : signals) {
        List<Consumer<Signal>> known = BY_SIGNAL.get(signal);
        if (known == null) {
          jvm().install(signal, Listeners::tell);
          known = new ArrayList<>();
          BY_SIGNAL.put(signal, known);
        }
        known.add(listener);
        added.add(signal);
      }
    } catch (UnsupportedOperationException refused) {
      remove(added, listener);
      throw refused;
    }
  }

  static synchronized void remove(Collection<Signal> signals, Consumer<Signal> listener) {
    for (Signal signal : signals) {
      List<Consumer<Signal>> known = BY_SIGNAL.get(signal);
      if (known != null && known.remove(listener) && known.isEmpty()) {
        BY_SIGNAL.remove(signal);
        jvm().uninstall(signal);
      }
    }
  }

  static synchronized boolean isHeard(Signal signal) {
    return BY_SIGNAL.containsKey(signal);
  }

  private static void tell(Signal signal) {
    List<Consumer<Signal>> told;
    synchronized (Listeners.class) {
      List<Consumer<Signal>> known = BY_SIGNAL.get(signal);
      told = known == null ? List.of() : List.copyOf(known);
    }
    told.forEach(listener -> listener.accept(signal));
  }

  static synchronized int number(Signal signal) {
    return jvm().number(signal);
  }
}
