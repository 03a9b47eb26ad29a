package dev.goasync.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** Who is inside a stretch that only one may be in; the second is told, not made to wait. */
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

  private final String doing;
  private volatile @Nullable Thread holder;

  ConcurrentUseGuard(String doing) {
    this.doing = doing;
  }

  void begin() {
    Thread current = Thread.currentThread();
    if (!HOLDER.compareAndSet(this, null, current)) {
      throw new IllegalStateException(
          "two are " + doing + " at once: " + current + " while " + holder + " has not finished");
    }
  }

  /** Begins if nobody is inside. */
  boolean tryBegin() {
    return HOLDER.compareAndSet(this, null, Thread.currentThread());
  }

  /** Ends it; whoever began. */
  void end() {
    holder = null;
  }
}
