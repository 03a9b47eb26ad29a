package dev.goasync.internal.loop;

/** A fiber that never runs, to finish waits of. */
public final class IdleFiber extends Fiber {
  /** A fiber of {@code loop}. */
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
