package dev.goasync.system;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Installs signal handlers in the JVM, by {@code sun.misc.Signal} (JDK 25), which has no public
 * successor. Uses reflection, since the compiler warns about every direct use and no annotation
 * suppresses that warning. Callers hold the lock of {@link SignalListeners}.
 */
final class JvmSignals {
  /** Called on a new thread of the JVM for each signal. */
  @FunctionalInterface
  interface Handler {
    void handle(Signal signal);
  }

  private final Class<?> handlerType;
  private final Class<?> signalType;
  private final Method handle;

  /** The handlers that were installed before ours. */
  private final Map<Signal, Object> previous = new EnumMap<>(Signal.class);

  JvmSignals() {
    try {
      handlerType = Class.forName("sun.misc.SignalHandler");
      signalType = Class.forName("sun.misc.Signal");
      handle = signalType.getMethod("handle", signalType, handlerType);
    } catch (ReflectiveOperationException | LinkageError missing) {
      throw new UnsupportedOperationException(
          "signals need the module jdk.unsupported; start java with --add-modules jdk.unsupported,"
              + " or add it to the run-time image",
          missing);
    }
  }

  /**
   * Installs a handler.
   *
   * @throws UnsupportedOperationException if the signal is not available; the message gives the
   *     reason
   */
  void install(Signal signal, Handler handler) {
    checkNotReserved(signal);
    try {
      Object old = handle.invoke(null, jvmSignal(signal), proxyOf(signal, handler));
      previous.put(signal, Objects.requireNonNull(old));
    } catch (ReflectiveOperationException failed) {
      throw refusal(signal, failed);
    }
  }

  /**
   * Checks whether a program can listen for a signal.
   *
   * @throws UnsupportedOperationException if it is reserved
   */
  static void checkNotReserved(Signal signal) {
    if (signal.whyReserved() != null) {
      throw new UnsupportedOperationException(
          "cannot listen for " + signal + ": " + signal.whyReserved());
    }
  }

  /** Restores the handler that was installed before {@link #install}. */
  void uninstall(Signal signal) {
    try {
      handle.invoke(null, jvmSignal(signal), previous.remove(signal));
    } catch (ReflectiveOperationException failed) {
      throw refusal(signal, failed);
    }
  }

  private Object jvmSignal(Signal signal) throws ReflectiveOperationException {
    return signalType.getConstructor(String.class).newInstance(signal.name());
  }

  /**
   * The JVM refuses unknown signals, those that it uses itself, and with {@code -Xrs} also HUP, INT
   * and TERM.
   */
  private static UnsupportedOperationException refusal(
      Signal signal, ReflectiveOperationException failed) {
    Throwable cause =
        failed instanceof InvocationTargetException wrapped ? wrapped.getTargetException() : failed;
    String message = String.valueOf(cause.getMessage());
    boolean unknown = message.startsWith("Unknown signal");
    return new UnsupportedOperationException(
        unknown
            ? "cannot listen for " + signal + ": this system has no such signal"
            : "cannot listen for "
                + signal
                + ": the JVM reserves it, as it does with the option -Xrs ("
                + message
                + ")",
        cause);
  }

  private Object proxyOf(Signal signal, Handler handler) {
    return Proxy.newProxyInstance(
        JvmSignals.class.getClassLoader(),
        new Class<?>[] {handlerType},
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "equals" -> proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              case "toString" -> "GoAsync's handler of " + signal;
              default -> {
                handler.handle(signal);
                yield null;
              }
            });
  }
}
