package dev.goasync.internal.vthread;

import dev.goasync.internal.util.WorkerThread;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Code of the user that the JVM runs on an event from outside, on a thread that does not exist
 * before: shutdown hooks and signal handlers. The JDK lists neither publicly, so this is known in
 * full mode only.
 */
public final class JvmCallbacks {
  /** The class by which programs install signal handlers. */
  private static final String SIGNAL = "sun.misc.Signal";

  private static final @Nullable Field HOOKS = findHooks();
  private static final @Nullable Method FIND_LOADED_CLASS = findLoadedClassMethod();

  private JvmCallbacks() {}

  /**
   * Whether the program has a shutdown hook, or has used the class that installs signal handlers.
   * False in portable mode. Hooks of the JDK and of this library do not count.
   */
  public static boolean areRegistered() {
    return isSignalClassLoaded() || hasShutdownHook();
  }

  private static boolean hasShutdownHook() {
    Field field = HOOKS;
    if (field == null) {
      return false;
    }
    try {
      synchronized (field.getDeclaringClass()) { // as the JDK does
        if (field.get(null) instanceof Map<?, ?> hooks) {
          return hooks.keySet().stream().anyMatch(JvmCallbacks::isOfUser);
        }
        return true; // the shutdown is under way
      }
    } catch (ReflectiveOperationException unknownJdk) {
      return false;
    }
  }

  private static boolean isOfUser(Object hook) {
    return !(hook instanceof WorkerThread)
        && (hook.getClass() == Thread.class
            || hook.getClass().getClassLoader() != Thread.class.getClassLoader());
  }

  /** The JVM records a class with each loader whose classes have linked to it. */
  private static boolean isSignalClassLoaded() {
    Method find = FIND_LOADED_CLASS;
    if (find == null) {
      return false;
    }
    try {
      return find.invoke(ClassLoader.getSystemClassLoader(), SIGNAL) != null;
    } catch (ReflectiveOperationException unknownJdk) {
      return false;
    }
  }

  private static @Nullable Field findHooks() {
    if (SchedulerAccess.isFullMode()) {
      try {
        Field hooks = Class.forName("java.lang.ApplicationShutdownHooks").getDeclaredField("hooks");
        hooks.setAccessible(true);
        return hooks;
      } catch (ReflectiveOperationException unknownJdk) {
        return null;
      }
    }
    return null;
  }

  private static @Nullable Method findLoadedClassMethod() {
    if (SchedulerAccess.isFullMode()) {
      try {
        Method find = ClassLoader.class.getDeclaredMethod("findLoadedClass", String.class);
        find.setAccessible(true);
        return find;
      } catch (ReflectiveOperationException unknownJdk) {
        return null;
      }
    }
    return null;
  }
}
