package dev.goasync.internal.loop;

/**
 * Decides how long an idle loop without timers sleeps. The package {@code internal.deadlock}
 * implements it, to find deadlocks and the end of the program meanwhile.
 */
public interface IdleStrategy {
  /** Sleeps until there is work; finds nothing. */
  IdleStrategy SLEEP =
      new IdleStrategy() {
        @Override
        public long nextWakeup(Loop loop) {
          return Poller.FOREVER;
        }

        @Override
        public void waiterAdded(Loop loop) {}
      };

  /**
   * Called by the loop's thread when the loop has no ready task and no timer.
   *
   * @return for how many nanoseconds the loop may sleep before the next call; {@link
   *     Poller#FOREVER} for no limit
   */
  long nextWakeup(Loop loop);

  /** A thread begins to wait for work of the loop. Any thread. */
  void waiterAdded(Loop loop);
}
