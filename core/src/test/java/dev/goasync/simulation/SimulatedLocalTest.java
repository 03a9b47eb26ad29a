package dev.goasync.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.goasync.GoAsync;
import dev.goasync.file.AsyncFile;
import dev.goasync.file.AsyncFiles;
import dev.goasync.net.AsyncUnixServerSocket;
import dev.goasync.net.AsyncUnixSocket;
import dev.goasync.net.Server;
import dev.goasync.system.AsyncPipe;
import dev.goasync.testing.Host;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.SimulationFailure;
import dev.goasync.testkit.Modes;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pipes and Unix sockets of simulated hosts: crashes, leaks, limits and the same trace. */
@SuppressWarnings("NullAway") // bodies without results
@Timeout(60)
final class SimulatedLocalTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Path SOCKET = Path.of("app.sock");

  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  @Test
  void aServerServesUnixSockets() throws Exception {
    List<String> answers = new ArrayList<>();
    Simulation.with()
        .seeds(20)
        .run(world -> {
          var listener = AsyncUnixServerSocket.listen(SOCKET);
          try (var _ =
              Server.with().serve(listener, c -> c.writeAll("hello " + c.readLine() + "\n"))) {
            for (int i = 0; i < 3; i++) {
              try (var client = AsyncUnixSocket.connect(SOCKET)) {
                client.writeAll("client " + i + "\n");
                answers.add(client.readLine());
              }
            }
          }
          assertThat(AsyncFiles.exists(SOCKET)).isFalse();
        });
    assertThat(answers).hasSize(60).contains("hello client 0", "hello client 2");
  }

  @Test
  void hostsHaveNamesOfTheirOwn() throws Exception {
    Simulation.with()
        .run(world -> {
          world.host(
              "other",
              () -> {
                try (var _ = AsyncUnixServerSocket.listen(SOCKET);
                    var _ = AsyncUnixServerSocket.listen(AsyncUnixSocket.abstractAddress("name"))) {
                  GoAsync.sleep(SECOND.multipliedBy(3));
                }
              });
          GoAsync.sleep(SECOND);
          assertThrows(IOException.class, () -> AsyncUnixSocket.connect(SOCKET));
          assertThrows(
              ConnectException.class,
              () -> AsyncUnixSocket.connect(AsyncUnixSocket.abstractAddress("name")));
        });
  }

  @Test
  void aCrashLeavesTheFileOfASocket() throws Exception {
    List<String> events = new ArrayList<>();
    Simulation.with()
        .run(world -> {
          Host host =
              world.host(
                  "db",
                  () -> {
                    if (!events.isEmpty()) {
                      events.add(
                          assertThrows(
                                  ConnectException.class, () -> AsyncUnixSocket.connect(SOCKET))
                              .getMessage());
                      events.add(
                          assertThrows(
                                  BindException.class, () -> AsyncUnixServerSocket.listen(SOCKET))
                              .getMessage());
                      AsyncFiles.delete(SOCKET);
                    }
                    try (var listener = AsyncUnixServerSocket.listen(SOCKET);
                        var client = AsyncUnixSocket.connect(SOCKET);
                        var _ = listener.accept()) {
                      try (var directory = AsyncFile.open(Path.of("."), StandardOpenOption.READ)) {
                        directory.force(true);
                      }
                      events.add("waits");
                      client.readLine();
                      events.add("goes on");
                    } finally {
                      events.add("finally");
                    }
                  });
          GoAsync.sleep(SECOND);
          host.crash();
          GoAsync.sleep(SECOND);
          host.restart();
          GoAsync.sleep(SECOND);
          host.crash();
          GoAsync.sleep(SECOND);
        });
    assertEquals(
        List.of(
            "waits", "Connection refused: app.sock", "Address already in use: app.sock", "waits"),
        events);
  }

  @Test
  void aShutdownEndsTheWaits() throws Exception {
    List<String> ended = new ArrayList<>();
    Simulation.with()
        .run(world -> {
          Host host =
              world.host(
                  "db",
                  () -> {
                    try (var pipe = AsyncPipe.open();
                        var listener = AsyncUnixServerSocket.listen(SOCKET)) {
                      GoAsync.awaitAll(
                          GoAsync.goAsync(() -> pipe.source().readLine()),
                          GoAsync.goAsync(() -> listener.accept()));
                    } finally {
                      ended.add("closed");
                    }
                  });
          GoAsync.sleep(SECOND);
          host.shutdown(SECOND);
          GoAsync.sleep(SECOND);
          host.restart();
        });
    assertThat(ended).isNotEmpty();
  }

  @Test
  void whatIsLeftOpenIsFound() {
    Simulation.Options simulation = Simulation.with();
    SimulationFailure pipes =
        assertThrows(SimulationFailure.class, () -> simulation.run(_ -> AsyncPipe.open()));
    assertThat(pipes)
        .hasMessageContaining(
            "pipes of host test were not closed: [source of a pipe, sink of a pipe]");
    SimulationFailure sockets =
        assertThrows(
            SimulationFailure.class,
            () -> simulation.run(_ -> AsyncUnixServerSocket.listen(SOCKET)));
    assertThat(sockets).hasMessageContaining("sockets of host test were not closed: [app.sock]");
  }

  @Test
  void theNumberOfDescriptorsIsLimited() throws Exception {
    Simulation.with()
        .run(world -> {
          world.testHost().maxDescriptors(2);
          try (var listener = AsyncUnixServerSocket.listen(SOCKET)) {
            assertThat(assertThrows(IOException.class, AsyncPipe::open))
                .hasMessageStartingWith("pipe: Too many open files");
            try (var _ = AsyncUnixSocket.connect(SOCKET)) {
              assertThat(assertThrows(IOException.class, listener::accept))
                  .hasMessageContaining("Too many open files");
              world.testHost().maxDescriptors(3);
              listener.accept().close();
            }
          }
        });
  }

  @Test
  void aFullBacklogMakesAConnectWait() throws Exception {
    Simulation.with()
        .run(world -> {
          List<AsyncUnixSocket> clients = new ArrayList<>();
          try (var listener = AsyncUnixServerSocket.listen(SOCKET)) {
            int[] connected = {0};
            var connecting =
                GoAsync.goAsync(() -> {
                  while (true) {
                    clients.add(AsyncUnixSocket.connect(SOCKET));
                    connected[0]++;
                  }
                });
            GoAsync.sleep(SECOND);
            int full = connected[0];
            assertThat(full).isGreaterThan(10);
            listener.accept().close();
            GoAsync.sleep(SECOND);
            assertThat(connected[0]).isEqualTo(full + 1);
            connecting.cancel();
            GoAsync.sleep(SECOND);
          } finally {
            for (AsyncUnixSocket client : clients) {
              client.close();
            }
          }
        });
  }

  @Test
  void aSeedRepeatsTheTrace() throws Exception {
    Simulation.with()
        .seeds(10)
        .checkDeterminism(world -> {
          byte[] sent = new byte[300_000];
          try (var pipe = AsyncPipe.open();
              var listener = AsyncUnixServerSocket.listen(SOCKET);
              var client = AsyncUnixSocket.connect(SOCKET);
              var server = listener.accept()) {
            var first =
                GoAsync.goAsync(() -> {
                  pipe.sink().writeAll(ByteBuffer.wrap(sent));
                  pipe.sink().close();
                });
            var second =
                GoAsync.goAsync(
                    () -> client.writeAll(ByteBuffer.wrap(pipe.source().readExactly(sent.length))));
            byte[] got = server.readExactly(sent.length);
            GoAsync.awaitAll(first, second);
            assertEquals(sent.length, got.length);
          }
        });
  }

  @Test
  void aSocketOfAnotherHostIsRefused() throws Exception {
    Simulation.with()
        .run(world -> {
          try (var pipe = AsyncPipe.open()) {
            List<Throwable> thrown = new ArrayList<>();
            world.host(
                "other",
                () ->
                    thrown.add(
                        assertThrows(IllegalStateException.class, () -> pipe.source().readLine())));
            GoAsync.sleep(SECOND);
            assertThat(thrown.getFirst())
                .hasMessageContaining("a pipe of the simulated host test can be used by");
          }
        });
  }
}
