package dev.goasync.internal.task;

import dev.goasync.internal.loop.Cancellation;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.util.Log;

/** The coroutine behind a thread of {@code EventLoop.threadFactory()}. */
public final class ThreadFiber extends Fiber {
  private final Runnable work;
  private final boolean daemon;

  /** A coroutine that begins to run when its {@link #thread} is started. */
  public ThreadFiber(Loop loop, Runnable work) {
    super(loop);
    this.work = work;
    this.daemon = false;
  }

  /**
   * A coroutine whose thread has a name.
   *
   * @param daemon whether the loop may end before the coroutine
   */
  public ThreadFiber(Loop loop, Runnable work, String name, boolean daemon) {
    super(loop);
    this.work = work;
    this.daemon = daemon;
    thread().setName(name);
  }

  @Override
  @SuppressWarnings("CatchingUnchecked")
  protected void execute() {
    if (daemon) {
      loop().addDaemons(1);
    }
    try {
      work.run();
    } catch (Throwable uncaught) {
      if (!isOwnEnd(uncaught)) {
        dispatch(uncaught);
      }
    } finally {
      if (daemon) {
        loop().addDaemons(-1);
      }
    }
  }

  /** Whether a daemon ends because its loop does. */
  private boolean isOwnEnd(Throwable uncaught) {
    return daemon && uncaught instanceof Cancellation cancellation && cancellation.isOf(this);
  }

  /** Calls the handler that the JDK would call; without one, logs. */
  private void dispatch(Throwable uncaught) {
    Thread.UncaughtExceptionHandler handler = thread().getUncaughtExceptionHandler();
    if (handler instanceof ThreadGroup) { // none was set
      handler = Thread.getDefaultUncaughtExceptionHandler();
    }
    if (handler == null) {
      Log.error(() -> "an exception left " + describe(), uncaught);
      return;
    }
    try {
      handler.uncaughtException(thread(), uncaught);
    } catch (Throwable ignored) {
      // as the JDK does
    }
  }

  @Override
  protected void neverRan(Cancellation cause) {}

  @Override
  public String describe() {
    return "thread \"" + thread().getName() + "\" of " + loop().name();
  }
}
