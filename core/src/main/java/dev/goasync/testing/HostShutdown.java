package dev.goasync.testing;

import dev.goasync.GoAsync;
import dev.goasync.internal.simulated.SimulatedHost;
import dev.goasync.internal.util.Durations;
import dev.goasync.system.Signal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** The orderly end of a simulated host's program, with a time limit. */
final class HostShutdown {
  private static final Duration INTERVAL = Duration.ofMillis(1);

  private static final Set<Signal> TERMINATING = EnumSet.of(Signal.INT, Signal.TERM, Signal.HUP);

  private HostShutdown() {}

  /** Delivers a signal, or does what it does to a program without a listener. */
  static void signal(SimulatedHost host, Signal signal) {
    if (!host.isUp()) {
      throw new IllegalStateException(host.name() + " is down");
    }
    if (!host.deliver(signal.number()) && TERMINATING.contains(signal)) {
      host.cancelMain();
    }
  }

  static boolean run(SimulatedHost host, Duration grace) {
    long left = Durations.toNanos(grace, "grace");
    if (!host.isUp()) {
      throw new IllegalStateException(host.name() + " is down");
    }
    if (host.isOfCaller()) {
      throw new IllegalStateException(
          "the caller is a coroutine of " + host.name() + ", whose end it would wait for");
    }
    signal(host, Signal.TERM);
    while (!host.isIdle() && left > 0) {
      GoAsync.sleep(INTERVAL);
      left -= INTERVAL.toNanos();
    }
    boolean inTime = host.isIdle();
    host.powerOff(inTime);
    return inTime;
  }
}
