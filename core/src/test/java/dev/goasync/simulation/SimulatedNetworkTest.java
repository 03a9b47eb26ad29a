package dev.goasync.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.net.AsyncDatagramSocket;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.HostNames;
import dev.goasync.net.Server;
import dev.goasync.testing.Host;
import dev.goasync.testing.Scheduling;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.SimulationFailure;
import dev.goasync.testing.World;
import dev.goasync.testkit.Modes;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets between simulated hosts. */
@Timeout(120)
final class SimulatedNetworkTest {
  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  /** A host that serves the given handler at port 7 for a simulated day. */
  private static Host serve(World world, dev.goasync.net.ConnectionHandler<AsyncSocket> handler) {
    return world.host(
        "server",
        () -> {
          try (Server _ = Server.listen(7, handler)) {
            GoAsync.sleep(Duration.ofHours(20));
          }
        });
  }

  private static void echo(AsyncSocket connection) throws IOException {
    String line;
    while ((line = connection.readLine()) != null) {
      connection.writeAll(line + "\n");
    }
  }

  private static void echoBytes(AsyncSocket connection) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(10_000);
    while (connection.read(buffer.clear()) >= 0) {
      connection.writeAll(buffer.flip());
    }
  }

  private static AsyncSocket connect() throws IOException {
    return AsyncSocket.connect("server", 7);
  }

  @Test
  void bytesArriveInOrderWhateverTheScheduleIs() throws Exception {
    byte[] sent = new byte[300_000];
    new Random(1).nextBytes(sent);
    for (Scheduling each : List.of(Scheduling.inOrder(), Scheduling.random(), Scheduling.pct(3))) {
      Simulation.with()
          .scheduling(each)
          .seeds(20)
          .run(world -> {
            serve(world, SimulatedNetworkTest::echoBytes);
            GoAsync.yield();
            try (AsyncSocket socket = connect()) {
              Task<?> writer =
                  GoAsync.goAsync(() -> {
                    socket.writeAll(ByteBuffer.wrap(sent));
                    socket.shutdownOutput();
                  });
              assertArrayEquals(sent, socket.readAllBytes());
              writer.await();
            }
          });
    }
  }

  @Test
  void aMessageTakesTheLatencyOfTheLink() throws Exception {
    Simulation.with()
        .scheduling(Scheduling.inOrder())
        .run(world -> {
          world.latency(Duration.ofMillis(10), Duration.ofMillis(10));
          serve(world, SimulatedNetworkTest::echo);
          GoAsync.yield();
          try (AsyncSocket socket = connect()) {
            assertEquals(Duration.ofMillis(20), world.elapsed());
            socket.writeAll("x\n");
            assertEquals("x", socket.readLine());
            assertEquals(Duration.ofMillis(40), world.elapsed());
          }
        });
  }

  @Test
  void addressesAreThoseOfTheHosts() throws Exception {
    Simulation.with()
        .run(world -> {
          List<String> seen = new ArrayList<>();
          Host server =
              serve(
                  world,
                  connection -> {
                    seen.add(connection.remoteAddress().getAddress().getHostAddress());
                    connection.writeAll("x\n");
                  });
          GoAsync.yield();
          assertEquals(List.of(server.address()), HostNames.resolve("server"));
          try (AsyncSocket socket = connect()) {
            assertEquals("x", socket.readLine());
            assertEquals(new InetSocketAddress(server.address(), 7), socket.remoteAddress());
            assertEquals(List.of(socket.localAddress().getAddress().getHostAddress()), seen);
          }
        });
  }

  @Test
  void aPortWithoutListenerRefuses() throws Exception {
    Simulation.with()
        .run(world -> {
          world.host("server", () -> GoAsync.sleep(Duration.ofHours(1)));
          assertThat(assertThrows(ConnectException.class, SimulatedNetworkTest::connect))
              .hasMessageContaining("Connection refused: ")
              .hasMessageContaining(":7");
        });
  }

  @Test
  void unknownNamesAndAddressesHaveTheirExceptions() throws Exception {
    Simulation.with()
        .run(world -> {
          assertThrows(UnknownHostException.class, () -> AsyncSocket.connect("nowhere", 7));
          assertThrows(NoRouteToHostException.class, () -> AsyncSocket.connect("10.1.2.3", 7));
          assertThrows(
              BindException.class,
              () -> AsyncServerSocket.listen(new InetSocketAddress("10.1.2.3", 0)));
        });
  }

  @Test
  void aPortThatIsInUseCannotBeBound() throws Exception {
    Simulation.with()
        .run(world -> {
          try (AsyncServerSocket first = AsyncServerSocket.listen(new InetSocketAddress(0))) {
            int port = first.localAddress().getPort();
            assertThat(
                    assertThrows(
                        BindException.class,
                        () -> AsyncServerSocket.listen(new InetSocketAddress(port))))
                .hasMessageContaining("Address already in use");
          }
        });
  }

  @Test
  void loopbackReachesTheHostItself() throws Exception {
    Simulation.with()
        .run(world -> {
          serve(world, SimulatedNetworkTest::echo);
          try (Server server = Server.listen(0, connection -> connection.writeAll("local\n"));
              AsyncSocket socket = AsyncSocket.connect("localhost", server.port())) {
            assertEquals("local", socket.readLine());
            assertTrue(socket.remoteAddress().getAddress().isLoopbackAddress());
          }
          assertThrows(ConnectException.class, () -> AsyncSocket.connect("localhost", 7));
        });
  }

  @Test
  void halfCloseKeepsTheOtherDirection() throws Exception {
    Simulation.with()
        .seeds(20)
        .run(world -> {
          serve(
              world,
              connection -> {
                connection.writeAll("got " + connection.readAll() + "\n");
              });
          GoAsync.yield();
          try (AsyncSocket socket = connect()) {
            socket.writeAll("everything");
            socket.shutdownOutput();
            assertEquals("got everything", socket.readLine());
            assertEquals(-1, socket.read(ByteBuffer.allocate(1)));
            assertThrows(SocketException.class, () -> socket.writeAll("more"));
          }
        });
  }

  @Test
  void aCloseWithUnreadInputResets() throws Exception {
    Simulation.with()
        .scheduling(Scheduling.inOrder())
        .run(world -> {
          serve(world, connection -> GoAsync.sleep(Duration.ofSeconds(1)));
          GoAsync.yield();
          try (AsyncSocket socket = connect()) {
            socket.writeAll("never read");
            assertThat(
                    assertThrows(SocketException.class, () -> socket.read(ByteBuffer.allocate(1))))
                .hasMessageContaining("Connection reset: ");
            assertThat(assertThrows(SocketException.class, () -> socket.writeAll("more")))
                .hasMessageContaining("Broken pipe: ");
          }
        });
  }

  @Test
  void aWriterWaitsForRoom() throws Exception {
    Simulation.with()
        .seeds(20)
        .run(world -> {
          serve(
              world,
              connection -> {
                GoAsync.sleep(Duration.ofMinutes(1));
                connection.readAll();
                connection.writeAll("done\n");
              });
          GoAsync.yield();
          try (AsyncSocket socket = connect()) {
            socket.writeAll(ByteBuffer.allocate(1_000_000));
            assertTrue(world.elapsed().compareTo(Duration.ofMinutes(1)) > 0);
            socket.shutdownOutput();
            assertEquals("done", socket.readLine());
          }
        });
  }

  @Test
  void aCancelledReadLosesNoByte() throws Exception {
    Simulation.with()
        .seeds(100)
        .run(world -> {
          serve(
              world,
              connection -> {
                for (int i = 0; i < 20; i++) {
                  connection.writeAll("line " + i + "\n");
                  GoAsync.sleep(Duration.ofMillis(3));
                }
              });
          GoAsync.yield();
          try (AsyncSocket socket = connect()) {
            List<String> lines = new ArrayList<>();
            while (lines.size() < 20) {
              try {
                lines.add(
                    GoAsync.<String, IOException>withTimeout(
                        Duration.ofMillis(2), () -> Objects.requireNonNull(socket.readLine())));
              } catch (DeadlineExceededException again) {
                // the line is still to come
              }
            }
            for (int i = 0; i < 20; i++) {
              assertEquals("line " + i, lines.get(i));
            }
          }
        });
  }

  @Test
  void aCloseEndsTheReadOfAnotherCoroutine() throws Exception {
    Simulation.with()
        .seeds(20)
        .run(world -> {
          serve(world, SimulatedNetworkTest::echo);
          GoAsync.yield();
          AsyncSocket socket = connect();
          Task<?> reader =
              GoAsync.goAsync(() -> {
                assertThrows(
                    AsynchronousCloseException.class, () -> socket.read(ByteBuffer.allocate(1)));
              });
          GoAsync.sleep(Duration.ofSeconds(1));
          socket.close();
          reader.await();
        });
  }

  @Test
  void aFullBacklogMakesTheCallerWait() throws Exception {
    Simulation.with()
        .run(world -> {
          world.host(
              "server",
              () -> {
                try (AsyncServerSocket listener =
                    AsyncServerSocket.listen(new InetSocketAddress(7), 1, false)) {
                  GoAsync.sleep(Duration.ofSeconds(10));
                  listener.accept().close();
                  GoAsync.sleep(Duration.ofHours(1));
                }
              });
          GoAsync.yield();
          AsyncSocket first = connect();
          assertTrue(world.elapsed().compareTo(Duration.ofSeconds(1)) < 0);
          AsyncSocket second = connect();
          assertTrue(world.elapsed().compareTo(Duration.ofSeconds(10)) > 0);
          first.close();
          second.close();
        });
  }

  @Test
  void aPartitionDelaysBytesAndARepairDeliversThem() throws Exception {
    Simulation.with()
        .seeds(20)
        .run(world -> {
          Host server = serve(world, SimulatedNetworkTest::echo);
          GoAsync.yield();
          try (AsyncSocket socket = connect()) {
            world.partition(server);
            socket.writeAll("late\n");
            assertThrows(
                DeadlineExceededException.class,
                () ->
                    GoAsync.withTimeout(
                        Duration.ofSeconds(10), () -> Objects.requireNonNull(socket.readLine())));
            world.repair(server);
            assertEquals("late", socket.readLine());
          }
        });
  }

  @Test
  void aLongPartitionEndsTheConnectionAndTheConnect() throws Exception {
    Simulation.with()
        .run(world -> {
          Host server = serve(world, SimulatedNetworkTest::echo);
          GoAsync.yield();
          AsyncSocket socket = connect();
          world.partition(server);
          Duration before = world.elapsed();
          assertThat(assertThrows(ConnectException.class, SimulatedNetworkTest::connect))
              .hasMessageContaining("Connection timed out");
          assertEquals(127, world.elapsed().minus(before).toSeconds());
          socket.writeAll("lost\n");
          assertThat(assertThrows(SocketException.class, socket::readLine))
              .hasMessageContaining("Connection timed out");
          assertThat(world.elapsed().minus(before).toMinutes()).isBetween(15L, 20L);
          socket.close();
          world.repair(server);
        });
  }

  @Test
  void heldMessagesArriveAfterTheRelease() throws Exception {
    Simulation.with()
        .run(world -> {
          Host server = serve(world, SimulatedNetworkTest::echo);
          GoAsync.yield();
          try (AsyncSocket socket = connect()) {
            world.hold(server, world.testHost());
            socket.writeAll("x\n");
            Task<String> answer = GoAsync.goAsync(() -> Objects.requireNonNull(socket.readLine()));
            GoAsync.sleep(Duration.ofHours(1));
            assertFalse(answer.isCompleted());
            world.release(server, world.testHost());
            assertEquals("x", answer.await());
          }
        });
  }

  @Test
  void datagramsAreLostAndOvertakeEachOther() throws Exception {
    List<Integer> received = new ArrayList<>();
    Simulation.with()
        .run(world -> {
          world.datagramLoss(0.5);
          world.host(
              "receiver",
              () -> {
                try (AsyncDatagramSocket socket =
                    AsyncDatagramSocket.bind(new InetSocketAddress(9))) {
                  while (true) {
                    ByteBuffer content = ByteBuffer.allocate(4);
                    socket.receive(content);
                    received.add(content.flip().getInt());
                  }
                }
              });
          GoAsync.sleep(Duration.ofMillis(1));
          InetSocketAddress to = new InetSocketAddress(HostNames.resolve("receiver").getFirst(), 9);
          try (AsyncDatagramSocket socket = AsyncDatagramSocket.bind(new InetSocketAddress(0))) {
            for (int i = 0; i < 100; i++) {
              socket.send(ByteBuffer.allocate(4).putInt(i).flip(), to);
            }
            GoAsync.sleep(Duration.ofSeconds(1));
          }
        });
    assertThat(received.size()).isBetween(20, 80);
    assertThat(received).isNotEqualTo(received.stream().sorted().toList());
  }

  @Test
  void aDatagramThatIsSentDuringAPartitionIsLost() throws Exception {
    Simulation.with()
        .run(world -> {
          List<Integer> received = new ArrayList<>();
          Host receiver =
              world.host(
                  "receiver",
                  () -> {
                    try (AsyncDatagramSocket socket =
                        AsyncDatagramSocket.bind(new InetSocketAddress(9))) {
                      while (true) {
                        ByteBuffer content = ByteBuffer.allocate(4);
                        socket.receive(content);
                        received.add(content.flip().getInt());
                      }
                    }
                  });
          GoAsync.sleep(Duration.ofMillis(1));
          InetSocketAddress to = new InetSocketAddress(receiver.address(), 9);
          try (AsyncDatagramSocket socket = AsyncDatagramSocket.bind(new InetSocketAddress(0))) {
            world.partition(receiver);
            socket.send(ByteBuffer.allocate(4).putInt(1).flip(), to);
            world.repair(receiver);
            socket.send(ByteBuffer.allocate(4).putInt(2).flip(), to);
            GoAsync.sleep(Duration.ofSeconds(1));
          }
          assertEquals(List.of(2), received);
        });
  }

  @Test
  void localPortsCanBeUsedUp() throws Exception {
    Simulation.with()
        .run(world -> {
          List<AsyncSocket> open = new ArrayList<>();
          Server server =
              Server.listen(
                  7, connection -> assertEquals(-1, connection.read(ByteBuffer.allocate(1))));
          try (server) {
            InetSocketAddress remote = new InetSocketAddress(world.testHost().address(), 7);
            assertThat(
                    assertThrows(
                        BindException.class,
                        () -> {
                          while (true) {
                            open.add(AsyncSocket.connect(remote));
                          }
                        }))
                .hasMessageContaining("Cannot assign requested address");
            assertEquals(28_232, open.size()); // the range of Linux
            open.removeLast().close();
            open.add(AsyncSocket.connect(remote));
            for (AsyncSocket each : open) {
              each.close();
            }
            GoAsync.sleep(Duration.ofSeconds(1));
          }
        });
  }

  @Test
  void aSocketThatIsNotClosedIsAFailure() {
    SimulationFailure failure =
        assertThrows(
            SimulationFailure.class,
            () ->
                Simulation.with()
                    .run(world -> {
                      var _ = AsyncServerSocket.listen(new InetSocketAddress(7));
                    }));
    assertThat(failure).hasMessageContaining("sockets of host test were not closed");
  }

  @Test
  void aSocketOfAnotherHostIsRefused() throws Exception {
    Simulation.with()
        .run(world -> {
          serve(world, SimulatedNetworkTest::echo);
          GoAsync.yield();
          try (AsyncSocket socket = connect()) {
            Task<?>[] misuse = new Task<?>[1];
            world.host(
                "thief",
                () -> {
                  misuse[0] = GoAsync.goAsync(() -> socket.writeAll("x"));
                  assertThrows(IllegalStateException.class, misuse[0]::await);
                });
            GoAsync.sleep(Duration.ofSeconds(1));
          }
        });
  }

  @Test
  void theSameSeedHasTheSameTraceOfTheNetwork() throws Exception {
    Simulation.with()
        .seeds(20)
        .checkDeterminism(world -> {
          serve(world, SimulatedNetworkTest::echo);
          GoAsync.sleep(Duration.ofMillis(world.random().nextInt(3)));
          List<Task<?>> clients = new ArrayList<>();
          for (int i = 0; i < 5; i++) {
            clients.add(
                GoAsync.goAsync(() -> {
                  try (AsyncSocket socket = connect()) {
                    socket.writeAll("hello\n");
                    assertEquals("hello", socket.readLine());
                  } catch (ConnectException notYet) {
                    // the server did not listen yet
                  }
                }));
          }
          clients.forEach(Task::await);
        });
  }

  @Test
  void aShieldedReadGoesOnAfterACancel() throws Exception {
    Simulation.with()
        .run(world -> {
          serve(world, SimulatedNetworkTest::echo);
          GoAsync.yield();
          try (AsyncSocket socket = connect()) {
            Task<?> shielded =
                GoAsync.goAsync(() ->
                    GoAsync.shielded(() -> {
                      socket.writeAll("x\n");
                      assertEquals("x", socket.readLine());
                    }));
            GoAsync.yield();
            shielded.cancel();
            GoAsync.sleep(Duration.ofSeconds(1));
            assertTrue(shielded.isCompleted());
          }
        });
  }
}
