package dev.goasync.internal.loop;

/** A fiber that never runs; stress tests finish its waits. */
public final class IdleFiber extends Fiber {
  /** Creates a fiber of {@code loop}. */
  public IdleFiber(Loop loop) {
    super(loop);
  }

  @Override
  protected void execute() {}

  @Override
  protected void neverRan(Cancellation cause) {}

  @Override
  public String describe() {
    return "an idle fiber";
  }
}
