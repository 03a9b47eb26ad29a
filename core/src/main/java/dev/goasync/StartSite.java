package dev.goasync;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a task was started: the frame that called into the library.
 *
 * <p>Looking at the stack costs more than starting a coroutine. A lambda has a class of its own for
 * each place where it is written, so for lambdas it is done once a class; for other classes each
 * time. The stack is kept as the JVM records it and made readable only for a report. With {@code
 * -Dgoasync.trace=true} every start's whole stack is reported.
 */
final class StartSite {
  private static final boolean TRACE = Boolean.getBoolean("goasync.trace");

  /** The classes through which a caller starts a task. */
  private static final Set<String> WAYS_IN =
      Set.of(
          StartSite.class.getName(),
          GoAsync.class.getName(),
          EventLoop.class.getName(),
          EventLoopGroup.class.getName(),
          Task.class.getName(),
          TaskScope.class.getName(),
          Coroutines.class.getName(),
          ClassValue.class.getName());

  private static final ClassValue<StartSite> OF_LAMBDA =
      new ClassValue<>() {
        @Override
        protected StartSite computeValue(Class<?> type) {
          return new StartSite();
        }
      };

  private final Throwable stack = new Throwable("the task was started here");

  private StartSite() {}

  /** The place that starts {@code body} now. */
  static StartSite of(Object body) {
    Class<?> type = body.getClass();
    return type.isHidden() && !TRACE ? OF_LAMBDA.get(type) : new StartSite();
  }

  private static boolean isCaller(StackTraceElement frame) {
    String name = frame.getClassName();
    int nested = name.indexOf('$');
    return !WAYS_IN.contains(nested < 0 ? name : name.substring(0, nested));
  }

  /** The whole stack, if it was asked for. */
  @Nullable Throwable trace() {
    return TRACE ? stack : null;
  }

  @Override
  public String toString() {
    for (StackTraceElement frame : stack.getStackTrace()) {
      if (isCaller(frame)) {
        return frame.toString();
      }
    }
    return "an unknown place";
  }
}
