package dev.goasync.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goasync.GoAsync;
import dev.goasync.TaskScope;
import dev.goasync.bridge.LoopSocketFactory;
import dev.goasync.net.AsyncDatagramSocket;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.AsyncUnixSocket;
import dev.goasync.net.Server;
import dev.goasync.process.Command;
import dev.goasync.sync.MissedTicks;
import dev.goasync.sync.RateLimiter;
import dev.goasync.sync.Semaphore;
import dev.goasync.sync.Ticker;
import dev.goasync.system.PollHandle;
import dev.goasync.system.Signals;
import dev.goasync.system.Terminal;
import dev.goasync.system.TerminalSize;
import dev.goasync.testing.Simulation;
import dev.goasync.testkit.Modes;
import dev.goasync.testkit.TestIdentity;
import dev.goasync.tls.TlsStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The parts of the library in a simulation: those that work, and those that are refused. */
@Timeout(120)
final class SimulatedLibraryTest {
  @TempDir Path dir;

  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  @Test
  void tlsWorks() throws Exception {
    TestIdentity identity = TestIdentity.of("server");
    Simulation.with()
        .seeds(3)
        .run(world -> {
          world.host(
              "server",
              () -> {
                try (Server _ =
                    Server.listen(
                        443,
                        TlsStream.handler(
                            identity.context(), stream -> stream.writeAll("secret\n")))) {
                  GoAsync.sleep(Duration.ofHours(1));
                }
              });
          GoAsync.sleep(Duration.ofSeconds(1));
          try (TlsStream stream = TlsStream.connect("server", 443, identity.trustingContext())) {
            assertEquals("secret", stream.readLine());
          }
        });
  }

  @Test
  void socketsOfLibrariesWork() throws Exception {
    Simulation.with()
        .seeds(20)
        .run(world -> {
          world.host(
              "server",
              () -> {
                try (Server _ =
                    Server.listen(
                        7, connection -> connection.writeAll("" + connection.readLine()))) {
                  GoAsync.sleep(Duration.ofHours(1));
                }
              });
          GoAsync.sleep(Duration.ofSeconds(1));
          InetAddress server = world.hosts().getLast().address();
          try (Socket socket = LoopSocketFactory.getDefault().createSocket(server, 7)) {
            socket.getOutputStream().write("hello\n".getBytes(UTF_8));
            assertEquals("hello", new String(socket.getInputStream().readAllBytes(), UTF_8));
          }
        });
  }

  @Test
  void theProgramOfAServerRunsUnchanged() throws Exception {
    List<String> events = new ArrayList<>();
    Simulation.with()
        .run(world -> {
          var host =
              world.host(
                  "server",
                  () ->
                      Signals.runMain(() -> {
                        try (Server _ =
                            Server.with()
                                .stopAtExit(Duration.ofSeconds(5))
                                .serve(
                                    AsyncServerSocket.listen(7),
                                    connection -> connection.writeAll("x\n"))) {
                          GoAsync.sleep(Duration.ofHours(1));
                        } finally {
                          events.add("stopped");
                        }
                      }));
          GoAsync.sleep(Duration.ofSeconds(1));
          try (AsyncSocket socket = AsyncSocket.connect("server", 7)) {
            assertEquals("x", socket.readLine());
          }
          assertTrue(host.shutdown(Duration.ofSeconds(10)));
        });
    assertEquals(List.of("stopped"), events);
  }

  @Test
  void timersOfPrimitivesUseTheVirtualClock() throws Exception {
    Simulation.with()
        .seeds(20)
        .run(world -> {
          Ticker ticker = Ticker.every(Duration.ofSeconds(1), MissedTicks.SKIP);
          for (int i = 0; i < 3; i++) {
            var _ = ticker.await();
          }
          assertEquals(3, world.elapsed().toSeconds());
          RateLimiter limiter = new RateLimiter(1, Duration.ofSeconds(1), 1);
          limiter.acquire();
          limiter.acquire();
          assertEquals(4, world.elapsed().toSeconds());
          Semaphore semaphore = new Semaphore(1);
          TaskScope.run(scope -> {
            for (int i = 0; i < 10; i++) {
              scope.goAsync(() -> semaphore.withPermit(() -> GoAsync.sleep(Duration.ofSeconds(1))));
            }
            return null;
          });
          assertEquals(14, world.elapsed().toSeconds());
        });
  }

  @Test
  void theRestIsRefusedWithASentence() throws Exception {
    List<Executable> calls =
        List.of(
            () -> AsyncDatagramSocket.bind(UnixDomainSocketAddress.of(dir.resolve("socket"))),
            () -> AsyncUnixSocket.ofDescriptor(0),
            () -> PollHandle.ofDescriptor(0),
            () -> Command.of("true").terminal(new TerminalSize(80, 24)).start(),
            () -> Terminal.size());
    Simulation.with()
        .run(world -> {
          for (Executable call : calls) {
            assertThat(assertThrows(UnsupportedOperationException.class, call))
                .hasMessageContaining("a simulation");
          }
        });
  }
}
