package dev.goasync.internal.loop;

/** A wait of a fiber for a time. */
final class Sleep extends Wait {
  private final Fiber fiber;
  private final LoopTimer timer =
      new LoopTimer() {
        @Override
        protected void fire() {
          finish(fiber);
        }
      };

  Sleep(Fiber fiber, long deadline) {
    this.fiber = fiber;
    fiber.loop().addTimer(timer, deadline);
  }

  @Override
  protected void cancel(Fiber cancelled) {
    if (fiber.loop().cancelTimer(timer)) {
      finishCancelled(fiber);
    }
  }

  @Override
  public String describe() {
    return "a timer";
  }

  @Override
  public WaitDetails details() {
    long left = Math.max(0, timer.deadline - fiber.loop().time().nanoTime());
    return WaitDetails.of(describe()).withNanosLeft(left);
  }

  @Override
  public boolean isExternal() {
    return false;
  }

  @Override
  public boolean needsOtherFibers() {
    return false;
  }
}
