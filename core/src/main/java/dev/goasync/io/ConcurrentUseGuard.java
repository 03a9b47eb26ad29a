package dev.goasync.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Detects concurrent use: {@link #enter} throws if another caller is inside, in place of waiting.
 */
final class ConcurrentUseGuard {
  private static final VarHandle HOLDER;

  static {
    try {
      HOLDER =
          MethodHandles.lookup().findVarHandle(ConcurrentUseGuard.class, "holder", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String activity;
  private volatile @Nullable Thread holder;

  /**
   * @param activity what callers do inside, such as "reading", for the message
   */
  ConcurrentUseGuard(String activity) {
    this.activity = activity;
  }

  /** Enters; throws if another caller is inside. */
  void enter() {
    Thread current = Thread.currentThread();
    if (!HOLDER.compareAndSet(this, null, current)) {
      throw new IllegalStateException(
          "two callers are "
              + activity
              + " at once: "
              + current
              + " while "
              + holder
              + " has not finished; use one caller at a time, or a Mutex");
    }
  }

  /** Enters if no caller is inside; returns whether it did. */
  boolean tryEnter() {
    return HOLDER.compareAndSet(this, null, Thread.currentThread());
  }

  /** Leaves. Another thread than the one that entered can call it. */
  void exit() {
    holder = null;
  }
}
