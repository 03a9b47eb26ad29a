package dev.goasync.internal.vthread;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new thread inherit the scoped values of the thread that creates it, as {@code
 * StructuredTaskScope} does. The JDK offers this to its own scopes only, so it needs full mode. The
 * values are immutable, so a child may outlive the binding.
 */
final class ScopedValues {
  private static final @Nullable MethodHandle CURRENT;
  private static final @Nullable MethodHandle SET;

  static {
    MethodHandle current = null;
    MethodHandle set = null;
    if (SchedulerAccess.isFullMode()) {
      try {
        var find = ScopedValue.class.getDeclaredMethod("scopedValueBindings");
        find.setAccessible(true);
        var field = Thread.class.getDeclaredField("scopedValueBindings");
        field.setAccessible(true);
        var lookup = MethodHandles.lookup();
        current = lookup.unreflect(find).asType(MethodType.methodType(Object.class));
        set = lookup.unreflectSetter(field);
      } catch (ReflectiveOperationException unknownJdk) {
        current = null;
      }
    }
    CURRENT = current;
    SET = set;
  }

  private ScopedValues() {}

  /** Binds the current thread's scoped values in {@code unstarted}. No effect in portable mode. */
  static void inherit(Thread unstarted) {
    MethodHandle current = CURRENT;
    MethodHandle set = SET;
    if (current == null || set == null) {
      return;
    }
    try {
      Object bindings = (Object) current.invokeExact();
      set.invokeExact(unstarted, bindings);
    } catch (Throwable impossible) {
      throw new LinkageError("scoped values cannot be inherited", impossible);
    }
  }
}
