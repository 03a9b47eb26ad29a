package dev.goasync;

import java.lang.StackWalker.StackFrame;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a task was started: the frame that called into the library.
 *
 * <p>Walking the stack costs more than starting a coroutine. A lambda has a class of its own for
 * each place where it is written, so for lambdas the walk is done once a class; for other classes
 * each time. With {@code -Dgoasync.trace=true} every start records its whole stack.
 */
final class StartPlace {
  private static final boolean TRACE = Boolean.getBoolean("goasync.trace");

  /** The classes through which a caller starts a task. */
  private static final Set<Class<?>> WAYS_IN =
      Set.of(StartPlace.class, GoAsync.class, EventLoop.class, EventLoopGroup.class, Task.class);

  private static final ClassValue<StartPlace> OF_LAMBDA =
      new ClassValue<>() {
        @Override
        protected StartPlace computeValue(Class<?> type) {
          return walk();
        }
      };

  private final @Nullable StackFrame frame;
  private final @Nullable Throwable trace;

  private StartPlace(@Nullable StackFrame frame, @Nullable Throwable trace) {
    this.frame = frame;
    this.trace = trace;
  }

  /** The place that starts {@code body} now. */
  static StartPlace of(Object body) {
    Class<?> type = body.getClass();
    return type.isHidden() && !TRACE ? OF_LAMBDA.get(type) : walk();
  }

  private static StartPlace walk() {
    StackFrame caller =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
            .walk(frames -> frames.filter(StartPlace::isCaller).findFirst().orElse(null));
    return new StartPlace(caller, TRACE ? new Throwable("the task was started here") : null);
  }

  private static boolean isCaller(StackFrame frame) {
    Class<?> type = frame.getDeclaringClass();
    return type != ClassValue.class && !WAYS_IN.contains(type.getNestHost());
  }

  /** The whole stack, if it was recorded. */
  @Nullable Throwable trace() {
    return trace;
  }

  @Override
  public String toString() {
    StackFrame known = frame;
    return known == null ? "an unknown place" : known.toStackTraceElement().toString();
  }
}
