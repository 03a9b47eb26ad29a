package dev.goasync;

import dev.goasync.internal.util.Log;
import dev.goasync.internal.util.WorkerThread;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ref.Cleaner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reports the failures of tasks that nobody asked about. Whether somebody still will is known for
 * sure only when the task object has been dropped, or the program ends; so that is when.
 */
final class UnobservedFailures {
  /** The failure of one task, until somebody has seen it. */
  interface Watch {
    /** Somebody has seen it. */
    void observed();
  }

  static final Watch NOT_WATCHED = () -> {};

  private static final String NOBODY_AWAITED = " failed, and nobody awaited it";

  private UnobservedFailures() {}

  /** What only the first failure needs. */
  private static final class Holder {
    static final Cleaner CLEANER =
        Cleaner.create(work -> new WorkerThread(work, "goasync-cleaner-"));
    static final Set<Unseen> UNSEEN = ConcurrentHashMap.newKeySet();

    static {
      Runtime.getRuntime()
          .addShutdownHook(
              new WorkerThread(() -> UNSEEN.forEach(Unseen::print), "goasync-shutdown-"));
    }

    private Holder() {}
  }

  /** Must not refer to the task, which could never be dropped then. */
  private record Unseen(Throwable failure, String description) implements Runnable, Watch {
    @Override
    public void observed() {
      Holder.UNSEEN.remove(this);
    }

    @Override
    public void run() {
      if (Holder.UNSEEN.remove(this)) {
        report(description + NOBODY_AWAITED, failure);
      }
    }

    /** At the end of the program, when the logging system may have closed already. */
    void print() {
      if (Holder.UNSEEN.remove(this)) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        System.err.print(description + NOBODY_AWAITED + "\n" + text);
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

  /** Watches {@code task} until its failure has been seen. */
  static Watch watch(
      Task<?> task, Throwable failure, String description, @Nullable StartSite place) {
    Unseen unseen = new Unseen(failure, description);
    Holder.UNSEEN.add(unseen);
    try {
      Holder.CLEANER.register(task, unseen);
    } catch (RuntimeException | Error cannotWatch) {
      unseen.run();
    }
    return unseen;
  }

  static void report(String what, Throwable failure) {
    Log.error(what, failure);
  }
}
