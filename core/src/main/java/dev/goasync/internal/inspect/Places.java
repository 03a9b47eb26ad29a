package dev.goasync.internal.inspect;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the line of a stack that a reader of a dump can change. */
final class Places {
  private static final String LIBRARY = "dev.goasync.";

  private static final Set<String> ROOT_CLASSES =
      Set.of(
          "CancelScope",
          "EventLoop",
          "EventLoopGroup",
          "GoAsync",
          "Race",
          "StartSignal",
          "Task",
          "TaskScope");

  private static final List<String> PACKAGES =
      List.of(
          "bridge.",
          "coroutine.",
          "file.",
          "internal.",
          "io.",
          "net.",
          "process.",
          "sync.",
          "system.",
          "testing.",
          "tls.",
          "watch.");

  private Places() {}

  /** The first frame that is not of the library or the JDK; null if there is none. */
  static @Nullable String firstOfUser(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      String type = frame.getClassName();
      if (!isOfJdk(type) && !isOfLibrary(type)) {
        return frame.toString();
      }
    }
    return null;
  }

  static boolean isOfJdk(String type) {
    return type.startsWith("java.") || type.startsWith("jdk.") || type.startsWith("sun.");
  }

  static boolean isOfLibrary(String type) {
    if (!type.startsWith(LIBRARY)) {
      return false;
    }
    String rest = type.substring(LIBRARY.length());
    int nested = rest.indexOf('$');
    return PACKAGES.stream().anyMatch(rest::startsWith)
        || ROOT_CLASSES.contains(nested < 0 ? rest : rest.substring(0, nested));
  }
}
