package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;

/** The wait of a coroutine for a simulated disk. A cancel does not end it, as on a real disk. */
final class DiskWait extends Wait {
  private final Object what;

  private DiskWait(Object what) {
    this.what = what;
  }

  /**
   * Pauses a fiber, the current one.
   *
   * @param what the operation, as the end of a sentence that begins with "waits for"
   */
  static void pause(SimulatedWorld world, Fiber fiber, long nanos, Object what) {
    DiskWait wait = new DiskWait(what);
    world.schedule(nanos, () -> wait.finish(fiber));
    fiber.pause(wait);
  }

  @Override
  protected void cancel(Fiber cancelled) {
    // the operation has begun
  }

  @Override
  public String describe() {
    return what.toString();
  }

  @Override
  public boolean isExternal() {
    return true;
  }
}
