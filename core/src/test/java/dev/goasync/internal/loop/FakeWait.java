package dev.goasync.internal.loop;

/** A wait that the test finishes, with a chosen reaction to a cancel. */
public final class FakeWait extends Wait {
  public enum OnCancel {
    ENDS,
    CONTINUES
  }

  private final String what;
  private final OnCancel onCancel;
  private final Fiber fiber;
  boolean external;
  int cancels;

  public FakeWait(Fiber fiber, String what, OnCancel onCancel) {
    this.fiber = fiber;
    this.what = what;
    this.onCancel = onCancel;
  }

  public void complete() {
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
