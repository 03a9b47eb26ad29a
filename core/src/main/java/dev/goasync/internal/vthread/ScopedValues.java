package dev.goasync.internal.vthread;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new thread inherit the scoped values of the thread that creates it, as {@code
 * StructuredTaskScope} does. The JDK offers this to its own scopes only, so it needs full mode. The
 * values are immutable, so a child may outlive the binding.
 */
public final class ScopedValues {
  private static final @Nullable MethodHandle CURRENT;
  private static final @Nullable MethodHandle SET;
  private static final @Nullable MethodHandle CLEAR_CACHE;
  private static final @Nullable MethodHandle SET_CURRENT;

  static {
    MethodHandle current = null;
    MethodHandle set = null;
    MethodHandle setCurrent = null;
    MethodHandle clearCache = null;
    if (SchedulerAccess.isFullMode()) {
      try {
        var find = ScopedValue.class.getDeclaredMethod("scopedValueBindings");
        find.setAccessible(true);
        var field = Thread.class.getDeclaredField("scopedValueBindings");
        field.setAccessible(true);
        var lookup = MethodHandles.lookup();
        current = lookup.unreflect(find).asType(MethodType.methodType(Object.class));
        set = lookup.unreflectSetter(field);
        var setOwn = Thread.class.getDeclaredMethod("setScopedValueBindings", Object.class);
        setOwn.setAccessible(true);
        setCurrent = lookup.unreflect(setOwn);
        var setCache = Thread.class.getDeclaredMethod("setScopedValueCache", Object[].class);
        setCache.setAccessible(true);
        clearCache = MethodHandles.insertArguments(lookup.unreflect(setCache), 0, (Object) null);
      } catch (ReflectiveOperationException unknownJdk) {
        current = null;
      }
    }
    CURRENT = current;
    SET = set;
    SET_CURRENT = setCurrent;
    CLEAR_CACHE = clearCache;
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

  /** The bindings of the current thread; null in portable mode. */
  public static @Nullable Object current() {
    MethodHandle current = CURRENT;
    try {
      return current == null ? null : (Object) current.invokeExact();
    } catch (Throwable impossible) {
      throw new LinkageError("scoped values cannot be read", impossible);
    }
  }

  /**
   * Calls {@code body} with bindings of another thread, on a thread without bindings of its own.
   *
   * @param bindings from {@link #current}; null for none
   */
  public static <T extends @Nullable Object> T call(
      @Nullable Object bindings, Callable<? extends T> body) throws Exception {
    if (bindings == null) {
      return body.call();
    }
    Object before = current();
    replace(bindings);
    try {
      return body.call();
    } finally {
      replace(before);
    }
  }

  /** The JDK caches the values that a thread has found, so the cache is cleared as well. */
  private static void replace(@Nullable Object bindings) {
    MethodHandle setCurrent = SET_CURRENT;
    MethodHandle clearCache = CLEAR_CACHE;
    if (setCurrent == null || clearCache == null) {
      return;
    }
    try {
      setCurrent.invokeExact(bindings);
      clearCache.invokeExact();
    } catch (Throwable impossible) {
      throw new LinkageError("scoped values cannot be set", impossible);
    }
  }
}
