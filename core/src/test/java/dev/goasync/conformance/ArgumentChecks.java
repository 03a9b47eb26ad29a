package dev.goasync.conformance;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls public methods with one wrong argument and usable other ones: null where null is not
 * allowed, a negative duration, a huge duration. As in the JDK, null throws NullPointerException,
 * and a negative duration an IllegalArgumentException with that word. A huge duration is as good as
 * any.
 */
final class ArgumentChecks {
  private static final Duration HUGE = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

  private final Map<Class<?>, Object> samples = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();
  private final Set<String> excluded;
  private int calls;

  /** Creates checks that leave out methods, given as {@code Class.method}. */
  ArgumentChecks(String... excluded) {
    this.excluded = Set.of(excluded);
  }

  /** Uses {@code value} for arguments of the type. */
  <T> void addSample(Class<T> type, T value) {
    samples.put(type, value);
  }

  /** What the calls did that the JDK's classes do not; empty if all is right. */
  List<String> wrong() {
    return wrong;
  }

  /** The number of calls so far. */
  int calls() {
    return calls;
  }

  /** Calls the constructors and the static methods of {@code type}. */
  void checkType(Class<?> type) {
    for (Constructor<?> each : type.getConstructors()) {
      check(each, null);
    }
    for (Method each : type.getDeclaredMethods()) {
      if (Modifier.isStatic(each.getModifiers()) && Modifier.isPublic(each.getModifiers())) {
        check(each, null);
      }
    }
  }

  /** Calls the methods of {@code receiver} that its class and our superclasses declare. */
  void checkMethods(Object receiver) {
    for (Method each : methodsInOrder(receiver.getClass())) {
      if (!Modifier.isStatic(each.getModifiers())
          && !each.isBridge()
          && each.getDeclaringClass().getName().startsWith("dev.goasync.")
          && Modifier.isPublic(each.getDeclaringClass().getModifiers())) {
        check(each, receiver);
      }
    }
  }

  /** Those that close the receiver come last. */
  private static List<Method> methodsInOrder(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .sorted(Comparator.comparing(method -> method.getName().contains("Close")))
        .toList();
  }

  private void check(Executable called, @Nullable Object receiver) {
    String name = called.getDeclaringClass().getSimpleName() + "." + called.getName();
    if (excluded.contains(name)) {
      return;
    }
    Class<?>[] types = called.getParameterTypes();
    for (int i = 0; i < types.length; i++) {
      boolean nullable = called.getAnnotatedParameterTypes()[i].isAnnotationPresent(Nullable.class);
      if (!types[i].isPrimitive() && !nullable) {
        Throwable thrown = call(called, receiver, i, null);
        if (!(thrown instanceof NullPointerException)) {
          report(called, i, "null", thrown);
        }
      }
      if (types[i] == Duration.class) {
        Throwable thrown = call(called, receiver, i, Duration.ofSeconds(-1));
        if (!(thrown instanceof IllegalArgumentException)
            || !String.valueOf(thrown.getMessage()).contains("negative")) {
          report(called, i, "a negative duration", thrown);
        }
        thrown = call(called, receiver, i, HUGE);
        if (thrown instanceof ArithmeticException) {
          report(called, i, "a huge duration", thrown);
        }
      }
    }
  }

  private void report(Executable called, int index, String argument, @Nullable Throwable thrown) {
    wrong.add(called + ", argument " + index + " is " + argument + ": " + thrown);
  }

  /** Returns what the call throws; null if it returns or waits. */
  private @Nullable Throwable call(
      Executable called, @Nullable Object receiver, int wrongIndex, @Nullable Object wrongValue) {
    calls++;
    @Nullable Object[] arguments = new @Nullable Object[called.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = i == wrongIndex ? wrongValue : sample(called.getParameterTypes()[i]);
    }
    Callable<@Nullable Object> body =
        () ->
            called instanceof Method method
                ? method.invoke(receiver, arguments)
                : ((Constructor<?>) called).newInstance(arguments);
    FutureTask<@Nullable Object> task = new FutureTask<>(body);
    Thread.ofVirtual().start(task);
    try {
      task.get(wrongValue == HUGE ? 50 : 5000, TimeUnit.MILLISECONDS);
      return null;
    } catch (TimeoutException waits) {
      task.cancel(true);
      return null;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause();
      return cause instanceof InvocationTargetException target ? target.getCause() : cause;
    }
  }

  private @Nullable Object sample(Class<?> type) {
    Object found = samples.get(type);
    if (found != null) {
      return found;
    }
    if (type.isArray()) {
      return Array.newInstance(type.getComponentType(), 0);
    }
    if (type == Iterable.class || type.isAssignableFrom(ArrayList.class)) {
      return new ArrayList<>();
    }
    if (type.isInterface()) {
      return Proxy.newProxyInstance(
          type.getClassLoader(), new Class<?>[] {type}, (_, method, _) -> answer(method));
    }
    String missing = "a sample of " + type + " is missing; add it";
    if (!wrong.contains(missing)) {
      wrong.add(missing);
    }
    return null;
  }

  private static @Nullable Object answer(Method method) {
    return method.getReturnType() == int.class ? 1 : null;
  }
}
