package dev.goasync.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goasync.GoAsync;
import dev.goasync.file.AsyncFile;
import dev.goasync.file.AsyncFiles;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.AsyncUnixServerSocket;
import dev.goasync.net.AsyncUnixSocket;
import dev.goasync.process.AsyncProcess;
import dev.goasync.process.Command;
import dev.goasync.process.Redirect;
import dev.goasync.system.Signal;
import dev.goasync.system.Signals;
import dev.goasync.system.StandardStream;
import dev.goasync.testing.Host;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.SimulationFailure;
import dev.goasync.testing.World;
import dev.goasync.testkit.Modes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs of simulated hosts: their ends, signals, crashes, and what the kernel closes. */
@SuppressWarnings("NullAway") // bodies without results
@Timeout(60)
final class SimulatedProgramTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofHours(10);

  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  private static void sleepLong(List<String> events) {
    try {
      events.add("started");
      GoAsync.sleep(LONG);
    } finally {
      events.add("finally");
    }
  }

  @Test
  void aKilledProgramRunsNoFinallyBlock() throws Exception {
    List<String> events = new ArrayList<>();
    Simulation.with()
        .seeds(10)
        .run(world -> {
          world.program(
              "worker",
              _ -> {
                var _ = GoAsync.goAsync(() -> sleepLong(events));
                sleepLong(events);
                return 0;
              });
          try (AsyncProcess worker = Command.of("worker").start()) {
            GoAsync.sleep(SECOND);
            worker.kill();
            assertEquals(137, worker.await());
            GoAsync.sleep(LONG.multipliedBy(2));
          }
        });
    assertThat(events).hasSize(20).containsOnly("started");
  }

  @Test
  void aTerminatedProgramRunsItsFinallyBlocks() throws Exception {
    List<String> events = new ArrayList<>();
    Simulation.with()
        .seeds(10)
        .run(world -> {
          world.program(
              "worker",
              _ -> {
                sleepLong(events);
                return 0;
              });
          try (AsyncProcess worker = Command.of("worker").start()) {
            GoAsync.sleep(SECOND);
            worker.terminate();
            assertEquals(143, worker.await());
          }
        });
    assertThat(events).hasSize(20).containsSubsequence("started", "finally");
  }

  @Test
  void aListenerDecidesWhatASignalDoes() throws Exception {
    Simulation.with()
        .run(world -> {
          world.program(
              "worker",
              _ -> {
                try (var signals = Signals.listen(Signal.TERM)) {
                  StandardStream.out().writeAll("ready\n");
                  assertEquals(Signal.TERM, signals.take());
                }
                return 7;
              });
          try (AsyncProcess worker = Command.of("worker").start()) {
            assertEquals("ready", worker.stdout().readLine());
            worker.terminate();
            assertEquals(7, worker.await());
          }
        });
  }

  @Test
  void theKernelClosesWhatAKilledProgramHasOpen() throws Exception {
    Simulation.with()
        .seeds(10)
        .run(world -> {
          world.program(
              "server",
              _ -> {
                try (var listener = AsyncServerSocket.listen(4000);
                    var local = AsyncUnixServerSocket.listen(Path.of("local"));
                    var file =
                        AsyncFile.open(
                            Path.of("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var connection = listener.accept();
                    var other = local.accept()) {
                  assertThat(file.tryLock()).isNotNull();
                  connection.writeAll("ready\n");
                  other.writeAll("ready\n");
                  StandardStream.in().readLine();
                }
                return 0;
              });
          AsyncProcess[] server = new AsyncProcess[1];
          Host host =
              world.host(
                  "server",
                  () -> {
                    server[0] = Command.of("server").start();
                    GoAsync.sleep(SECOND);
                    try (var _ = server[0];
                        var local = AsyncUnixSocket.connect(Path.of("local"))) {
                      assertEquals("ready", local.readLine());
                      server[0].kill();
                      assertEquals(137, server[0].await());
                      assertEquals(-1, local.read(ByteBuffer.allocate(1)));
                      assertThrows(IOException.class, () -> server[0].stdin().writeAll("x\n"));
                      assertEquals(-1, server[0].stdout().read(ByteBuffer.allocate(1)));
                      assertThat(AsyncFiles.exists(Path.of("local"))).isTrue();
                      AsyncServerSocket.listen(4000).close(); // the port is free
                    }
                    try (var file = AsyncFile.open(Path.of("file"), StandardOpenOption.WRITE)) {
                      assertThat(file.tryLock()).isNotNull();
                    }
                  });
          GoAsync.sleep(SECOND.dividedBy(2));
          try (var client = AsyncSocket.connect("server", 4000)) {
            assertEquals("ready", client.readLine());
            assertEquals(-1, client.read(ByteBuffer.allocate(1)));
          }
          GoAsync.sleep(SECOND);
          assertThat(host.isUp()).isTrue();
        });
  }

  @Test
  void aHostsCrashEndsItsPrograms() throws Exception {
    List<String> events = new ArrayList<>();
    Simulation.with()
        .seeds(10)
        .run(world -> {
          world.program(
              "worker",
              _ -> {
                sleepLong(events);
                return 0;
              });
          Host host =
              world.host(
                  "host",
                  () -> {
                    try (AsyncProcess worker = Command.of("worker").start()) {
                      worker.await();
                    } finally {
                      events.add("the parent's finally");
                    }
                  });
          GoAsync.sleep(SECOND);
          host.crash();
          GoAsync.sleep(LONG.multipliedBy(2));
        });
    assertThat(events).hasSize(10).containsOnly("started");
  }

  @Test
  void aProgramCanCrashItsHost() throws Exception {
    List<String> events = new ArrayList<>();
    Simulation.with()
        .run(world -> {
          world.program(
              "crash",
              call -> {
                call.host().crash();
                events.add("goes on");
                return 0;
              });
          Host host = world.host("host", () -> Command.of("crash").run());
          GoAsync.sleep(SECOND);
          assertFalse(host.isUp());
        });
    assertThat(events).isEmpty();
  }

  @Test
  void aShutdownEndsProgramsToo() throws Exception {
    Simulation.with()
        .run(world -> {
          List<String> events = new ArrayList<>();
          world.program(
              "worker",
              _ -> {
                sleepLong(events);
                return 0;
              });
          Host host =
              world.host(
                  "host",
                  () -> {
                    try (AsyncProcess worker = Command.of("worker").start()) {
                      worker.await();
                    }
                  });
          GoAsync.sleep(SECOND);
          assertThat(host.shutdown(SECOND)).isTrue();
          assertEquals(List.of("started", "finally"), events);
        });
  }

  @Test
  void aProgramEndsWithItsBody() throws Exception {
    List<String> events = new ArrayList<>();
    Simulation.with()
        .run(world -> {
          world.program(
              "worker",
              _ -> {
                var _ = GoAsync.goAsync(() -> sleepLong(events));
                GoAsync.sleep(SECOND);
                return 300;
              });
          assertEquals(300 & 0xFF, Command.of("worker").run().exitCode());
          GoAsync.sleep(LONG.multipliedBy(2));
        });
    assertEquals(List.of("started"), events);
  }

  @Test
  void anExceptionIsWrittenToTheStandardError() throws Exception {
    Simulation.with()
        .run(world -> {
          world.program(
              "worker",
              _ -> {
                throw new IOException("no data");
              });
          var result = Command.of("worker").run();
          assertEquals(1, result.exitCode());
          assertEquals(
              "Exception in thread \"main\" java.io.IOException: no data\n", result.error());
          try (AsyncProcess worker = Command.of("worker").start()) { // inherits
            assertEquals(1, worker.await());
          }
          assertThat(world.testHost().stderr()).contains("no data");
        });
  }

  @Test
  void anErrorFailsTheRun() {
    SimulationFailure failure =
        assertThrows(
            SimulationFailure.class,
            () ->
                Simulation.with()
                    .run(world -> {
                      world.program(
                          "worker",
                          _ -> {
                            throw new AssertionError("planted");
                          });
                      Command.of("worker").run();
                    }));
    assertThat(failure)
        .hasMessageContaining("worker (process 2) of host test has thrown")
        .hasMessageContaining("planted");
  }

  @Test
  void standardStreamsAndTheEnvironmentAreInherited() throws Exception {
    Simulation.with()
        .run(world -> {
          world.program(
              "inner",
              call -> {
                StandardStream.out().writeAll(call.environment() + " " + call.name() + "\n");
                StandardStream.out().writeAll(StandardStream.in().readLine() + "\n");
                return 0;
              });
          world.program(
              "outer",
              _ ->
                  Command.of("inner")
                      .environment("MORE", "2")
                      .stdin(Redirect.INHERIT)
                      .stdout(Redirect.INHERIT)
                      .run()
                      .exitCode());
          Host test = world.testHost();
          test.setEnvironment("ONE", "1");
          assertThat(test.environment()).isEqualTo(Map.of("PATH", "/usr/bin:/bin", "ONE", "1"));
          test.writeStdin("input\n");
          var outer = Command.of("outer").stdin(Redirect.INHERIT).stdout(Redirect.INHERIT).run();
          assertEquals(0, outer.exitCode());
          assertEquals("{MORE=2, ONE=1, PATH=/usr/bin:/bin} inner\ninput\n", test.stdout());
        });
  }

  @Test
  void aGroupIsKilledWithItsMembers() throws Exception {
    List<String> events = new ArrayList<>();
    Simulation.with()
        .run(world -> {
          world.program(
              "inner",
              _ -> {
                sleepLong(events);
                return 0;
              });
          world.program(
              "outer",
              _ -> {
                Command.of("inner").start(); // is left
                GoAsync.sleep(SECOND);
                return 0;
              });
          try (AsyncProcess outer = Command.of("outer").ownGroup().start()) {
            assertEquals(0, outer.await());
          }
          GoAsync.sleep(LONG.multipliedBy(2));
        });
    assertEquals(List.of("started"), events);
  }

  @Test
  void aMemberThatOutlivesItsLeaderIsKilled() throws Exception {
    List<String> events = new ArrayList<>();
    Simulation.with()
        .run(world -> {
          world.program(
              "inner",
              _ -> {
                try (var signals = Signals.listen(Signal.TERM)) {
                  assertThat(signals.poll()).isNull();
                  sleepLong(events);
                }
                return 0;
              });
          world.program(
              "outer",
              _ -> {
                Command.of("inner").start(); // is left
                GoAsync.sleep(LONG);
                return 0;
              });
          try (AsyncProcess outer = Command.of("outer").ownGroup().start()) {
            GoAsync.sleep(SECOND);
            assertThat(outer.isAlive()).isTrue();
          }
          GoAsync.sleep(LONG.multipliedBy(2));
        });
    assertEquals(List.of("started"), events);
  }

  @Test
  void aProgramThatIsLeftRunningIsFound() {
    SimulationFailure failure =
        assertThrows(
            SimulationFailure.class,
            () ->
                Simulation.with()
                    .run(world -> {
                      world.program(
                          "worker",
                          _ -> {
                            GoAsync.sleep(LONG);
                            return 0;
                          });
                      Command.of("worker").stdin(Redirect.DISCARD).stdout(Redirect.DISCARD).start();
                    }));
    assertThat(failure)
        .hasMessageContaining("processes of host test were not ended: [worker (process 2)]")
        .hasMessageContaining("host test starts worker (process 2)");
  }

  @Test
  void namesAreUnique() throws Exception {
    Simulation.with()
        .run(world -> {
          world.program("x", _ -> 0);
          world.program("/opt/x", _ -> 3);
          assertThrows(IllegalArgumentException.class, () -> world.program("x", _ -> 1));
          assertEquals(3, Command.of("/opt/x").run().exitCode());
        });
  }

  private static void conversation(World world) throws Exception {
    world.program(
        "upper",
        call -> {
          String line;
          while ((line = StandardStream.in().readLine()) != null) {
            StandardStream.out().writeAll(call.arguments() + line + "\n");
          }
          return 0;
        });
    for (int i = 0; i < 3; i++) {
      String output = Command.of("upper", "-v").stdin(Redirect.of("one\ntwo\n")).run().output();
      assertEquals("[-v]one\n[-v]two\n", output);
    }
  }

  @Test
  void aSeedRepeatsTheTrace() throws Exception {
    Simulation.with().seeds(10).checkDeterminism(SimulatedProgramTest::conversation);
  }
}
