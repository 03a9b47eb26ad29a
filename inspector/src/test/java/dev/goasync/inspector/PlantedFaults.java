package dev.goasync.inspector;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.Server;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Mutex;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A program with a deadlock over two loops, code that blocks a loop, sockets that are never closed
 * and tasks that wait without end. Runs until its standard input ends.
 */
final class PlantedFaults {
  private static final Duration LONG = Duration.ofHours(10);

  private static final List<AsyncSocket> FORGOTTEN = new ArrayList<>();

  private PlantedFaults() {}

  public static void main(String[] args) throws Exception {
    var _ = Inspector.with().interval(Duration.ofMillis(200)).start();
    EventLoop orders = EventLoop.start("orders");
    EventLoop billing = EventLoop.start("billing");
    Server server = Server.with().on(orders).listen(0, AsyncSocket::readAll);
    for (int i = 0; i < 12; i++) {
      orders.goAsync("client " + i, () -> idle(server.port()));
    }
    hang(orders, billing);
    billing.goAsync("report", PlantedFaults::blockTheLoop);
    billing.goAsync("prices", () -> leakSockets(server.port()));
    orders.goAsync("mail", PlantedFaults::leakTasks);
    orders.goAsync("<b>bold</b><img src=x onerror=alert(1)>", () -> GoAsync.sleep(LONG));
    var _ = billing.goAsync(() -> GoAsync.offload(() -> Thread.sleep(LONG)));
    new PrintStream(System.out, true, StandardCharsets.UTF_8).println("ready");
    int end = System.in.read();
    Runtime.getRuntime().halt(end);
  }

  private static void idle(int port) throws IOException {
    try (AsyncSocket socket =
        AsyncSocket.connect(InetAddress.getLoopbackAddress().getHostAddress(), port)) {
      socket.readAll();
    }
  }

  private static void hang(EventLoop orders, EventLoop billing) {
    Mutex stock = new Mutex(orders);
    Mutex account = new Mutex(billing);
    orders.goAsync("ship order", () -> lockBoth(stock, account));
    billing.goAsync("refund", () -> lockBoth(account, stock));
    for (int i = 0; i < 5; i++) {
      orders.goAsync("count stock", () -> waitFor(stock));
    }
  }

  private static void lockBoth(Mutex first, Mutex second) {
    first.withLock(() -> {
      GoAsync.sleep(Duration.ofMillis(300));
      second.withLock(() -> GoAsync.sleep(LONG));
    });
  }

  private static void waitFor(Mutex mutex) {
    GoAsync.sleep(Duration.ofMillis(150));
    mutex.withLock(() -> GoAsync.sleep(LONG));
  }

  private static void blockTheLoop() {
    while (true) {
      GoAsync.sleep(Duration.ofMillis(1500));
      compute(Duration.ofMillis(220));
    }
  }

  private static void compute(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static void leakSockets(int port) throws IOException {
    while (true) {
      FORGOTTEN.add(AsyncSocket.connect(InetAddress.getLoopbackAddress().getHostAddress(), port));
      GoAsync.sleep(Duration.ofMillis(700));
    }
  }

  private static void leakTasks() {
    Channel<String> replies = Channel.rendezvous();
    while (true) {
      GoAsync.goAsync("await reply", replies::receive);
      GoAsync.sleep(Duration.ofMillis(700));
    }
  }
}
