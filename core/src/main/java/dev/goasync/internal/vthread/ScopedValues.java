package dev.goasync.internal.vthread;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Hands a thread's scoped values on to one that it is about to start, as {@code
 * StructuredTaskScope} does. The JDK offers that to its own scopes only, so the door must be open.
 * The values are immutable, so it does no harm if the child outlives the binding.
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

  /** Binds in {@code unstarted} what is bound in the current thread; nothing if that can't be. */
  static void handOn(Thread unstarted) {
    MethodHandle current = CURRENT;
    MethodHandle set = SET;
    if (current == null || set == null) {
      return;
    }
    try {
      Object bindings = (Object) current.invokeExact();
      set.invokeExact(unstarted, bindings);
    } catch (Throwable impossible) {
      throw new LinkageError("scoped values could not be handed on", impossible);
    }
  }
}
