package dev.goasync.examples;

import static dev.goasync.GoAsync.goAsync;
import static dev.goasync.GoAsync.sleep;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.TaskScope;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.Server;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Mutex;
import dev.goasync.sync.Semaphore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A program with a hang, a stall and two leaks, to look at with the inspector. Usage: {@code
 * inspect-demo [--port PORT]}
 */
public final class InspectDemo {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration FOREVER = Duration.ofDays(1);
  private static final int POOL_SIZE = 4;
  private static final int CLIENTS = 40;

  private final List<AsyncSocket> forgotten = new ArrayList<>();

  private InspectDemo() {}

  /** The properties would be options of the command line in other programs. */
  public static void main(String[] args) {
    Cli.run("inspect-demo [--port PORT]", args, InspectDemo::start);
  }

  private static void start(Options options) throws IOException {
    System.setProperty("goasync.inspector", String.valueOf(options.number("--port", 0)));
    System.setProperty("goasync.trace", "true"); // records where each socket was opened
    System.setProperty("goasync.deadlock", "off"); // an exception would end the hang
    new InspectDemo().run();
  }

  private void run() throws IOException {
    EventLoop orders = EventLoop.start("orders");
    EventLoop billing = EventLoop.start("billing");
    Server server = Server.with().on(orders).listen(0, InspectDemo::echo);
    for (int i = 0; i < CLIENTS; i++) {
      orders.goAsync("client " + i, () -> talk(server.port()));
    }
    billing.goAsync("pool", InspectDemo::usePool);
    billing.goAsync("report", InspectDemo::stall);
    billing.goAsync("prices", this::leakSockets);
    orders.goAsync("mail", InspectDemo::leakTasks);
    hang(orders, billing);
    server.await();
  }

  private static void echo(AsyncSocket client) throws IOException {
    for (String line; (line = client.readLine()) != null; ) {
      client.writeAll(line + "\n");
    }
  }

  private static void talk(int port) throws IOException {
    try (AsyncSocket socket = AsyncSocket.connect("localhost", port)) {
      while (true) {
        socket.writeAll("ping\n");
        socket.readLine();
        sleep(Duration.ofMillis(100));
      }
    }
  }

  /** Twelve tasks share four connections; the task that rebuilds an index keeps one. */
  private static void usePool() {
    Semaphore connections = new Semaphore(POOL_SIZE);
    TaskScope.run(scope -> {
      scope.goAsync("rebuild index", () -> rebuildIndex(connections));
      for (int i = 0; i < 12; i++) {
        scope.goAsync("query " + i, () -> query(connections));
      }
      return null;
    });
  }

  private static Void rebuildIndex(Semaphore connections) {
    while (true) {
      connections.withPermit(() -> sleep(FOREVER));
    }
  }

  private static Void query(Semaphore connections) throws InterruptedException {
    while (true) {
      connections.withPermit(() -> GoAsync.offload(() -> Thread.sleep(120)));
      sleep(Duration.ofMillis(80));
    }
  }

  /** Computes on the loop, which delays everything else on it. */
  private static void stall() {
    for (long table = 0; ; table++) {
      sleep(SECOND.multipliedBy(3));
      if (table % 2 == 0) {
        sumUp(Duration.ofMillis(400));
      } else {
        formatReport();
      }
    }
  }

  private static void formatReport() {
    sumUp(Duration.ofMillis(250));
  }

  private static double sumUp(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    double sum = 0;
    while (System.nanoTime() < end) {
      sum += Math.sqrt(sum + 1);
    }
    return sum;
  }

  /** Opens a connection every other second and closes none. */
  private void leakSockets() throws IOException {
    try (Server prices = Server.listen(0, AsyncSocket::readAll)) {
      while (true) {
        forgotten.add(AsyncSocket.connect("localhost", prices.port()));
        sleep(SECOND.multipliedBy(2));
      }
    }
  }

  /** Starts a task every other second that waits for a message which never comes. */
  private static void leakTasks() {
    Channel<String> replies = Channel.rendezvous();
    while (true) {
      goAsync("await reply", replies::receive);
      sleep(SECOND.multipliedBy(2));
    }
  }

  /** Two tasks take two locks in a different order; further tasks need one of them. */
  private static void hang(EventLoop orders, EventLoop billing) {
    Mutex stock = new Mutex(orders);
    Mutex account = new Mutex(billing);
    orders.goAsync("ship order", () -> lockBoth(stock, account));
    billing.goAsync("refund", () -> lockBoth(account, stock));
    for (int i = 0; i < 5; i++) {
      orders.goAsync(
          "count stock " + i,
          () -> {
            sleep(SECOND);
            stock.withLock(() -> sleep(SECOND));
          });
    }
  }

  private static void lockBoth(Mutex first, Mutex second) {
    first.withLock(() -> {
      sleep(Duration.ofMillis(500));
      second.withLock(() -> sleep(SECOND));
    });
  }
}
