package dev.goasync.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.io.ByteReader;
import dev.goasync.io.ByteWriter;
import dev.goasync.sync.Barrier;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Event;
import dev.goasync.sync.MissedTicks;
import dev.goasync.sync.Mutex;
import dev.goasync.sync.Once;
import dev.goasync.sync.RateLimiter;
import dev.goasync.sync.ReadWriteLock;
import dev.goasync.sync.Select;
import dev.goasync.sync.Semaphore;
import dev.goasync.sync.Ticker;
import dev.goasync.sync.Timer;
import dev.goasync.testing.MemoryStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Calls each public method of the types below with one wrong argument and usable other ones: null
 * where null is not allowed, a negative duration, a huge duration. As in the JDK, null throws
 * NullPointerException, and a negative duration IllegalArgumentException with a message about it. A
 * huge duration is as good as any.
 */
@Timeout(300)
final class GeneratedArgumentsTest {
  private static final Duration HUGE = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

  private final EventLoop loop = EventLoop.start("arguments");
  private final Map<Class<?>, Object> samples = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();
  private int calls;

  @AfterEach
  void closeLoop() {
    loop.closeNow();
  }

  /** Arguments, and receivers of the calls. */
  private void addSamples() {
    MemoryStream stream = MemoryStream.pair(10).first();
    Mutex mutex = new Mutex(loop);
    for (Object each :
        List.of(
            new Barrier(loop, 2),
            Channel.bounded(loop, 3),
            mutex.newCondition(),
            Event.manualReset(loop),
            mutex,
            new Once<>(loop, () -> "value"),
            new RateLimiter(loop, 1, Duration.ofSeconds(1), 1),
            new ReadWriteLock(loop),
            Select.first(),
            new Semaphore(loop, 1, 3),
            Ticker.every(loop, Duration.ofSeconds(1), MissedTicks.SKIP),
            Timer.after(loop, Duration.ofSeconds(1)),
            new ByteReader(_ -> -1),
            new ByteWriter(source -> source.remaining()),
            stream,
            stream.writer())) {
      samples.put(each.getClass(), each);
    }
  }

  private void addArguments() {
    samples.put(EventLoop.class, loop);
    samples.put(Task.class, loop.goAsync(() -> "result"));
    samples.put(Duration.class, Duration.ofMillis(1));
    samples.put(Instant.class, Instant.EPOCH);
    samples.put(String.class, "text");
    samples.put(Charset.class, StandardCharsets.UTF_8);
    samples.put(Throwable.class, new IllegalStateException("sample"));
    samples.put(ByteBuffer.class, ByteBuffer.allocate(1));
    samples.put(ByteBuffer[].class, new ByteBuffer[] {ByteBuffer.allocate(1)});
    samples.put(byte[].class, new byte[1]);
    samples.put(MissedTicks.class, MissedTicks.SKIP);
    samples.put(int.class, 1);
    samples.put(long.class, 1L);
    samples.put(byte.class, (byte) 1);
  }

  @Test
  void wrongArgumentsAreRefusedAsInTheJdk() {
    addSamples();
    List<Object> receivers = List.copyOf(samples.values());
    addArguments();
    for (Object receiver : receivers) {
      Class<?> type = receiver.getClass();
      for (Constructor<?> each : type.getConstructors()) {
        check(each, null);
      }
      for (Method each : type.getMethods()) {
        if (each.getDeclaringClass() == type && !each.isBridge()) {
          check(each, Modifier.isStatic(each.getModifiers()) ? null : receiver);
        }
      }
    }
    for (Method each : GoAsync.class.getMethods()) {
      if (Modifier.isStatic(each.getModifiers())) {
        check(each, null);
      }
    }
    assertThat(wrong).as("%d calls with a wrong argument", calls).isEmpty();
    assertThat(calls).isGreaterThan(100);
  }

  private void check(Executable called, @Nullable Object receiver) {
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
    } catch (java.util.concurrent.ExecutionException failed) {
      Throwable cause = failed.getCause();
      return cause instanceof InvocationTargetException target ? target.getCause() : cause;
    }
  }

  private Object sample(Class<?> type) {
    Object found = samples.get(type);
    if (found != null) {
      return found;
    }
    if (type.isArray()) {
      return java.lang.reflect.Array.newInstance(type.getComponentType(), 0);
    }
    if (type == Iterable.class || type.isAssignableFrom(ArrayList.class)) {
      return new ArrayList<>();
    }
    if (type.isInterface()) {
      return Proxy.newProxyInstance(
          type.getClassLoader(), new Class<?>[] {type}, (_, method, _) -> answer(method));
    }
    throw new AssertionError("a sample of " + type + " is missing; add it");
  }

  private static @Nullable Object answer(Method method) {
    return method.getReturnType() == int.class ? 1 : null;
  }
}
