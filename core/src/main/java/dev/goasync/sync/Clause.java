package dev.goasync.sync;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a {@link Select} waits for. All but {@link #act} is for the home loop, and for one
 * select at a time.
 */
abstract class Clause {
  /** The selection that waits for this case; null while none does. */
  @Nullable Selection selection;

  /** Whether it could happen now. */
  abstract boolean isReady();

  /**
   * It happens now, as it is ready.
   *
   * @return false if it was ready only for a select that was decided elsewhere; ask again then
   */
  abstract boolean happen();

  /** From here on, until {@link #leave}, it tells its selection when it happens. */
  abstract void enter(Selection entered);

  /** Leaves no trace of {@link #enter}. */
  abstract void leave();

  /** The caller's side: does what was asked for in the case that happened. */
  abstract void act();

  /** Whether something outside the home loop may make it happen. */
  boolean isExternal(Selection asker) {
    return false;
  }

  /** What is waited for. */
  abstract String describe();
}
