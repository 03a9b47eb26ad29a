package dev.goasync.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goasync.DeadlineExceededException;
import dev.goasync.EventLoopGroup;
import dev.goasync.GoAsync;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.Server;
import dev.goasync.testing.Host;
import dev.goasync.testing.Scheduling;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.World;
import dev.goasync.testkit.Modes;
import dev.goasync.testkit.Scripts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server on several loops with few connections allowed, and clients that crash, are cut off and
 * give up, in a simulation. Each handler that has begun ends, the server stops within its grace,
 * and nothing is left behind.
 */
@Timeout(600)
final class ServerInSimulationTest {
  private static final int CLIENTS = 5;
  private static final int CONNECTIONS = 5;
  private static final int FAULTS = 10;

  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  @Test
  void handlersEndWhateverClientsDo() throws Exception {
    Scripts.run(
        "servers",
        100,
        seed -> {
          Scheduling scheduling = seed % 2 == 0 ? Scheduling.random() : Scheduling.pct(3);
          Simulation.with()
              .seed(seed)
              .scheduling(scheduling)
              .maxSteps(100_000)
              .run(world -> new Run(world).run());
        });
  }

  /** One run: the hosts, and what was counted. */
  private static final class Run {
    private final World world;
    private final RandomGenerator random;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    Run(World world) {
      this.world = world;
      this.random = world.random();
    }

    void run() {
      Host server = world.host("server", this::serve);
      List<Host> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(world.host("client " + i, this::useServer));
      }
      for (int i = 0; i < FAULTS; i++) {
        GoAsync.sleep(Duration.ofMillis(random.nextInt(700)));
        disturb(clients.get(random.nextInt(CLIENTS)), server);
      }
      clients.forEach(client -> world.repair(client, server));
      GoAsync.sleep(Duration.ofSeconds(20));
      assertEquals(begun.get(), ended.get());
    }

    private void disturb(Host client, Host server) {
      switch (random.nextInt(4)) {
        case 0 -> world.partition(client, server);
        case 1 -> world.repair(client, server);
        case 2 -> {
          if (client.isUp()) {
            client.crash();
          }
        }
        default -> {
          if (!client.isUp()) {
            client.restart();
          }
        }
      }
    }

    private void serve() throws IOException {
      Duration grace = Duration.ofSeconds(1 + random.nextInt(3));
      try (EventLoopGroup loops = EventLoopGroup.start(2);
          Server _ =
              Server.with()
                  .on(loops)
                  .maxConnections(3)
                  .grace(grace)
                  .listen(new InetSocketAddress(7), this::handle)) {
        GoAsync.sleep(Duration.ofSeconds(1 + random.nextInt(5)));
      }
    }

    private void handle(AsyncSocket connection) throws IOException {
      begun.incrementAndGet();
      try {
        String line;
        while ((line = connection.readLine()) != null) {
          GoAsync.sleep(Duration.ofMillis(random.nextInt(200)));
          connection.writeAll(line + "\n");
        }
      } finally {
        ended.incrementAndGet();
      }
    }

    private void useServer() {
      for (int i = 0; i < CONNECTIONS; i++) {
        try (AsyncSocket socket = AsyncSocket.connect("server", 7, Duration.ofSeconds(2))) {
          GoAsync.withTimeout(Duration.ofSeconds(6), () -> exchange(socket));
        } catch (IOException | DeadlineExceededException refusedOrSlow) {
          GoAsync.sleep(Duration.ofMillis(100));
        }
      }
    }

    private static void exchange(AsyncSocket socket) throws IOException {
      for (int i = 0; i < 3; i++) {
        String sent = "message " + i;
        socket.writeAll(sent + "\n");
        String answer = socket.readLine();
        if (answer == null) {
          return; // the server stops
        }
        assertEquals(sent, answer);
      }
    }
  }
}
