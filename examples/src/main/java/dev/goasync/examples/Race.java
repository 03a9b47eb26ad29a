package dev.goasync.examples;

import static dev.goasync.GoAsync.sleep;
import static dev.goasync.GoAsync.withTimeout;

import dev.goasync.Body;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Asks three mirrors at once. The first response wins, the remaining requests are cancelled. */
public final class Race {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private Race() {}

  public static void main(String[] args) {
    Cli.run("race", args, _ -> race());
  }

  private static void race() throws IOException {
    List<String> cancelled = new ArrayList<>();
    String response =
        TaskScope.run(mirrors -> {
          InetSocketAddress slow = startMirror(mirrors, "slow", Duration.ofDays(1));
          InetSocketAddress fast = startMirror(mirrors, "fast", Duration.ofMillis(20));
          InetSocketAddress dead = unusedAddress();
          List<Body<String, IOException>> requests =
              List.of(
                  () -> ask(slow, "slow", cancelled),
                  () -> ask(fast, "fast", cancelled),
                  () -> ask(dead, "dead", cancelled));
          String first = withTimeout(TIMEOUT, () -> TaskScope.<String>race(requests));
          mirrors.cancel("the race is over");
          return first;
        });
    System.out.println("winner: " + response);
    System.out.println("cancelled: " + cancelled);
    if (!response.equals("hello from fast") || !cancelled.equals(List.of("slow"))) {
      throw new IllegalStateException("the wrong mirror won");
    }
    System.out.println("race: ok");
  }

  private static String ask(InetSocketAddress mirror, String name, List<String> cancelled)
      throws IOException {
    try (AsyncSocket socket = AsyncSocket.connect(mirror)) {
      return String.valueOf(socket.readLine());
    } catch (CancellationException raceLost) {
      cancelled.add(name);
      throw raceLost;
    }
  }

  /** Starts a server that responds to one client after a delay. It ends with the scope. */
  private static InetSocketAddress startMirror(TaskScope scope, String name, Duration delay)
      throws IOException {
    AsyncServerSocket server = AsyncServerSocket.listen(0);
    Task<?> _ =
        scope.goAsync(() -> {
          try (server;
              AsyncSocket client = server.accept()) {
            sleep(delay);
            client.writeAll("hello from " + name + "\n");
          }
        });
    return server.localAddress();
  }

  private static InetSocketAddress unusedAddress() throws IOException {
    try (AsyncServerSocket server = AsyncServerSocket.listen(0)) {
      return server.localAddress();
    }
  }
}
