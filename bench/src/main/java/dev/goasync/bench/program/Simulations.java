package dev.goasync.bench.program;

import dev.goasync.GoAsync;
import dev.goasync.TaskScope;
import dev.goasync.bench.harness.Measurement;
import dev.goasync.bench.harness.Metric;
import dev.goasync.bench.harness.ProcStat;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.Server;
import dev.goasync.testing.Scheduling;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs simulations: steps a second, and the memory of many connections. */
public final class Simulations {
  private static final int PORT = 7;
  private static final int STRETCHES = 20;
  private static final int WARM_UP = 10;
  private static final int ECHOES = 10_000;
  private static final int SLEEPERS = 1_000;
  private static final int SLEEPS = 20;
  private static final int PER_HOST = 20_000;

  private Simulations() {}

  /** Arguments: the case; for the case {@code connections} their number. */
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "echo" -> measure(args[0], Simulations::echo);
      case "sleepers" -> measure(args[0], world -> sleep());
      default -> connect(args[0], Integer.parseInt(args[1]));
    }
  }

  /** Prints the most steps a second of a run, after a warm-up. */
  private static void measure(String name, Simulation.Scenario scenario)
      throws InterruptedException {
    double best = 0;
    for (int i = 0; i < WARM_UP + STRETCHES; i++) {
      long start = System.nanoTime();
      long steps = Simulation.with().seed(i).scheduling(Scheduling.random()).run(scenario).steps();
      double seconds = (System.nanoTime() - start) / 1e9;
      best = i < WARM_UP ? best : Math.max(best, steps / seconds);
    }
    print(name, Metric.OPS_PER_S, best);
  }

  private static void startServer(World world) {
    world.host(
        "server",
        () -> {
          try (Server server = Server.listen(PORT, Simulations::answer)) {
            server.await();
          }
        });
    GoAsync.sleep(Duration.ofSeconds(1));
  }

  private static void echo(World world) throws IOException {
    startServer(world);
    try (AsyncSocket socket = AsyncSocket.connect("server", PORT)) {
      ByteBuffer message = ByteBuffer.allocate(1);
      for (int i = 0; i < ECHOES; i++) {
        socket.writeAll(message.clear());
        socket.read(message.clear());
      }
    }
  }

  private static void answer(AsyncSocket connection) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(1);
    while (connection.read(message.clear()) >= 0) {
      connection.writeAll(message.flip());
    }
  }

  private static void sleep() {
    TaskScope.run(scope -> {
      for (int i = 0; i < SLEEPERS; i++) {
        Duration time = Duration.ofMillis(i + 1);
        scope.goAsync(() -> {
          for (int k = 0; k < SLEEPS; k++) {
            GoAsync.sleep(time);
          }
        });
      }
      return null;
    });
  }

  /** A client has a port for each connection to the server, so there are several. */
  private static void connect(String name, int count) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Simulation.with()
        .maxSteps(Long.MAX_VALUE)
        .run(world -> {
          startServer(world);
          int[] open = {0};
          for (int first = 0; first < count; first += PER_HOST) {
            int wanted = Math.min(PER_HOST, count - first);
            world.host("client" + first, () -> hold(wanted, open));
          }
          while (open[0] < count) {
            GoAsync.sleep(Duration.ofSeconds(1));
          }
          print(name, Metric.BYTES_PER_ITEM, (double) usedHeap() / count);
        });
    print(name, Metric.WALL_MS, (System.nanoTime() - start) / 1e6);
    print(name, Metric.PEAK_RSS_MB, ProcStat.peakRssMb("self"));
  }

  /** Opens connections, uses each once, and keeps them until the host ends. */
  private static void hold(int count, int[] open) throws IOException {
    List<AsyncSocket> sockets = new ArrayList<>();
    try {
      ByteBuffer message = ByteBuffer.allocate(1);
      for (int i = 0; i < count; i++) {
        AsyncSocket socket = AsyncSocket.connect("server", PORT);
        sockets.add(socket);
        socket.writeAll(message.clear());
        socket.read(message.clear());
        open[0]++;
      }
      GoAsync.sleep(Duration.ofHours(1));
    } finally {
      for (AsyncSocket socket : sockets) {
        socket.close();
      }
    }
  }

  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void print(String name, Metric metric, double value) {
    System.out.println(new Measurement(name, metric, value).toLine());
  }
}
