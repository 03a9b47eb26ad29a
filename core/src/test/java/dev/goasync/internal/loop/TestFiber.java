package dev.goasync.internal.loop;

import org.jspecify.annotations.Nullable;

/** A fiber that runs work of a test and records how it ended. */
public final class TestFiber extends Fiber {
  private final String name;
  private final Runnable work;
  public volatile boolean ended;
  public volatile @Nullable Cancellation neverRan;
  public volatile @Nullable Throwable failure;
  public volatile @Nullable Throwable abandonedBecause;

  public TestFiber(Loop loop, String name, Runnable work) {
    super(loop);
    this.name = name;
    this.work = work;
  }

  public static TestFiber start(Loop loop, Runnable work) {
    return start(loop, "fiber", work);
  }

  public static TestFiber start(Loop loop, String name, Runnable work) {
    TestFiber fiber = new TestFiber(loop, name, work);
    loop.startFiber(fiber);
    return fiber;
  }

  /** The current fiber. */
  public static Fiber me() {
    Fiber me = Fiber.current();
    if (me == null) {
      throw new AssertionError("not in a fiber");
    }
    return me;
  }

  @Override
  protected void execute() {
    try {
      work.run();
    } catch (Throwable thrown) {
      failure = thrown;
    }
    ended = true;
  }

  @Override
  protected void neverRan(Cancellation cause) {
    neverRan = cause;
  }

  @Override
  protected void abandoned(Throwable cause) {
    abandonedBecause = cause;
  }

  @Override
  public String describe() {
    return name;
  }
}
