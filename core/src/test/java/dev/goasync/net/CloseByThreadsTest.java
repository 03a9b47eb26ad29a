package dev.goasync.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.conformance.Conformance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** Threads close sockets while coroutines open, wait for and close others of the same loop. */
@Conformance
final class CloseByThreadsTest {
  private static final int THREADS = 6;
  private static final int CLIENTS = 30;
  private static final int VISITS_EACH = 20;

  /** A socket for a thread to close, and the thread's report. */
  private record Order(AsyncSocket socket, CompletableFuture<Boolean> done) {}

  private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();

  private void closeSockets() {
    try {
      while (true) {
        Order order = orders.take();
        order.socket.close();
        order.done.complete(true);
      }
    } catch (InterruptedException | IOException end) {
      // the test is over, or fails by its time limit
    }
  }

  /** A thread closes the client's end during a read, and a coroutine the server's end. */
  private void visit(Server server) throws Exception {
    AsyncSocket client =
        AsyncSocket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    Task<Integer> read =
        GoAsync.goAsync(() -> {
          try {
            return client.readExactly(1).length;
          } catch (ClosedChannelException closed) {
            return 0;
          }
        });
    GoAsync.yield();
    var done = new CompletableFuture<Boolean>();
    orders.add(new Order(client, done));
    assertThat(read.await()).isZero();
    assertThat(Task.from(done).await()).isTrue();
  }

  @Test
  void theLoopGoesOn() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(Thread.ofPlatform().start(this::closeSockets));
    }
    try {
      Caller.COROUTINE.run(() -> {
        try (Server server = Server.listen(0, connection -> connection.readLine())) {
          TaskScope.run(scope -> {
            for (int i = 0; i < CLIENTS; i++) {
              scope.goAsync(() -> {
                for (int n = 0; n < VISITS_EACH; n++) {
                  visit(server);
                }
              });
            }
            return null;
          });
        }
      });
    } finally {
      for (Thread each : threads) {
        each.interrupt();
        each.join();
      }
    }
  }
}
