package dev.goasync.internal.vthread;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The ways to a virtual thread with a scheduler of its own, in the order in which they are tried.
 * None is public, and a later JDK may lack one; JDK 25 to 28 have them all.
 */
enum SchedulerWay {
  /** The constructor of the builder that takes the scheduler. */
  BUILDER_CONSTRUCTOR("ThreadBuilders$VirtualThreadBuilder(Executor)"),

  /** The method that the builder calls. */
  FACTORY_METHOD("ThreadBuilders.newVirtualThread"),

  /** The constructor of the thread. */
  THREAD_CONSTRUCTOR("VirtualThread(Executor, String, int, Runnable)"),

  /** The field of the builder, set after its creation. */
  BUILDER_FIELD("ThreadBuilders$VirtualThreadBuilder.scheduler");

  /** System property for tests: the ways not to try, separated by commas. */
  static final String WITHOUT_PROPERTY = "goasync.schedulerWays.without";

  private static final String BUILDER = "java.lang.ThreadBuilders$VirtualThreadBuilder";

  private final String member;

  SchedulerWay(String member) {
    this.member = member;
  }

  /** The name of the JDK's member, for the description of the mode. */
  String member() {
    return member;
  }

  /**
   * Returns the first way that this JDK has.
   *
   * @throws ReflectiveOperationException if it has none
   * @throws java.lang.reflect.InaccessibleObjectException if {@code java.lang} is not open
   */
  static SchedulerWay first() throws ReflectiveOperationException {
    List<String> without = List.of(System.getProperty(WITHOUT_PROPERTY, "").split(","));
    ReflectiveOperationException missing = null;
    for (SchedulerWay way : values()) {
      if (!without.contains(way.name())) {
        try {
          way.find();
          return way;
        } catch (ReflectiveOperationException notInThisJdk) {
          missing = missing == null ? notInThisJdk : missing;
        }
      }
    }
    throw missing == null
        ? new NoSuchMethodException("all are excluded by " + WITHOUT_PROPERTY)
        : missing;
  }

  /**
   * Finds the member and makes it accessible.
   *
   * @throws ReflectiveOperationException if this JDK does not have it
   */
  Member find() throws ReflectiveOperationException {
    if (this == BUILDER_CONSTRUCTOR) {
      return opened(Class.forName(BUILDER).getDeclaredConstructor(Executor.class));
    }
    if (this == BUILDER_FIELD) {
      return opened(Class.forName(BUILDER).getDeclaredField("scheduler"));
    }
    Class<?>[] types = {Executor.class, String.class, int.class, Runnable.class};
    return this == FACTORY_METHOD
        ? opened(
            Class.forName("java.lang.ThreadBuilders").getDeclaredMethod("newVirtualThread", types))
        : opened(Class.forName("java.lang.VirtualThread").getDeclaredConstructor(types));
  }

  private static <M extends AccessibleObject & Member> M opened(M member) {
    member.setAccessible(true);
    return member;
  }

  /**
   * Returns the handle of the member: from a scheduler to a builder, from a scheduler, a name,
   * flags and a body to a thread, or the setter of the builder's field.
   */
  MethodHandle handle() throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    Member member = find(); // no switch over types: its first use costs a start some 20 ms
    if (member instanceof Field field) {
      return lookup
          .unreflectSetter(field)
          .asType(
              MethodType.methodType(void.class, Thread.Builder.OfVirtual.class, Executor.class));
    }
    if (member instanceof Method method) {
      return lookup.unreflect(method);
    }
    MethodHandle constructor = lookup.unreflectConstructor((Constructor<?>) member);
    Class<?> made = this == BUILDER_CONSTRUCTOR ? Thread.Builder.OfVirtual.class : Thread.class;
    return constructor.asType(constructor.type().changeReturnType(made));
  }
}
