package dev.goasync.internal.loop;

/**
 * Runs one empty fiber on a loop of its own, on a thread that then ends, so that the JVM loads what
 * coroutines need while the caller's thread is busy linking to the system. A program's start gets
 * shorter by about a sixth where there is a second core ({@code startup} in {@code bench/}).
 */
public final class StartupWarmup {
  private StartupWarmup() {}

  /** Starts it in the background, unless there is but one core. */
  public static void begin() {
    if (Runtime.getRuntime().availableProcessors() > 1) {
      new Thread(null, null, "goasync-rehearsal", 0, false) {
        {
          setDaemon(true);
        }

        @Override
        public void run() {
          perform();
        }
      }.start();
    }
  }

  private static void perform() {
    Loop loop =
        Loop.onCurrentThread(
            TimeSource.SYSTEM,
            _ -> {
              throw new AssertionError("a rehearsal does no I/O");
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
      return "a rehearsal";
    }
  }
}
