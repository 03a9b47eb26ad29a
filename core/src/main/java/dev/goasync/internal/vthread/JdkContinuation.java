package dev.goasync.internal.vthread;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Access to the JDK's continuations, {@code jdk.internal.vm.Continuation}. Available if that
 * package is exported to this module and {@code java.lang} is open to it (for the scoped values,
 * which belong to the frames but are stored in the thread).
 */
final class JdkContinuation {
  private static final MethodType NEW_TYPE = MethodType.methodType(Object.class, Runnable.class);
  private static final MethodType RUN_TYPE = MethodType.methodType(void.class, Object.class);
  private static final MethodType YIELD_TYPE = MethodType.methodType(boolean.class);
  private static final MethodType GET_TYPE = MethodType.methodType(Object.class);

  private static final MethodHandle NEW;
  private static final MethodHandle RUN;
  private static final MethodHandle YIELD;
  private static final MethodHandle CURRENT;
  private static final MethodHandle GET_BINDINGS;
  private static final MethodHandle SET_BINDINGS;
  private static final boolean AVAILABLE;
  private static final String EXPLANATION;

  static {
    // Placeholders that are never called, for the case that access fails.
    MethodHandle create = MethodHandles.empty(NEW_TYPE);
    MethodHandle run = MethodHandles.empty(RUN_TYPE);
    MethodHandle yield = MethodHandles.empty(YIELD_TYPE);
    MethodHandle current = MethodHandles.empty(GET_TYPE);
    MethodHandle getBindings = MethodHandles.empty(GET_TYPE);
    MethodHandle setBindings = MethodHandles.empty(RUN_TYPE);
    boolean available = false;
    String explanation = "jdk.internal.vm is exported to goasync";
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      Class<?> continuation = Class.forName("jdk.internal.vm.Continuation");
      Class<?> scopeType = Class.forName("jdk.internal.vm.ContinuationScope");
      Object scope =
          lookup
              .findConstructor(scopeType, MethodType.methodType(void.class, String.class))
              .invoke("goasync");
      create =
          lookup
              .findConstructor(
                  continuation, MethodType.methodType(void.class, scopeType, Runnable.class))
              .bindTo(scope)
              .asType(NEW_TYPE);
      run =
          lookup
              .findVirtual(continuation, "run", MethodType.methodType(void.class))
              .asType(RUN_TYPE);
      yield =
          lookup
              .findStatic(continuation, "yield", MethodType.methodType(boolean.class, scopeType))
              .bindTo(scope)
              .asType(YIELD_TYPE);
      current =
          lookup
              .findStatic(
                  continuation,
                  "getCurrentContinuation",
                  MethodType.methodType(continuation, scopeType))
              .bindTo(scope)
              .asType(GET_TYPE);
      var getter = Thread.class.getDeclaredMethod("scopedValueBindings");
      var setter = Thread.class.getDeclaredMethod("setScopedValueBindings", Object.class);
      getter.setAccessible(true);
      setter.setAccessible(true);
      getBindings = lookup.unreflect(getter);
      setBindings = lookup.unreflect(setter);
      available = true;
    } catch (Throwable noAccess) {
      explanation = "jdk.internal.vm is not exported or java.lang not open to goasync: " + noAccess;
    }
    NEW = create;
    RUN = run;
    YIELD = yield;
    CURRENT = current;
    GET_BINDINGS = getBindings;
    SET_BINDINGS = setBindings;
    AVAILABLE = available;
    EXPLANATION = explanation;
  }

  private JdkContinuation() {}

  static boolean isAvailable() {
    return AVAILABLE;
  }

  /** The reason for the value of {@link #isAvailable}. */
  static String explanation() {
    return EXPLANATION;
  }

  static Object create(Runnable body) {
    try {
      return NEW.invokeExact(body);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  static void run(Object continuation) {
    try {
      Object outer = GET_BINDINGS.invokeExact();
      try {
        RUN.invokeExact(continuation);
      } finally {
        SET_BINDINGS.invokeExact(outer);
      }
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /**
   * Suspends the innermost continuation of this library.
   *
   * @throws IllegalStateException if it is pinned
   */
  static void yieldNow() {
    try {
      Object inner = GET_BINDINGS.invokeExact();
      var _ = (boolean) YIELD.invokeExact();
      SET_BINDINGS.invokeExact(inner);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** The innermost continuation of this library that the current thread runs, or null. */
  static @Nullable Object current() {
    try {
      return CURRENT.invokeExact();
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  private static RuntimeException unchecked(Throwable thrown) {
    if (thrown instanceof RuntimeException unchecked) {
      return unchecked;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a continuation threw a checked exception", thrown);
  }
}
