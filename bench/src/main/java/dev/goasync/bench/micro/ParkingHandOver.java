package dev.goasync.bench.micro;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One thread waits for a signal of another thread with the JDK's park. */
final class ParkingHandOver {
  private volatile @Nullable Thread waiter;
  private volatile boolean signalled;

  void await(Thread self) {
    waiter = self;
    while (!signalled) {
      LockSupport.park();
    }
    signalled = false;
  }

  void signal() {
    signalled = true;
    LockSupport.unpark(waiter);
  }
}
