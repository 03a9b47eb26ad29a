package dev.goasync.internal.loop;

import dev.goasync.internal.util.WorkerThread;

/**
 * Preloads the classes of coroutines: runs one empty fiber on a temporary loop, on a thread that
 * then ends, while the caller's thread links the system calls. Shortens a program's start by about
 * a sixth if there is a second core ({@code startup} in {@code bench/}).
 */
public final class StartupWarmup {
  private StartupWarmup() {}

  /** Starts the warm-up in the background, unless there is only one core. */
  public static void begin() {
    if (Runtime.getRuntime().availableProcessors() > 1) {
      try {
        new WorkerThread(StartupWarmup::runOneFiber, "goasync-warmup-").start();
      } catch (OutOfMemoryError noThread) {
        // The limit of threads is reached. The first coroutine loads the classes.
      }
    }
  }

  private static void runOneFiber() {
    Loop loop =
        Loop.onCurrentThread(
            TimeSource.SYSTEM,
            _ -> {
              throw new AssertionError("the warm-up does no I/O");
            });
    loop.startFiber(new WarmupFiber(loop));
    loop.close(null);
  }

  private static final class WarmupFiber extends Fiber {
    WarmupFiber(Loop loop) {
      super(loop);
    }

    @Override
    protected void execute() {
      sleep(1);
    }

    @Override
    protected void neverRan(Cancellation cause) {}

    @Override
    public String describe() {
      return "the warm-up";
    }
  }
}
