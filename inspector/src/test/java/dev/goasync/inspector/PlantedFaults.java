package dev.goasync.inspector;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.Server;
import dev.goasync.process.AsyncProcess;
import dev.goasync.process.Command;
import dev.goasync.process.Redirect;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Mutex;
import dev.goasync.sync.Semaphore;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A program with a deadlock over two loops, code that blocks a loop for moments and a loop that
 * stays blocked, sockets that are never closed, tasks that wait without end, a lost permit, a child
 * that holds a pipe, and a scope that waits for a shielded task. Runs until its standard input
 * ends.
 */
final class PlantedFaults {
  private static final Duration LONG = Duration.ofHours(10);

  private static final List<AsyncSocket> FORGOTTEN = new ArrayList<>();

  private PlantedFaults() {}

  public static void main(String[] args) throws Exception {
    var _ = Inspector.with().interval(Duration.ofMillis(200)).allowCancel(true).start();
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
    losePermit(orders);
    orders.goAsync("convert", PlantedFaults::readOutput);
    Task<?> scope = orders.goAsync("nightly", PlantedFaults::runScope);
    orders.schedule(Duration.ofMillis(300), () -> scope.cancel("the night is over"));
    EventLoop imports = EventLoop.start("imports");
    Process silent = new ProcessBuilder("cat").start();
    imports.goAsync("import", () -> readBlocking(silent));
    orders.goAsync("victim", () -> GoAsync.sleep(LONG));
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

  private static void losePermit(EventLoop loop) {
    Semaphore permits = new Semaphore(loop, 1, 1);
    loop.goAsync("forgetful", () -> forgetPermit(permits));
    loop.goAsync(
        "needs a permit",
        () -> {
          GoAsync.sleep(Duration.ofMillis(150));
          permits.acquire();
        });
  }

  private static void forgetPermit(Semaphore permits) {
    permits.acquire();
  }

  /** The shell ends; its child keeps the pipe of the output until this program ends. */
  private static void readOutput() throws IOException {
    Command shell = Command.of("sh", "-c", "exec 3<&0; cat <&3 & exit 0");
    try (AsyncProcess process = shell.stdin(Redirect.PIPE).start()) {
      process.stdout().readAll();
    }
  }

  private static void runScope() {
    TaskScope.run(tasks -> {
      tasks.goAsync("stubborn", PlantedFaults::sleepBehindAShield);
      return null;
    });
  }

  private static int sleepBehindAShield() {
    GoAsync.shielded(() -> GoAsync.sleep(LONG));
    return 0;
  }

  private static int readBlocking(Process process) throws IOException {
    return process.getInputStream().read();
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
