package dev.goasync.system;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The JVM's handlers of signals, {@code sun.misc.Signal} (JDK 25), which has no public successor.
 * By reflection: the compiler warns of every mention, and no annotation silences it. Guarded by the
 * caller.
 */
final class JvmSignals {
  /** Called on a thread that the JVM starts for each signal. */
  @FunctionalInterface
  interface Handler {
    void handle(Signal signal);
  }

  private final Class<?> handlerType;
  private final Class<?> signalType;
  private final Method handle;

  /** What was there before ours. */
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
   * Has {@code ours} called from now on.
   *
   * @throws UnsupportedOperationException if the signal cannot be had; says why
   */
  void install(Signal signal, Handler ours) {
    if (signal.whyKept() != null) {
      throw new UnsupportedOperationException(
          signal + " cannot be listened for: " + signal.whyKept());
    }
    try {
      Object old = handle.invoke(null, jvmSignal(signal), proxyOf(signal, ours));
      previous.put(signal, Objects.requireNonNull(old));
    } catch (ReflectiveOperationException failed) {
      throw refusal(signal, failed);
    }
  }

  /** Puts back what was there before {@link #install}. */
  void uninstall(Signal signal) {
    try {
      handle.invoke(null, jvmSignal(signal), previous.remove(signal));
    } catch (ReflectiveOperationException failed) {
      throw refusal(signal, failed);
    }
  }

  /** The number that the system has for it. */
  int number(Signal signal) {
    try {
      return (int) signalType.getMethod("getNumber").invoke(jvmSignal(signal));
    } catch (ReflectiveOperationException failed) {
      throw refusal(signal, failed);
    }
  }

  private Object jvmSignal(Signal signal) throws ReflectiveOperationException {
    return signalType.getConstructor(String.class).newInstance(signal.name());
  }

  /** The JVM refuses signals that it knows not, and the three of its own end if told to. */
  private static UnsupportedOperationException refusal(
      Signal signal, ReflectiveOperationException failed) {
    Throwable cause =
        failed instanceof InvocationTargetException wrapped ? wrapped.getTargetException() : failed;
    String message = String.valueOf(cause.getMessage());
    boolean unknown = message.startsWith("Unknown signal");
    return new UnsupportedOperationException(
        unknown
            ? "this system has no " + signal
            : signal
                + " cannot be listened for: the JVM keeps it, as where java was started with"
                + " -Xrs ("
                + message
                + ")",
        cause);
  }

  private Object proxyOf(Signal signal, Handler ours) {
    return Proxy.newProxyInstance(
        JvmSignals.class.getClassLoader(),
        new Class<?>[] {handlerType},
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "equals" -> proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              case "toString" -> "the handler of GoAsync for " + signal;
              default -> {
                ours.handle(signal);
                yield null;
              }
            });
  }
}
