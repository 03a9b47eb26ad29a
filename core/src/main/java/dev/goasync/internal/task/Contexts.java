package dev.goasync.internal.task;

import dev.goasync.internal.util.Log;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Carries context, such as a trace or a logging context, from the caller that starts work to the
 * thread that runs it. With no registered source, {@link #wrap} costs one read of a field. Any
 * thread.
 */
public final class Contexts {
  /** A captured context. */
  @FunctionalInterface
  public interface Captured {
    /** Runs {@code work} once, on the current thread, in the context. */
    void run(Runnable work);
  }

  /** Captures one kind of context. */
  @FunctionalInterface
  public interface Source {
    /** The context of the current thread; null if there is none to carry. */
    @Nullable Captured capture();
  }

  private record Registration(Object key, Source source) {}

  private static final VarHandle REGISTRATIONS;

  static {
    try {
      REGISTRATIONS =
          MethodHandles.lookup()
              .findStaticVarHandle(Contexts.class, "registrations", Registration[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Null if there are none. Replaced under the lock of the class; read without a fence. */
  private static Registration @Nullable [] registrations;

  private Contexts() {}

  /** Registers a source; no effect if {@code key} is registered. */
  public static synchronized void register(Object key, Source source) {
    Registration[] before = registrations;
    if (before == null) {
      REGISTRATIONS.setRelease(new Registration[] {new Registration(key, source)});
    } else if (Arrays.stream(before).noneMatch(each -> each.key == key)) {
      Registration[] after = Arrays.copyOf(before, before.length + 1);
      after[before.length] = new Registration(key, source);
      REGISTRATIONS.setRelease(after);
    }
  }

  /** Removes the source of {@code key}. */
  public static synchronized void unregister(Object key) {
    Registration[] before = registrations;
    if (before != null) {
      Registration[] after =
          Arrays.stream(before).filter(each -> each.key != key).toArray(Registration[]::new);
      REGISTRATIONS.setRelease(after.length == 0 ? null : after);
    }
  }

  /** Captures the current context; returns {@code body} within it. */
  public static <T extends @Nullable Object> Callable<? extends T> wrap(
      Callable<? extends T> body) {
    Registration[] all = (Registration[]) REGISTRATIONS.getAcquire();
    return all == null ? body : Contexts.<T>wrapIn(captureAll(all), body);
  }

  /** Captures the current context; returns {@code work} within it. */
  public static Runnable wrap(Runnable work) {
    Registration[] all = (Registration[]) REGISTRATIONS.getAcquire();
    if (all == null) {
      return work;
    }
    List<Captured> captured = captureAll(all);
    return captured.isEmpty() ? work : () -> runIn(captured, 0, new Once(work));
  }

  private static <T extends @Nullable Object> Callable<? extends T> wrapIn(
      List<Captured> captured, Callable<? extends T> body) {
    return captured.isEmpty() ? body : () -> new Call<T>(body).in(captured);
  }

  private static List<Captured> captureAll(Registration[] all) {
    List<Captured> captured = new ArrayList<>(all.length);
    for (Registration each : all) {
      try {
        Captured context = each.source.capture();
        if (context != null) {
          captured.add(context);
        }
      } catch (Throwable bug) {
        Log.error(() -> "a context could not be captured by " + each.key.getClass(), bug);
      }
    }
    return captured;
  }

  /** Runs {@code work} in the contexts from {@code index} on, also if one of them fails. */
  private static void runIn(List<Captured> captured, int index, Once work) {
    if (index == captured.size()) {
      work.run();
      return;
    }
    try {
      captured.get(index).run(() -> runIn(captured, index + 1, work));
    } catch (Throwable failure) {
      if (failure == work.thrown) {
        throw failure;
      }
      Log.error("a captured context failed", failure);
    }
    if (!work.begun) {
      runIn(captured, index + 1, work);
    }
  }

  /** Work that runs at most once. */
  private static class Once implements Runnable {
    private final Runnable work;
    private boolean begun;
    private @Nullable Throwable thrown;

    Once(Runnable work) {
      this.work = work;
    }

    @Override
    public void run() {
      if (!begun) {
        begun = true;
        try {
          work.run();
        } catch (Throwable failure) {
          thrown = failure;
          throw failure;
        }
      }
    }
  }

  /** One call of a body, whose exception passes the contexts unseen. */
  private static final class Call<T extends @Nullable Object> {
    private final Callable<? extends T> body;
    private @Nullable T value;
    private @Nullable Throwable failure;

    Call(Callable<? extends T> body) {
      this.body = body;
    }

    @SuppressWarnings("NullAway") // T may be null itself
    T in(List<Captured> captured) throws Exception {
      runIn(captured, 0, new Once(this::call));
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure != null) {
        throw (Exception) failure;
      }
      return value;
    }

    private void call() {
      try {
        value = body.call();
      } catch (Throwable thrown) {
        failure = thrown;
      }
    }
  }
}
