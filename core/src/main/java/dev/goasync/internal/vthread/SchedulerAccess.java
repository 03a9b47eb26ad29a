package dev.goasync.internal.vthread;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reflective access to the scheduler of virtual threads, which decides between full and portable
 * mode once for the process.
 *
 * <p>JDK 25 has several ways to give a virtual thread a scheduler ({@link SchedulerWay}), but none
 * in its public interface, so the package {@code java.lang} must be opened to this module: by
 * {@code --add-opens}, by the manifest of an executable jar, or by the library's jar as an agent
 * ({@link SchedulerAgent}). A public way of a later JDK would be used here.
 */
public final class SchedulerAccess {
  /** System property: {@code true} selects portable mode even if full mode is possible. */
  public static final String PORTABLE_PROPERTY = "goasync.portable";

  private static final @Nullable SchedulerWay WAY;
  private static final @Nullable Field SCHEDULER;
  private static final String EXPLANATION;

  static {
    SchedulerWay way = null;
    Field scheduler = null;
    String explanation;
    if (Boolean.getBoolean(PORTABLE_PROPERTY)) {
      explanation = "portable mode, as requested by -D" + PORTABLE_PROPERTY + "=true";
    } else {
      try {
        SchedulerAgent.askAgentOfSystemLoader();
        scheduler = findField("scheduler");
        way = SchedulerWay.first();
        explanation =
            (SchedulerAgent.hasOpened()
                    ? "full mode, java.lang opened by the agent of goasync"
                    : "full mode, java.lang opened by --add-opens or the manifest")
                + (way == SchedulerWay.BUILDER_CONSTRUCTOR ? "" : ", by " + way.member());
      } catch (InaccessibleObjectException notOpen) {
        explanation =
            "portable mode, slower: java.lang is not open to goasync; for the full mode add"
                + " --add-opens java.base/java.lang="
                + (SchedulerAccess.class.getModule().isNamed() ? "dev.goasync" : "ALL-UNNAMED")
                + " or -javaagent:goasync.jar";
      } catch (ReflectiveOperationException unknownJdk) {
        explanation =
            "portable mode, slower: this JDK has no custom scheduler that goasync knows ("
                + unknownJdk
                + "); look for a newer version of goasync";
      }
    }
    WAY = way;
    SCHEDULER = scheduler;
    EXPLANATION = explanation;
  }

  /** A class of its own, so that a program that uses no coroutine does not pay for the look-up. */
  private static final class Schedulers {
    /** The handle of {@link SchedulerWay}. A constant, so that no builder is allocated. */
    static final @Nullable MethodHandle NEW;

    static final @Nullable MethodHandle OF;
    static final Executor JDK;

    static {
      MethodHandle newThread = null;
      MethodHandle of = null;
      Executor jdk = task -> Thread.ofVirtual().start(task);
      SchedulerWay way = WAY;
      Field scheduler = SCHEDULER;
      if (way != null && scheduler != null) {
        try {
          newThread = way.handle();
          of =
              MethodHandles.lookup()
                  .unreflectGetter(scheduler)
                  .asType(MethodType.methodType(Executor.class, Thread.class));
          jdk = (Executor) findField("DEFAULT_SCHEDULER").get(null);
        } catch (ReflectiveOperationException unknownJdk) {
          throw new LinkageError("virtual threads with a scheduler cannot be created", unknownJdk);
        }
      }
      NEW = newThread;
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

  /** Whether virtual threads run on schedulers of this library; otherwise in portable mode. */
  public static boolean isFullMode() {
    return WAY != null;
  }

  /** The mode and the reason for it, in one line. */
  public static String explanation() {
    return EXPLANATION;
  }

  /**
   * Makes a virtual thread whose continuations are given to {@code scheduler}; in portable mode an
   * ordinary virtual thread. It is not started.
   */
  public static Thread newThread(Executor scheduler, Runnable body) {
    MethodHandle handle = Schedulers.NEW;
    if (handle == null) {
      return Thread.ofVirtual().unstarted(body);
    }
    try {
      if (WAY == SchedulerWay.BUILDER_CONSTRUCTOR) {
        return ((Thread.Builder.OfVirtual) handle.invokeExact(scheduler)).unstarted(body);
      }
      if (WAY == SchedulerWay.BUILDER_FIELD) {
        Thread.Builder.OfVirtual builder = Thread.ofVirtual();
        handle.invokeExact(builder, scheduler);
        return builder.unstarted(body);
      }
      return (Thread) handle.invokeExact(scheduler, (String) null, 0, body);
    } catch (RuntimeException | Error failed) {
      throw failed;
    } catch (Throwable impossible) {
      throw new LinkageError("the JDK refused a virtual thread with a scheduler", impossible);
    }
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
