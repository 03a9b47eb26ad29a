package dev.goasync.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.net.AsyncDatagramSocket;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.testing.Simulation;
import dev.goasync.testkit.Modes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same script of socket operations on the real and on the simulated backend: results, errors
 * and messages must agree. Each script waits for the peer where the order matters.
 */
@Timeout(60)
final class SimulationParityTest {
  private static final Duration SETTLED = Duration.ofMillis(100);

  /** What a script has seen, one line for each operation. */
  private static final class Log {
    final List<String> lines = new ArrayList<>();

    void add(String what, Operation operation) {
      String result;
      try {
        result = String.valueOf(operation.run());
      } catch (Exception thrown) {
        result = thrown.getClass().getName() + ": " + thrown.getMessage();
      }
      lines.add(
          what
              + " -> "
              + result.replaceAll("\\b\\d{4,5}\\b", "PORT").replace(" by peer", "")); // the JDK's
    }
  }

  @FunctionalInterface
  private interface Operation {
    Object run() throws Exception;
  }

  @FunctionalInterface
  private interface Body {
    void run(AsyncSocket client, AsyncSocket server, Log log) throws Exception;
  }

  /** The scripts that get a connection. */
  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  enum Script {
    ECHO((client, server, log) -> {
      log.add("write", () -> client.write(bytes("hello")));
      log.add("read", () -> read(server));
    }),
    END((client, server, log) -> {
      client.close();
      log.add("read", () -> read(server));
      log.add("again", () -> read(server));
      log.add("read of the closed", () -> read(client));
      log.add("write to the closed", () -> client.write(bytes("x")));
    }),
    HALF_CLOSE((client, server, log) -> {
      client.shutdownOutput();
      log.add("read", () -> read(server));
      log.add("write", () -> server.write(bytes("answer")));
      log.add("read the answer", () -> read(client));
      log.add("write after the end", () -> client.write(bytes("x")));
    }),
    INPUT_SHUT((client, server, log) -> {
      client.shutdownInput();
      log.add("read", () -> read(client));
      log.add("write", () -> client.write(bytes("x")));
      log.add("read at the peer", () -> read(server));
    }),
    RESET_BY_UNREAD((client, server, log) -> {
      server.write(bytes("unread"));
      GoAsync.sleep(SETTLED);
      client.close();
      GoAsync.sleep(SETTLED);
      log.add("read", () -> read(server));
      log.add("again", () -> read(server));
      log.add("write", () -> server.write(bytes("x")));
    }),
    BYTES_BEFORE_A_RESET((client, server, log) -> {
      client.write(bytes("first"));
      server.write(bytes("unread"));
      GoAsync.sleep(SETTLED);
      client.close();
      GoAsync.sleep(SETTLED);
      log.add("read", () -> read(server));
      log.add("again", () -> read(server));
    }),
    WRITE_TO_A_CLOSED_PEER((client, server, log) -> {
      client.close();
      GoAsync.sleep(SETTLED);
      log.add("write", () -> server.write(bytes("x")));
      GoAsync.sleep(SETTLED);
      log.add("again", () -> server.write(bytes("x")));
      log.add("read", () -> read(server));
    }),
    WRITE_FIRST_AFTER_A_RESET((client, server, log) -> {
      server.write(bytes("unread"));
      GoAsync.sleep(SETTLED);
      client.close();
      GoAsync.sleep(SETTLED);
      log.add("write", () -> server.write(bytes("x")));
      log.add("again", () -> server.write(bytes("x")));
      log.add("read", () -> read(server));
    }),
    CLOSE_DURING_A_READ((client, server, log) -> {
      Task<?> reader = GoAsync.goAsync(() -> log.add("read", () -> read(client)));
      GoAsync.sleep(SETTLED);
      client.close();
      reader.await();
    }),
    CANCELLED_READ((client, server, log) -> {
      log.add("read", () -> GoAsync.withTimeout(SETTLED, () -> read(client)).isEmpty());
      log.add("write", () -> server.write(bytes("late")));
      log.add("again", () -> read(client));
    }),
    ADDRESSES((client, server, log) -> {
      log.add("remote", () -> client.remoteAddress());
      log.add("same", () -> client.localAddress().equals(server.remoteAddress()));
      client.close();
      log.add("local after the close", () -> client.localAddress());
      log.add("text", () -> client);
    });

    private final Body body;

    Script(Body body) {
      this.body = body;
    }
  }

  /** The scripts without a connection. */
  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  enum Alone {
    REFUSED(log -> log.add("connect", () -> AsyncSocket.connect(new InetSocketAddress(LOCAL, 1)))),
    IN_USE(log -> {
      try (var first = AsyncServerSocket.listen(new InetSocketAddress(LOCAL, 0))) {
        log.add("listen", () -> AsyncServerSocket.listen(first.localAddress()));
      }
    }),
    FOREIGN_ADDRESS(log ->
        log.add("listen", () -> AsyncServerSocket.listen(new InetSocketAddress("192.0.2.1", 0)))),
    ACCEPT_AFTER_CLOSE(log -> {
      var listener = AsyncServerSocket.listen(new InetSocketAddress(LOCAL, 0));
      Task<?> acceptor = GoAsync.goAsync(() -> log.add("accept", listener::accept));
      GoAsync.sleep(SETTLED);
      listener.close();
      acceptor.await();
      log.add("again", listener::accept);
    }),
    NOT_ACCEPTED(log -> {
      var listener = AsyncServerSocket.listen(new InetSocketAddress(LOCAL, 0));
      try (var client = AsyncSocket.connect(listener.localAddress())) {
        listener.close();
        GoAsync.sleep(SETTLED);
        log.add("read", () -> read(client));
      }
    }),
    DATAGRAMS(log -> {
      try (var one = AsyncDatagramSocket.bind(new InetSocketAddress(LOCAL, 0));
          var two = AsyncDatagramSocket.bind(new InetSocketAddress(LOCAL, 0))) {
        one.send(bytes("datagram"), two.localAddress());
        ByteBuffer shorter = ByteBuffer.allocate(4);
        log.add("sender", () -> two.receive(shorter).equals(one.localAddress()));
        log.add("content", () -> text(shorter));
        log.add(
            "too long",
            () -> {
              one.send(ByteBuffer.allocate(70_000), two.localAddress());
              return "sent";
            });
        AsyncDatagramSocket gone = AsyncDatagramSocket.bind(new InetSocketAddress(LOCAL, 0));
        one.setPeer(gone.localAddress());
        gone.close();
        one.send(bytes("x"));
        GoAsync.sleep(SETTLED);
        log.add("unreachable", () -> one.receive(ByteBuffer.allocate(1)));
      }
    });

    private final AloneBody body;

    Alone(AloneBody body) {
      this.body = body;
    }
  }

  @FunctionalInterface
  private interface AloneBody {
    void run(Log log) throws Exception;
  }

  private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static String text(ByteBuffer filled) {
    byte[] content = new byte[filled.flip().remaining()];
    filled.get(content);
    return new String(content, UTF_8);
  }

  private static String read(AsyncSocket socket) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(100);
    int count = socket.read(target);
    return count + " " + text(target);
  }

  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  @ParameterizedTest
  @EnumSource
  void connectionsBehaveAsReal(Script script) throws Exception {
    compare(log -> {
      try (var listener = AsyncServerSocket.listen(new InetSocketAddress(LOCAL, 0));
          var client = AsyncSocket.connect(listener.localAddress());
          var server = listener.accept()) {
        script.body.run(client, server, log);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void theRestBehavesAsReal(Alone script) throws Exception {
    compare(script.body);
  }

  private static void compare(AloneBody body) throws Exception {
    Log real = new Log();
    try (EventLoop loop = EventLoop.start("real")) {
      loop.goAsync(() -> body.run(real)).await();
    }
    Log simulated = new Log();
    Simulation.with().run(world -> body.run(simulated));
    assertEquals(String.join("\n", real.lines), String.join("\n", simulated.lines));
  }
}
