package dev.goasync.testing;

import dev.goasync.GoAsync;
import dev.goasync.internal.simulated.SimulatedHost;
import dev.goasync.internal.util.Durations;
import java.time.Duration;

/** The orderly end of a simulated host's program, with a time limit. */
final class HostShutdown {
  private static final Duration INTERVAL = Duration.ofMillis(1);

  private HostShutdown() {}

  static boolean run(SimulatedHost host, Duration grace) {
    long left = Durations.toNanos(grace, "grace");
    if (!host.isUp()) {
      throw new IllegalStateException(host.name() + " is down");
    }
    if (host.isOfCaller()) {
      throw new IllegalStateException(
          "the caller is a coroutine of " + host.name() + ", whose end it would wait for");
    }
    host.cancelMain();
    while (!host.isIdle() && left > 0) {
      GoAsync.sleep(INTERVAL);
      left -= INTERVAL.toNanos();
    }
    boolean inTime = host.isIdle();
    host.powerOff(inTime);
    return inTime;
  }
}
