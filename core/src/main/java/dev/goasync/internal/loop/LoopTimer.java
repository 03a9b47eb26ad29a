package dev.goasync.internal.loop;

/** An action that a loop runs at a time. Owned by the loop's thread. */
public abstract class LoopTimer {
  static final int NOT_QUEUED = -1;

  long deadline;
  long sequence;
  int index = NOT_QUEUED;

  /** The action. Called by the loop's thread, outside any fiber; must be short. */
  protected abstract void fire();

  final boolean isQueued() {
    return index != NOT_QUEUED;
  }
}
