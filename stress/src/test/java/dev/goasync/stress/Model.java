package dev.goasync.stress;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.Lincheck;

/**
 * A small program of a few threads that Lincheck runs under many interleavings, one after the
 * other. It switches threads at each access to shared memory, park and unpark; it assumes
 * sequential consistency, so what hangs on fences alone is jcstress's. A hang is found as such.
 *
 * <p>Virtual threads are beyond it: where a strand is wanted, a platform thread stands in for its
 * thread, and the state machine and the baton of portable mode are the real ones.
 */
public final class Model {
  private static final int INTERLEAVINGS = Integer.getInteger("stress.interleavings", 150);

  /** What a thread of a model does. */
  public interface Body {
    /** Does it. */
    void run() throws Exception;
  }

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean failed;

  private Model() {}

  /** Tries the interleavings of the program, whose main thread {@code main} is. */
  public static void check(java.util.function.Consumer<Model> main) {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Model model = new Model();
          main.accept(model);
          model.join();
        });
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

  /** Has a thread of the program that was made elsewhere started. */
  public void started(Thread thread) {
    threads.add(thread);
    thread.start();
  }

  /** Waits for the other threads. */
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
