package dev.goasync.internal.vthread;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Whether virtual threads can be given a scheduler of ours, decided once for the process.
 *
 * <p>JDK 25 has such a constructor, but not in its public interface, so the package {@code
 * java.lang} must be opened to us: by {@code --add-opens}, by an executable jar's manifest, or by
 * our own jar as an agent ({@link SchedulerAgent}). When a later JDK offers a public way, it goes
 * here.
 */
public final class SchedulerAccess {
  /** Set to {@code true}, makes the library behave as if the door were shut. */
  public static final String PORTABLE_PROPERTY = "goasync.portable";

  private static final @Nullable Constructor<?> NEW_BUILDER;
  private static final String EXPLANATION;

  static {
    Constructor<?> newBuilder = null;
    String explanation;
    if (Boolean.getBoolean(PORTABLE_PROPERTY)) {
      explanation = "portable mode, as asked for by -D" + PORTABLE_PROPERTY + "=true";
    } else {
      try {
        newBuilder = findBuilderConstructor();
        explanation =
            SchedulerAgent.hasOpened()
                ? "full mode, java.lang opened by -javaagent"
                : "full mode, java.lang opened by --add-opens or the manifest";
      } catch (InaccessibleObjectException shut) {
        explanation =
            "portable mode, slower: java.lang is not open to goasync; for the full mode add"
                + " --add-opens java.base/java.lang="
                + (SchedulerAccess.class.getModule().isNamed() ? "dev.goasync" : "ALL-UNNAMED")
                + " or -javaagent:goasync.jar";
      } catch (ReflectiveOperationException unknownJdk) {
        explanation =
            "portable mode, slower: this JDK has no custom scheduler (" + unknownJdk + ")";
      }
    }
    NEW_BUILDER = newBuilder;
    EXPLANATION = explanation;
  }

  /** What only adopted threads and coroutines by hand need; kept apart for the start's sake. */
  private static final class Schedulers {
    static final @Nullable MethodHandle OF;
    static final Executor JDK;

    static {
      MethodHandle of = null;
      Executor jdk = null;
      if (isFullMode()) {
        try {
          of = findScheduler();
          jdk = findJdkScheduler();
        } catch (ReflectiveOperationException unknownJdk) {
          of = null;
        }
      }
      OF = of;
      JDK = of == null || jdk == null ? task -> Thread.ofVirtual().start(task) : jdk;
    }

    private Schedulers() {}

    private static MethodHandle findScheduler() throws ReflectiveOperationException {
      var field = Class.forName("java.lang.VirtualThread").getDeclaredField("scheduler");
      field.setAccessible(true);
      return MethodHandles.lookup()
          .unreflectGetter(field)
          .asType(MethodType.methodType(Executor.class, Thread.class));
    }

    private static Executor findJdkScheduler() throws ReflectiveOperationException {
      var field = Class.forName("java.lang.VirtualThread").getDeclaredField("DEFAULT_SCHEDULER");
      field.setAccessible(true);
      return (Executor) field.get(null);
    }
  }

  private SchedulerAccess() {}

  private static Constructor<?> findBuilderConstructor() throws ReflectiveOperationException {
    var constructor =
        Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
            .getDeclaredConstructor(Executor.class);
    constructor.setAccessible(true);
    return constructor;
  }

  /** Whether virtual threads can be given our scheduler. */
  public static boolean isFullMode() {
    return NEW_BUILDER != null;
  }

  /** Which mode is in force and why, in one line. */
  public static String explanation() {
    return EXPLANATION;
  }

  /**
   * A builder of virtual threads whose continuations are given to {@code scheduler}; ordinary
   * virtual threads where the door is shut.
   */
  public static Thread.Builder.OfVirtual builder(Executor scheduler) {
    Constructor<?> newBuilder = NEW_BUILDER;
    if (newBuilder == null) {
      return Thread.ofVirtual();
    }
    try {
      return (Thread.Builder.OfVirtual) newBuilder.newInstance(scheduler);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("the virtual thread builder refused a scheduler", impossible);
    }
  }

  /**
   * Where the JDK runs virtual threads that nobody gave a scheduler; a stand-in that starts new
   * ones where the door is shut.
   */
  static Executor jdkScheduler() {
    return Schedulers.JDK;
  }

  /** The scheduler of a virtual thread, or null where the door is shut. */
  public static @Nullable Executor schedulerOf(Thread virtualThread) {
    MethodHandle schedulerOf = Schedulers.OF;
    if (schedulerOf == null) {
      return null;
    }
    try {
      return (Executor) schedulerOf.invokeExact(virtualThread);
    } catch (ClassCastException notScheduledByTheJdk) {
      return null;
    } catch (Throwable impossible) {
      throw new LinkageError("a virtual thread hid its scheduler", impossible);
    }
  }
}
