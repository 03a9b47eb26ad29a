package dev.goasync.internal.task;

import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;

/** The coroutine behind a thread of {@code EventLoop.threadFactory()}. */
public final class ThreadFiber extends Fiber {
  private final Runnable work;

  /** A coroutine that begins to run when its {@link #thread} is started. */
  public ThreadFiber(Loop loop, Runnable work) {
    super(loop);
    this.work = work;
  }

  @Override
  @SuppressWarnings("CatchingUnchecked")
  protected void execute() {
    try {
      work.run();
    } catch (Throwable uncaught) {
      Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
      if (handler != null) {
        handler.uncaughtException(thread(), uncaught);
      } else {
        uncaughtException(thread(), uncaught);
      }
    }
  }

  @Override
  protected void neverRan(Cancellation cause) {}

  @Override
  public String describe() {
    return "thread \"" + thread().getName() + "\" of " + loop().name();
  }
}
