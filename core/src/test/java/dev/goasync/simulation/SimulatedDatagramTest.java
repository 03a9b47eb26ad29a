package dev.goasync.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goasync.GoAsync;
import dev.goasync.net.AsyncDatagramSocket;
import dev.goasync.net.HostNames;
import dev.goasync.testing.Host;
import dev.goasync.testing.Simulation;
import dev.goasync.testkit.Modes;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Datagrams between simulated hosts. */
@Timeout(120)
final class SimulatedDatagramTest {
  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
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
}
