package dev.goasync.sync;

/** What a {@link Ticker} does about ticks that were due while nobody was there to take them. */
public enum MissedTicks {
  /** They are left out: the next tick is the next multiple of the period. */
  SKIP,
  /** They are made up for, one right after the other, so that none is lost. */
  BURST,
  /** The next tick comes a period after the late one was taken, and so on from there. */
  DELAY
}
