package dev.goasync.internal.task;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Poller;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Runs work that needs a coroutine, for a caller that may be a plain thread. */
public final class Coroutines {
  /**
   * Work that gets the coroutine that runs it.
   *
   * @param <T> the type of the result
   * @param <X> what it may throw
   */
  public interface Work<T extends @Nullable Object, X extends Exception> {
    /** Does the work; {@code fiber} is the current one. */
    T run(Fiber fiber) throws X;
  }

  /** A named class, not a lambda: {@link StartSite} records its start anew for each caller. */
  private record InFiber<T extends @Nullable Object>(Work<T, ?> work) implements Callable<T> {
    @Override
    public T call() throws Exception {
      return work.run(Objects.requireNonNull(Fiber.current()));
    }
  }

  private Coroutines() {}

  /**
   * Runs the work in the current coroutine. Outside coroutines runs it in a new one, for which the
   * thread waits; an interrupt of the thread cancels the coroutine and waits for its end.
   *
   * @throws X what the work throws
   */
  public static <T extends @Nullable Object, X extends Exception> T in(Work<T, X> work) throws X {
    Fiber current = Fiber.current();
    if (current != null) {
      return work.run(current);
    }
    InFiber<T> body = new InFiber<>(work);
    TaskCore<T> task =
        new TaskCore<>(SharedSecrets.get().currentOrDefaultLoop(), null, StartSite.of(body), body);
    Objects.requireNonNull(task.fiber()).inheritScopedValues(); // the caller outlives the work
    task.launch();
    Object end;
    try {
      end = task.awaitEnd(Poller.FOREVER);
    } catch (CancellationException interrupted) {
      cancelAndWait(task);
      throw interrupted;
    }
    Throwable failure = TaskCore.failureOf(end);
    if (failure == null) {
      return task.valueOf(end);
    }
    AwaitSite.attachTo(failure, task.toString());
    throw Coroutines.<X>asThrown(failure);
  }

  /** Casts what the work threw: X, or unchecked. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X extends Exception> X asThrown(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return (X) failure;
  }

  /** Returns when the coroutine has ended, so that nothing started by the thread is left. */
  private static void cancelAndWait(TaskCore<?> task) {
    boolean interrupted = Thread.interrupted();
    task.requestCancel("the thread that waited was interrupted");
    while (task.end() == null) {
      try {
        Waits.untilEnded(task, Poller.FOREVER);
      } catch (CancellationException again) {
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
