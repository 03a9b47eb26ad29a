package dev.goasync;

import dev.goasync.internal.loop.Fiber;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Runs what needs a coroutine for a caller that may be none. */
final class Coroutines {
  /** Work that is given its coroutine. */
  interface Work<T extends @Nullable Object, X extends Exception> {
    T run(Fiber fiber) throws X;
  }

  /** A class with a name, and no lambda: its start is recorded anew for each caller. */
  private record InFiber<T extends @Nullable Object, X extends Exception>(Work<T, X> work)
      implements Body<T, X> {
    @Override
    public T run() throws X {
      return work.run(Objects.requireNonNull(Fiber.current()));
    }
  }

  private Coroutines() {}

  /**
   * In a coroutine runs the work right there; elsewhere in a new coroutine, for which the thread
   * waits, and which an interrupt of the thread cancels.
   */
  static <T extends @Nullable Object, X extends Exception> T in(Work<T, X> work) throws X {
    Fiber current = Fiber.current();
    if (current != null) {
      return work.run(current);
    }
    Task<T> task = GoAsync.goAsync(new InFiber<>(work));
    try {
      return task.await();
    } catch (TaskFailedException failed) {
      if (task.failure() == failed) { // the work's own
        throw failed;
      }
      AwaitSite.attachTo(failed.getCause(), task.toString());
      throw Coroutines.<X>asThrown(failed);
    } catch (CancellationException interrupted) {
      cancelAndWait(task);
      throw interrupted;
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"}) // X is the work's
  private static <X extends Exception> X asThrown(TaskFailedException failed) {
    return (X) failed.getCause();
  }

  /** Nothing that the thread started goes on when it has left. */
  private static void cancelAndWait(Task<?> task) {
    boolean interrupted = Thread.interrupted();
    task.cancel("the thread that waited was interrupted");
    while (!task.isCompleted()) {
      try {
        Waits.untilEnded(task, dev.goasync.internal.loop.Poller.FOREVER);
      } catch (CancellationException again) {
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
