package dev.goasync.sync;

/** What a {@link Ticker} does with ticks that were due while no caller took them. */
public enum MissedTicks {
  /** Skips them: the next tick is the next multiple of the period. */
  SKIP,
  /** Delivers them one right after the previous one, so that none is lost. */
  BURST,
  /** Shifts the schedule: the next tick comes one period after the late tick was taken. */
  DELAY
}
