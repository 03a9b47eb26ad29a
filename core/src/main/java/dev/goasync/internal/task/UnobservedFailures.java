package dev.goasync.internal.task;

import dev.goasync.internal.loop.TimeSource;
import dev.goasync.internal.util.Log;
import dev.goasync.internal.util.LogLimit;
import dev.goasync.internal.util.SharedCleaner;
import dev.goasync.internal.util.WorkerThread;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Logs the failures of tasks that were never awaited or otherwise observed. A failure is certain to
 * stay unobserved only when the task object is unreachable or the program ends, so it is logged
 * then.
 */
final class UnobservedFailures {
  /** Watches the failure of one task until it is observed. */
  interface Watch {
    /** The failure was thrown to a caller or returned to one. */
    void observed();
  }

  static final Watch NOT_WATCHED = () -> {};

  private static final String NEVER_AWAITED = " failed and was never awaited";

  /** A server whose every request fails in a task that nothing awaits must have a readable log. */
  private static final LogLimit LIMIT = new LogLimit(10, TimeUnit.MINUTES.toNanos(1));

  private UnobservedFailures() {}

  /** Created at the first failure. */
  private static final class Holder {
    static final Set<Unobserved> UNOBSERVED = ConcurrentHashMap.newKeySet();

    static {
      Runtime.getRuntime()
          .addShutdownHook(
              new WorkerThread(() -> UNOBSERVED.forEach(Unobserved::print), "goasync-shutdown-"));
    }

    private Holder() {}
  }

  /** Must not refer to the task, which would stay reachable then. */
  private record Unobserved(Throwable failure, String description) implements Runnable, Watch {
    @Override
    public void observed() {
      Holder.UNOBSERVED.remove(this);
    }

    @Override
    public void run() {
      if (Holder.UNOBSERVED.remove(this)) {
        int suppressed = LIMIT.permit(description, TimeSource.SYSTEM.nanoTime());
        if (suppressed >= 0) {
          report(description + NEVER_AWAITED + LogLimit.suffix(suppressed), failure);
        }
      }
    }

    /** Prints to stderr: at the end of the program the logging system may be closed. */
    void print() {
      if (Holder.UNOBSERVED.remove(this)) {
        var text = new StringWriter();
        try {
          failure.printStackTrace(new PrintWriter(text, true));
        } catch (Throwable thrown) {
          text.append(failure.getClass() + ", whose stack trace cannot be printed");
        }
        System.err.print(description + NEVER_AWAITED + "\n" + text);
      }
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** Watches the failure of {@code task} until it is observed. */
  static Watch watch(TaskCore<?> task, Throwable failure, String description) {
    Unobserved unobserved = new Unobserved(failure, description);
    Holder.UNOBSERVED.add(unobserved);
    try {
      SharedCleaner.register(task, unobserved);
    } catch (RuntimeException | Error cannotWatch) {
      unobserved.run();
    }
    return unobserved;
  }

  static void report(String what, Throwable failure) {
    Log.error(what, failure);
  }
}
