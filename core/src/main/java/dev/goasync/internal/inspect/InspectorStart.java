package dev.goasync.internal.inspect;

import dev.goasync.internal.util.Log;
import dev.goasync.internal.util.WorkerThread;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Starts the inspector of the module goasync-inspector if a system property asks for it. */
final class InspectorStart {
  /** The port of the inspector's page; 0 for any free one. */
  static final String PROPERTY = "goasync.inspector";

  private static final String CLASS = "dev.goasync.inspector.Inspector";
  private static final int MAX_PORT = 65_535;

  private InspectorStart() {}

  /** Looks for the inspector, and starts it on a thread of its own: the program does not wait. */
  static void start(String value) {
    if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > MAX_PORT) {
      warn(value, "the value must be a port, from 0 to " + MAX_PORT, null);
      return;
    }
    try {
      Method method = Class.forName(CLASS).getMethod("start", int.class);
      int port = Integer.parseInt(value);
      new WorkerThread(() -> start(method, value, port), "goasync-inspector-start-").start();
    } catch (ClassNotFoundException missing) {
      warn(
          value,
          "the jar of goasync-inspector is not on the class path;"
              + " on the module path it also needs --add-modules dev.goasync.inspector",
          null);
    } catch (ReflectiveOperationException | LinkageError failed) {
      warn(value, "the inspector could not be started", failed);
    }
  }

  private static void start(Method method, String value, int port) {
    try {
      var _ = method.invoke(null, port);
    } catch (InvocationTargetException failed) {
      Throwable cause = failed.getCause();
      boolean expected = cause instanceof IOException;
      warn(
          value,
          "the inspector could not listen on port " + port + ": " + cause,
          expected ? null : cause);
    } catch (IllegalAccessException impossible) {
      throw new LinkageError("the method is public", impossible);
    }
  }

  private static void warn(String value, String reason, @Nullable Throwable cause) {
    Log.warning("-D" + PROPERTY + "=" + value + " has no effect: " + reason, cause);
  }
}
