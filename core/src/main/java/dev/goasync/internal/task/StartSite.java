package dev.goasync.internal.task;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The place in the caller's code where a task was started, for reports.
 *
 * <p>Walking the stack costs more than starting a coroutine. A lambda expression has its own class
 * for each place in the source, so a lambda's stack is recorded once per class; the stack of any
 * other body is recorded at each start. The JVM's raw record is kept and becomes readable only for
 * a report. With {@code -Dgoasync.trace=true} each start is recorded, and failures carry the whole
 * stack of the start.
 */
public final class StartSite {
  private static final boolean TRACE = Boolean.getBoolean("goasync.trace");

  private static final String MACHINERY = StartSite.class.getPackageName() + ".";

  /** The public classes that start tasks. Their frames, and the machinery's, are skipped. */
  private static final Set<String> ENTRY_POINTS =
      Set.of(
          "dev.goasync.CancelScope",
          "dev.goasync.GoAsync",
          "dev.goasync.EventLoop",
          "dev.goasync.EventLoopGroup",
          "dev.goasync.StartSignal",
          "dev.goasync.Task",
          "dev.goasync.TaskScope",
          ClassValue.class.getName());

  private static final ClassValue<StartSite> OF_LAMBDA =
      new ClassValue<>() {
        @Override
        protected StartSite computeValue(Class<?> type) {
          return new StartSite(type);
        }
      };

  private final Class<?> bodyType;

  private final Throwable stack = new Throwable("the task was started here");

  private StartSite(Class<?> bodyType) {
    this.bodyType = bodyType;
  }

  /** The current call stack as the start of {@code body}. */
  public static StartSite of(Object body) {
    Class<?> type = body.getClass();
    return type.isHidden() && !TRACE ? OF_LAMBDA.get(type) : new StartSite(type);
  }

  /** Equal for starts with bodies of one class: for a lambda expression, from one place. */
  Object groupKey() {
    return bodyType;
  }

  private static boolean isCaller(StackTraceElement frame) {
    String name = frame.getClassName();
    if (name.startsWith(MACHINERY)) {
      return false;
    }
    int nested = name.indexOf('$');
    return !ENTRY_POINTS.contains(nested < 0 ? name : name.substring(0, nested));
  }

  /** The whole stack if {@code goasync.trace} is set, else null. */
  @Nullable Throwable trace() {
    return TRACE ? stack : null;
  }

  /** The first frame outside the library, such as {@code app.Main.main(Main.java:12)}. */
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
