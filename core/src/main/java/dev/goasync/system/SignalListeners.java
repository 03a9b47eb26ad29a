package dev.goasync.system;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.Backend;
import dev.goasync.internal.platform.SignalTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The signal listeners of this process. The first listener of a signal installs a handler in the
 * JVM; when the last one is removed, the previous handler is restored. Any thread.
 */
final class SignalListeners {
  private static final Map<Signal, List<Consumer<Signal>>> BY_SIGNAL = new EnumMap<>(Signal.class);

  private static @Nullable JvmSignals jvm;

  private SignalListeners() {}

  private static JvmSignals jvm() {
    JvmSignals known = jvm;
    if (known == null) {
      known = new JvmSignals();
      jvm = known;
    }
    return known;
  }

  /**
   * Adds a listener for each of the signals, which is called on a thread of the JVM.
   *
   * @throws UnsupportedOperationException if one of the signals is not available; the listener is
   *     added for none of them then
   */
  static synchronized void add(Collection<Signal> signals, Consumer<Signal> listener) {
    SignalTable simulated = ofSimulation();
    if (simulated != null) {
      addTo(simulated, signals, listener);
      return;
    }
    List<Signal> added = new ArrayList<>();
    try {
      for (Signal signal : signals) {
        List<Consumer<Signal>> known = BY_SIGNAL.get(signal);
        if (known == null) {
          jvm().install(signal, SignalListeners::dispatch);
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

  private static @Nullable SignalTable ofSimulation() {
    Backend own = Backends.ownOfCaller();
    return own == null ? null : own.signals();
  }

  private static void addTo(
      SignalTable simulated, Collection<Signal> signals, Consumer<Signal> listener) {
    for (Signal signal : signals) {
      JvmSignals.checkNotReserved(signal);
    }
    for (Signal signal : signals) {
      simulated.add(signal.number(), listener, () -> listener.accept(signal));
    }
  }

  static synchronized void remove(Collection<Signal> signals, Consumer<Signal> listener) {
    SignalTable simulated = ofSimulation();
    if (simulated != null) {
      signals.forEach(signal -> simulated.remove(signal.number(), listener));
      return;
    }
    for (Signal signal : signals) {
      List<Consumer<Signal>> known = BY_SIGNAL.get(signal);
      if (known != null && known.remove(listener) && known.isEmpty()) {
        BY_SIGNAL.remove(signal);
        jvm().uninstall(signal);
      }
    }
  }

  static synchronized boolean hasListener(Signal signal) {
    return BY_SIGNAL.containsKey(signal);
  }

  private static void dispatch(Signal signal) {
    List<Consumer<Signal>> listeners;
    synchronized (SignalListeners.class) {
      List<Consumer<Signal>> known = BY_SIGNAL.get(signal);
      listeners = known == null ? List.of() : List.copyOf(known);
    }
    listeners.forEach(listener -> listener.accept(signal));
  }
}
