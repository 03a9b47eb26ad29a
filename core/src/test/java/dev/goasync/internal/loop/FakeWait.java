package dev.goasync.internal.loop;

/** A wait that a test ends, and whose answer to a cancel it chooses. */
final class FakeWait extends Wait {
  enum OnCancel {
    ENDS,
    GOES_ON
  }

  private final String what;
  private final OnCancel onCancel;
  private final Fiber fiber;
  boolean external;
  int cancels;

  FakeWait(Fiber fiber, String what, OnCancel onCancel) {
    this.fiber = fiber;
    this.what = what;
    this.onCancel = onCancel;
  }

  void complete() {
    finish(fiber);
  }

  void completeCancelled() {
    finishCancelled(fiber);
  }

  @Override
  protected void cancel(Fiber cancelled) {
    cancels++;
    if (onCancel == OnCancel.ENDS) {
      finishCancelled(cancelled);
    }
  }

  @Override
  public String describe() {
    return what;
  }

  @Override
  public boolean isExternal() {
    return external;
  }
}
