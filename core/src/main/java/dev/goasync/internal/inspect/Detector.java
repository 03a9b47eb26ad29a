package dev.goasync.internal.inspect;

import dev.goasync.internal.loop.Loop;

/** Looks for one kind of fault, at an interval, on the thread of {@link Watch}. */
interface Detector {
  /** The time between two samples. */
  long intervalNanos();

  /** Looks at the loops. Used by one thread. */
  void sample(Iterable<Loop> loops, long now);
}
