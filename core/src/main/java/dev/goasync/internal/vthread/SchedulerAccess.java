package dev.goasync.internal.vthread;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reflective access to the scheduler of virtual threads, which decides between full and portable
 * mode once for the process.
 *
 * <p>JDK 25 has a constructor that takes a scheduler, but not in its public interface, so the
 * package {@code java.lang} must be opened to this module: by {@code --add-opens}, by the manifest
 * of an executable jar, or by the library's jar as an agent ({@link SchedulerAgent}). A public way
 * of a later JDK would be used here.
 */
public final class SchedulerAccess {
  /** System property: {@code true} selects portable mode even if full mode is possible. */
  public static final String PORTABLE_PROPERTY = "goasync.portable";

  private static final @Nullable Constructor<?> NEW_BUILDER;
  private static final @Nullable Field SCHEDULER;
  private static final String EXPLANATION;

  static {
    Constructor<?> newBuilder = null;
    Field scheduler = null;
    String explanation;
    if (Boolean.getBoolean(PORTABLE_PROPERTY)) {
      explanation = "portable mode, as requested by -D" + PORTABLE_PROPERTY + "=true";
    } else {
      try {
        SchedulerAgent.askAgentOfSystemLoader();
        scheduler = findField("scheduler");
        newBuilder = findBuilderConstructor();
        explanation =
            SchedulerAgent.hasOpened()
                ? "full mode, java.lang opened by -javaagent"
                : "full mode, java.lang opened by --add-opens or the manifest";
      } catch (InaccessibleObjectException notOpen) {
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
    SCHEDULER = scheduler;
    EXPLANATION = explanation;
  }

  /** A class of its own, so that a program that uses no coroutine does not pay for the look-up. */
  private static final class Schedulers {
    /** Creates a builder for an executor. A constant, so that the builder is never allocated. */
    static final @Nullable MethodHandle NEW_BUILDER;

    static final @Nullable MethodHandle OF;
    static final Executor JDK;

    static {
      MethodHandle newBuilder = null;
      MethodHandle of = null;
      Executor jdk = task -> Thread.ofVirtual().start(task);
      Constructor<?> constructor = SchedulerAccess.NEW_BUILDER;
      Field scheduler = SCHEDULER;
      if (constructor != null && scheduler != null) {
        try {
          newBuilder =
              MethodHandles.lookup()
                  .unreflectConstructor(constructor)
                  .asType(MethodType.methodType(Thread.Builder.OfVirtual.class, Executor.class));
          of =
              MethodHandles.lookup()
                  .unreflectGetter(scheduler)
                  .asType(MethodType.methodType(Executor.class, Thread.class));
          jdk = (Executor) findField("DEFAULT_SCHEDULER").get(null);
        } catch (ReflectiveOperationException unknownJdk) {
          throw new LinkageError("virtual threads with a scheduler cannot be created", unknownJdk);
        }
      }
      NEW_BUILDER = newBuilder;
      OF = of;
      JDK = jdk;
    }

    private Schedulers() {}
  }

  private SchedulerAccess() {}

  private static Field findField(String name) throws ReflectiveOperationException {
    Field field = Class.forName("java.lang.VirtualThread").getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  private static Constructor<?> findBuilderConstructor() throws ReflectiveOperationException {
    var constructor =
        Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
            .getDeclaredConstructor(Executor.class);
    constructor.setAccessible(true);
    return constructor;
  }

  /** Whether virtual threads run on schedulers of this library; otherwise in portable mode. */
  public static boolean isFullMode() {
    return NEW_BUILDER != null;
  }

  /** The mode and the reason for it, in one line. */
  public static String explanation() {
    return EXPLANATION;
  }

  /**
   * A builder of virtual threads whose continuations are given to {@code scheduler}; in portable
   * mode a builder of ordinary virtual threads.
   */
  public static Thread.Builder.OfVirtual builder(Executor scheduler) {
    MethodHandle newBuilder = Schedulers.NEW_BUILDER;
    if (newBuilder == null) {
      return Thread.ofVirtual();
    }
    try {
      return (Thread.Builder.OfVirtual) newBuilder.invokeExact(scheduler);
    } catch (Throwable impossible) {
      throw new LinkageError("the virtual thread builder refused a scheduler", impossible);
    }
  }

  /** A virtual thread of {@link #builder}, not started. */
  static Thread newThread(Executor scheduler, Runnable body) {
    return builder(scheduler).unstarted(body);
  }

  /**
   * The JDK's default scheduler of virtual threads; in portable mode a substitute that runs each
   * task on a new virtual thread.
   */
  static Executor jdkScheduler() {
    return Schedulers.JDK;
  }

  /** The scheduler of a virtual thread; null in portable mode. */
  static @Nullable Executor schedulerOf(Thread virtualThread) {
    MethodHandle schedulerOf = Schedulers.OF;
    if (schedulerOf == null) {
      return null;
    }
    try {
      return (Executor) schedulerOf.invokeExact(virtualThread);
    } catch (ClassCastException boundToPlatformThread) {
      return null;
    } catch (Throwable impossible) {
      throw new LinkageError("the scheduler of a virtual thread cannot be read", impossible);
    }
  }
}
