package dev.goasync.internal.loop;

import java.util.concurrent.locks.LockSupport;

/** The poller of a loop that has done no I/O yet: its thread parks. */
final class ParkingPoller implements Poller {
  private final Thread owner;

  ParkingPoller(Thread owner) {
    this.owner = owner;
  }

  /** Clears an interrupt meanwhile, since every park would return at once and the loop spin. */
  @Override
  public void poll(long timeoutNanos) {
    boolean interrupted = timeoutNanos > 0 && Thread.interrupted();
    park(timeoutNanos);
    if (interrupted) {
      Thread.currentThread().interrupt(); // of the owner, or of a pinned fiber on the owner
    }
  }

  private void park(long timeoutNanos) {
    if (timeoutNanos == FOREVER) {
      LockSupport.park(this);
    } else if (timeoutNanos > 0) {
      LockSupport.parkNanos(this, timeoutNanos);
    }
  }

  @Override
  public void wakeup() {
    LockSupport.unpark(owner);
  }

  @Override
  public int inFlight() {
    return 0;
  }

  @Override
  public void close() {}
}
