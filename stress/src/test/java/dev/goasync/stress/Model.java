package dev.goasync.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckSettings;
import org.jspecify.annotations.Nullable;

/**
 * A small program of a few threads that Lincheck runs under many interleavings, one after another.
 * Lincheck switches threads at each access to shared memory, park and unpark, and reports a hang.
 * It assumes sequential consistency, so it does not find a missing fence; jcstress does. Every park
 * may return spuriously, so it does not find a missing call of {@code LockSupport.unpark}; tests
 * with real threads and the soak do.
 *
 * <p>Lincheck cannot run virtual threads: a platform thread takes the place of a confined thread's
 * virtual thread; the state machine and the run permit of portable mode are the real ones.
 */
public final class Model {
  private static final int INTERLEAVINGS = Integer.getInteger("stress.interleavings", 150);

  /**
   * Lincheck switches away from a loop around a park after two rounds, and allows enough rounds for
   * all threads to run. The defaults, 10 and 50, are for shorter waits. The method that takes these
   * settings is internal in Kotlin, but public in bytecode.
   */
  private static final LincheckSettings SETTINGS = new LincheckSettings(false, 2, 200, 50);

  /** The body of a thread of a model. */
  public interface Body {
    /** Runs the body. */
    void run() throws Exception;
  }

  /** Lincheck treats an object that is stored here as shared. */
  @SuppressWarnings("UnusedVariable")
  private static volatile @Nullable Object shared;

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean failed;

  private Model() {}

  /** Runs the interleavings of a program; {@code main} is its main thread. */
  public static void check(Consumer<Model> main) {
    Lincheck.runConcurrentTestInternal$lincheck(
        INTERLEAVINGS,
        SETTINGS,
        () -> {
          Model model = share(new Model());
          main.accept(model);
          model.join();
        });
  }

  /**
   * Marks {@code object} and everything it references as shared. A model must mark every object
   * that two threads use: Lincheck does not look into the lambda of a thread, takes captured
   * objects for thread-local, and never switches threads at an access to them.
   */
  public static <T> T share(T object) {
    shared = object;
    return object;
  }

  /** Starts another thread of the program. */
  public Thread start(Body body) {
    Thread thread =
        new Thread(() -> {
          try {
            body.run();
          } catch (Throwable thrown) {
            failed = true;
            throw new AssertionError(thrown);
          }
        });
    started(thread);
    return thread;
  }

  /** Starts a thread that the caller created, as a thread of the program. */
  public void started(Thread thread) {
    threads.add(thread);
    thread.start();
  }

  /** Waits for the threads that the program started. */
  public void join() {
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    threads.clear();
    require(!failed, "a thread failed");
  }

  /** Fails the interleaving unless {@code condition} holds. */
  public static void require(boolean condition, String rule) {
    if (!condition) {
      throw new AssertionError(rule);
    }
  }
}
