package dev.goasync.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goasync.GoAsync;
import dev.goasync.system.Signal;
import dev.goasync.system.SignalStream;
import dev.goasync.system.Signals;
import dev.goasync.testing.Host;
import dev.goasync.testing.Simulation;
import dev.goasync.testkit.Modes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Signals that a test sends to the program of a simulated host. */
@Timeout(60)
final class SimulatedSignalsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<String> events = new ArrayList<>();

  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  @Test
  void aListenerGetsTheSignalsOfItsHost() throws Exception {
    Simulation.with()
        .seeds(20)
        .run(world -> {
          events.clear();
          Host first = world.host("first", () -> listen("first"));
          Host second = world.host("second", () -> listen("second"));
          GoAsync.sleep(SECOND);
          first.signal(Signal.HUP);
          GoAsync.sleep(SECOND);
          second.signal(Signal.TERM);
          first.signal(Signal.USR1); // without a listener
          GoAsync.sleep(SECOND);
          assertEquals(List.of("first SIGHUP", "second SIGTERM"), events);
        });
  }

  private void listen(String host) {
    try (SignalStream signals = Signals.listen(Signal.HUP, Signal.TERM)) {
      for (Signal signal : signals) {
        events.add(host + " " + signal);
      }
    }
  }

  @Test
  void withoutAListenerTermCancelsTheProgram() throws Exception {
    Simulation.with()
        .run(world -> {
          Host host = world.host("db", () -> sleepForEver());
          GoAsync.sleep(SECOND);
          host.signal(Signal.CHLD);
          GoAsync.sleep(SECOND);
          assertEquals(List.of(), events);
          host.signal(Signal.TERM);
          GoAsync.sleep(SECOND);
          assertEquals(List.of("cancelled"), events);
          host.crash();
          assertThrows(IllegalStateException.class, () -> host.signal(Signal.TERM));
        });
  }

  private void sleepForEver() {
    try {
      GoAsync.sleep(Duration.ofDays(100));
    } catch (CancellationException cancelled) {
      events.add("cancelled");
      throw cancelled;
    }
  }

  @Test
  void aShutdownSendsTermAndTheProgramDecides() throws Exception {
    Simulation.with()
        .run(world -> {
          Host orderly =
              world.host("orderly", () -> events.add("got " + Signals.await(Signal.TERM)));
          Host stubborn = world.host("stubborn", () -> listen("stubborn"));
          GoAsync.sleep(SECOND);
          assertTrue(orderly.shutdown(SECOND));
          assertFalse(stubborn.shutdown(SECOND));
          assertEquals(List.of("got SIGTERM", "stubborn SIGTERM"), events);
        });
  }

  @Test
  void aReservedSignalIsRefusedAsForReal() throws Exception {
    var real = assertThrows(UnsupportedOperationException.class, () -> Signals.listen(Signal.KILL));
    Simulation.with()
        .run(world -> {
          var simulated =
              assertThrows(UnsupportedOperationException.class, () -> Signals.listen(Signal.KILL));
          assertThat(simulated).hasMessage(real.getMessage());
        });
  }
}
