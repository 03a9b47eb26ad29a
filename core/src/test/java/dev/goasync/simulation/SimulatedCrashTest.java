package dev.goasync.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.Server;
import dev.goasync.sync.Event;
import dev.goasync.testing.Host;
import dev.goasync.testing.Simulation;
import dev.goasync.testkit.Modes;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Crash, restart and shutdown of simulated hosts. */
@Timeout(120)
final class SimulatedCrashTest {
  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  private static final Duration LONG = Duration.ofHours(10);

  /** An object of many bytes, so that a leak is noticed. */
  private static final class Ballast {
    private final byte[] bytes = new byte[100_000];

    int size() {
      return bytes.length;
    }
  }

  @Test
  void noFinallyBlockRunsAfterACrash() throws Exception {
    List<String> events = new ArrayList<>();
    Simulation.with()
        .seeds(20)
        .run(world -> {
          Host host =
              world.host(
                  "db",
                  () -> {
                    try (EventLoop other = EventLoop.start("other")) {
                      other.goAsync(() -> {
                        try {
                          GoAsync.sleep(LONG);
                        } finally {
                          events.add("finally of another loop");
                        }
                      });
                      try {
                        Event.manualReset().await();
                      } finally {
                        events.add("finally");
                      }
                    }
                  });
          GoAsync.sleep(Duration.ofSeconds(1));
          host.crash();
          assertFalse(host.isUp());
          GoAsync.sleep(Duration.ofSeconds(1));
        });
    assertEquals(List.of(), events);
  }

  @Test
  void aRestartRunsTheProgramFromTheBeginning() throws Exception {
    List<Duration> starts = new ArrayList<>();
    Simulation.with()
        .run(world -> {
          Host host =
              world.host(
                  "db",
                  () -> {
                    starts.add(world.elapsed());
                    GoAsync.sleep(LONG);
                  });
          GoAsync.sleep(Duration.ofSeconds(1));
          host.crash();
          GoAsync.sleep(Duration.ofSeconds(1));
          host.restart();
          GoAsync.sleep(Duration.ofSeconds(1));
          assertThrows(IllegalStateException.class, host::restart);
        });
    assertEquals(List.of(Duration.ZERO, Duration.ofSeconds(2)), starts);
  }

  @Test
  void aHostThatCrashesItselfDoesNotContinue() throws Exception {
    List<String> events = new ArrayList<>();
    Simulation.with()
        .run(world -> {
          Host host =
              world.host(
                  "db",
                  self -> {
                    self.crash();
                    events.add("after the crash");
                  });
          GoAsync.sleep(Duration.ofSeconds(1));
          assertFalse(host.isUp());
          assertThrows(IllegalStateException.class, host::crash);
        });
    assertEquals(List.of(), events);
  }

  @Test
  void thePeerOfACrashedHostGetsAResetAfterTheRestart() throws Exception {
    Simulation.with()
        .seeds(20)
        .run(world -> {
          Host host = world.host("db", () -> serve());
          GoAsync.sleep(Duration.ofSeconds(1));
          try (AsyncSocket socket = AsyncSocket.connect("db", 7)) {
            host.crash();
            Task<?> reader =
                GoAsync.goAsync(() ->
                    assertThat(
                            assertThrows(
                                SocketException.class, () -> socket.read(ByteBuffer.allocate(1))))
                        .hasMessageContaining("Connection reset"));
            GoAsync.sleep(Duration.ofMinutes(1));
            assertFalse(reader.isCompleted()); // a silent peer is not a dead one
            socket.writeAll("x");
            GoAsync.sleep(Duration.ofMinutes(1));
            assertFalse(reader.isCompleted());
            host.restart();
            reader.await();
          }
        });
  }

  private static void serve() throws IOException {
    try (Server _ = Server.listen(7, connection -> connection.readAll())) {
      GoAsync.sleep(LONG);
    }
  }

  @Test
  void aConnectToADownHostSucceedsOnceItIsUp() throws Exception {
    Simulation.with()
        .run(world -> {
          Host host = world.host("db", () -> serve());
          GoAsync.sleep(Duration.ofSeconds(1));
          host.crash();
          Task<?> connecting =
              GoAsync.goAsync(() -> {
                AsyncSocket.connect("db", 7).close();
              });
          GoAsync.sleep(Duration.ofSeconds(20));
          assertFalse(connecting.isCompleted());
          host.restart();
          connecting.await();
        });
  }

  @Test
  void portsOfACrashedHostAreFree() throws Exception {
    Simulation.with()
        .run(world -> {
          Host host =
              world.host(
                  "db",
                  () -> {
                    var _ = AsyncServerSocket.listen(7);
                    GoAsync.sleep(LONG);
                  });
          GoAsync.sleep(Duration.ofSeconds(1));
          host.crash();
          host.restart();
          GoAsync.sleep(Duration.ofSeconds(1));
          AsyncSocket.connect("db", 7).close();
          host.crash(); // or its socket would be left behind
        });
  }

  @Test
  void aShutdownCancelsAndWaits() throws Exception {
    List<String> events = new ArrayList<>();
    Simulation.with()
        .run(world -> {
          Host host =
              world.host(
                  "db",
                  () -> {
                    try {
                      GoAsync.sleep(LONG);
                    } finally {
                      GoAsync.shielded(() -> GoAsync.sleep(Duration.ofSeconds(2)));
                      events.add("clean");
                    }
                  });
          GoAsync.sleep(Duration.ofSeconds(1));
          assertTrue(host.shutdown(Duration.ofSeconds(10)));
          assertFalse(host.isUp());
          assertEquals(3, world.elapsed().toSeconds());
          assertThrows(
              ConnectException.class,
              () -> GoAsync.withTimeout(LONG, () -> AsyncSocket.connect("db", 7)));
        });
    assertEquals(List.of("clean"), events);
  }

  @Test
  void aShutdownThatTakesTooLongIsACrash() throws Exception {
    List<String> events = new ArrayList<>();
    Simulation.with()
        .run(world -> {
          Host host =
              world.host(
                  "db",
                  () -> {
                    try {
                      GoAsync.sleep(LONG);
                    } finally {
                      GoAsync.shielded(() -> GoAsync.sleep(LONG));
                      events.add("too late");
                    }
                  });
          GoAsync.sleep(Duration.ofSeconds(1));
          assertFalse(host.shutdown(Duration.ofSeconds(10)));
          assertFalse(host.isUp());
        });
    assertEquals(List.of(), events);
  }

  @Test
  void whatACrashedHostHadIsCollected() throws Exception {
    List<WeakReference<Ballast>> ballast = new ArrayList<>();
    Simulation.with()
        .maxSteps(Long.MAX_VALUE)
        .run(world -> {
          Host host =
              world.host(
                  "db",
                  () -> {
                    Ballast kept = new Ballast();
                    ballast.add(new WeakReference<>(kept));
                    Task<?> beside = GoAsync.goAsync(() -> GoAsync.sleep(LONG));
                    beside.await();
                    assertEquals(100_000, kept.size());
                  });
          for (int i = 0; i < 1_000; i++) {
            GoAsync.sleep(Duration.ofMillis(1));
            host.crash();
            host.restart();
          }
        });
    assertEquals(1_000, ballast.size(), 1);
    System.gc();
    long left = ballast.stream().filter(each -> each.get() != null).count();
    assertThat(left).as("crashed lives that are still reachable").isLessThan(100);
  }
}
