package dev.goasync.bench.micro;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Wait;
import org.jspecify.annotations.Nullable;

/** One coroutine waits for a signal of another coroutine on the same loop; reusable. */
final class HandOver extends Wait {
  private @Nullable Fiber waiter;
  private boolean signalled;

  void await(@Nullable Fiber self) {
    if (!signalled && self != null) {
      reset();
      waiter = self;
      self.pause(this);
      waiter = null;
    }
    signalled = false;
  }

  void signal() {
    signalled = true;
    Fiber waiting = waiter;
    if (waiting != null) {
      finish(waiting);
    }
  }

  @Override
  protected void cancel(Fiber fiber) {
    finishCancelled(fiber);
  }

  @Override
  public String describe() {
    return "a hand-over";
  }

  @Override
  public boolean isExternal() {
    return false;
  }
}
