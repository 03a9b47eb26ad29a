package dev.goasync.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckSettings;
import org.jspecify.annotations.Nullable;

/**
 * A small program of a few threads that Lincheck runs under many interleavings, one after the
 * other. It switches threads at each access to shared memory, park and unpark, and finds a hang as
 * such. It assumes sequential consistency, so what hangs on fences alone is for jcstress; and every
 * park may return for no reason, so what hangs on a call of {@code LockSupport.unpark} alone is for
 * the tests with real threads and for the soak.
 *
 * <p>The checker cannot run virtual threads: a platform thread takes the place of a confined
 * thread's virtual thread; the state machine and the permit of portable mode are the real ones.
 */
public final class Model {
  private static final int INTERLEAVINGS = Integer.getInteger("stress.interleavings", 150);

  /**
   * A loop around a park is switched away from after two rounds, and may go round often enough for
   * all others to have their turns. The defaults, 10 and 50, are for shorter waits; the method that
   * takes them is public in all but name.
   */
  private static final LincheckSettings SETTINGS = new LincheckSettings(false, 2, 200, 50);

  /** The body of a model's thread. */
  public interface Body {
    /** Does it. */
    void run() throws Exception;
  }

  /** Objects stored here are shared for Lincheck. */
  @SuppressWarnings("UnusedVariable")
  private static volatile @Nullable Object shared;

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean failed;

  private Model() {}

  /** Tries the interleavings of the program, whose main thread {@code main} is. */
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
   * Says that threads share {@code object} and all it leads to; needed for everything two threads
   * touch. Lincheck does not follow a lambda into its thread, takes what it holds for one thread's
   * own, and then never switches at it.
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

  /** Starts a thread of the program that was created elsewhere. */
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
