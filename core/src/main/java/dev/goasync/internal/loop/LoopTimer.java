package dev.goasync.internal.loop;

/** Something that a loop does at a time. Owned by the loop's thread. */
public abstract class LoopTimer {
  static final int NOT_QUEUED = -1;

  long deadline;
  long sequence;
  int index = NOT_QUEUED;

  /** Does it; runs on the loop's thread, outside any fiber, and must be short. */
  protected abstract void fire();
}
