package dev.goasync.internal.inspect;

import dev.goasync.inspect.DumpOptions;
import dev.goasync.internal.util.Log;
import dev.goasync.internal.util.WorkerThread;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Prints a dump to the standard error stream when the process receives a signal. The classes of the
 * JDK are loaded by the platform's loader: loaded by ours, they would look like a signal handler of
 * the program, which might wake a coroutine, and no deadlock would be reported.
 */
final class DumpSignal {
  private DumpSignal() {}

  /** Installs the handler; logs a warning if the signal is not available. */
  static void install(String signal) {
    try {
      ClassLoader loader = ClassLoader.getPlatformClassLoader();
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler", true, loader);
      Class<?> signalType = Class.forName("sun.misc.Signal", true, loader);
      Method handle = signalType.getMethod("handle", signalType, handlerType);
      Object handler =
          Proxy.newProxyInstance(loader, new Class<?>[] {handlerType}, DumpSignal::called);
      var _ =
          handle.invoke(null, signalType.getConstructor(String.class).newInstance(signal), handler);
    } catch (InvocationTargetException refused) {
      warn(signal, refused.getCause());
    } catch (ReflectiveOperationException | LinkageError missing) {
      warn(signal, missing);
    }
  }

  private static void warn(String signal, @Nullable Throwable cause) {
    Log.warning(
        "-D"
            + Diagnostics.SIGNAL_PROPERTY
            + "="
            + signal
            + " has no effect: the signal is not available; use USR2, for example",
        cause);
  }

  private static @Nullable Object called(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "equals" -> arguments != null && proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> "the handler of dumps";
      default -> {
        new WorkerThread(DumpSignal::print, "goasync-dump-").start();
        yield null;
      }
    };
  }

  private static void print() {
    try {
      System.err.print(Diagnostics.dump(DumpOptions.standard()));
    } catch (Throwable failed) {
      Log.error("the dump that a signal asked for could not be taken", failed);
    }
  }
}
