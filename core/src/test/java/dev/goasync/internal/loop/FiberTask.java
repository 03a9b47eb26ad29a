package dev.goasync.internal.loop;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A future of work that a test runs in a fiber of a loop. */
public final class FiberTask extends FutureTask<Void> {
  /** The work. */
  public interface Body {
    void run() throws Exception;
  }

  private final TestFiber fiber;

  private FiberTask(Loop loop, Body body) {
    super(() -> {
      body.run();
      return null;
    });
    fiber = new TestFiber(loop, "test fiber", this);
  }

  /** Starts the work in a fiber. */
  public static FiberTask start(Loop loop, Body body) {
    FiberTask task = new FiberTask(loop, body);
    loop.startFiber(task.fiber);
    return task;
  }

  /** Runs the work in a fiber and waits for its end; throws what it threw. */
  public static void run(Loop loop, Body body) throws Exception {
    try {
      start(loop, body).get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception cause ? cause : failed;
    }
  }

  /** Cancels the fiber; does not interrupt the work otherwise. */
  public void cancelFiber(String reason) {
    fiber.cancel(reason);
  }
}
