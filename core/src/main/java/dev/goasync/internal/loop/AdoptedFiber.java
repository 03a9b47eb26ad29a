package dev.goasync.internal.loop;

/**
 * A virtual thread that the JDK confined to a loop because it was started inside one of its fibers
 * ({@link Thread#startVirtualThread}). It pauses like a fiber; nobody awaits it, so it does not
 * keep the loop alive.
 */
final class AdoptedFiber extends Fiber {
  private final Thread.UncaughtExceptionHandler before;

  AdoptedFiber(Loop loop, Thread confined) {
    this(loop, confined, confined.getUncaughtExceptionHandler());
  }

  private AdoptedFiber(Loop loop, Thread confined, Thread.UncaughtExceptionHandler before) {
    super(loop, confined);
    this.before = before;
  }

  @Override
  protected void execute() {
    throw new AssertionError("an adopted thread runs already");
  }

  @Override
  protected void neverRan(Cancellation cause) {
    throw new AssertionError("an adopted thread runs already");
  }

  @Override
  public String describe() {
    return "virtual thread " + thread().threadId() + " \"" + thread().getName() + "\"";
  }

  @Override
  public void uncaughtException(Thread thread, Throwable error) {
    before.uncaughtException(thread, error);
  }
}
