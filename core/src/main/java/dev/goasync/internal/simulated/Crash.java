package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;

/** The wait of a coroutine that has crashed its own host: nothing ends it. */
final class Crash extends Wait {
  private Crash() {}

  /** Returns unless the caller is a coroutine of the crashed program, or of a child of it. */
  static void endCaller(HostRun crashed) {
    Fiber fiber = Fiber.currentIncludingSync();
    HostRun caller = HostRun.of(fiber);
    if (fiber != null && caller != null && (caller == crashed || caller.boot == crashed)) {
      fiber.pause(new Crash());
    }
  }

  @Override
  protected void cancel(Fiber fiber) {
    // the coroutine does not run any more
  }

  @Override
  public String describe() {
    return "nothing, since its host has crashed";
  }

  @Override
  public boolean isExternal() {
    return true;
  }
}
