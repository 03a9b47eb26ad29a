package dev.goasync.bench.micro;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The JDK's continuation without a thread, the lower bound of a generator's step. */
@State(Scope.Thread)
@OperationsPerInvocation(Micro.OPERATIONS)
public class BareContinuation {
  private static final String INTERNAL = "jdk.internal.vm.";
  private static final Object SCOPE;
  private static final MethodHandle NEW;
  private static final MethodHandle RUN;
  private static final MethodHandle YIELD;

  static {
    try {
      var lookup = MethodHandles.lookup();
      Class<?> scope = Class.forName(INTERNAL + "ContinuationScope");
      Class<?> continuation = Class.forName(INTERNAL + "Continuation");
      SCOPE = scope.getConstructor(String.class).newInstance("bench");
      NEW =
          lookup
              .findConstructor(
                  continuation, MethodType.methodType(void.class, scope, Runnable.class))
              .asType(MethodType.methodType(Object.class, Object.class, Runnable.class));
      RUN =
          lookup
              .findVirtual(continuation, "run", MethodType.methodType(void.class))
              .asType(MethodType.methodType(void.class, Object.class));
      YIELD =
          lookup
              .findStatic(continuation, "yield", MethodType.methodType(boolean.class, scope))
              .asType(MethodType.methodType(boolean.class, Object.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private int element;

  /** Yields and continues once for each element. */
  @Benchmark
  public int generatorStep() throws Throwable {
    Object numbers =
        (Object)
            NEW.invokeExact(
                SCOPE,
                (Runnable)
                    () -> {
                      for (int i = 0; i < Micro.OPERATIONS; i++) {
                        element = i;
                        suspend();
                      }
                    });
    int sum = 0;
    for (int i = 0; i < Micro.OPERATIONS; i++) {
      RUN.invokeExact(numbers);
      sum += element;
    }
    return sum;
  }

  private static void suspend() {
    try {
      boolean yielded = (boolean) YIELD.invokeExact(SCOPE);
      if (!yielded) {
        throw new IllegalStateException("pinned");
      }
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
