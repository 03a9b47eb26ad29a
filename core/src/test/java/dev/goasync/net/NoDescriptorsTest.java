package dev.goasync.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Action;
import dev.goasync.Caller;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.conformance.Conformance;
import dev.goasync.file.AsyncFile;
import dev.goasync.testkit.ChildJvm;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * With too many open descriptors every operation throws with the reason, and the runtime goes on.
 */
@Conformance
@Timeout(120)
final class NoDescriptorsTest {
  private static final int MOST = 100;
  private static final Path NULL = Path.of("/dev/null");

  /** Shared by the programs. They use no assertion library: its classes could not be loaded. */
  abstract static class Program {
    static final List<Channel> HOGS = new ArrayList<>();

    /** Loads classes early, because loading needs descriptors. */
    static void loadClasses() throws Exception {
      for (Class<?> each : List.of(GoAsync.class, NoDescriptorsTest.class)) {
        Path root = Path.of(each.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (var files = Files.walk(root.resolve("dev/goasync"))) {
          for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
            String name = root.relativize(file).toString().replace('/', '.');
            if (!name.endsWith("Test.class")
                && !name.contains(".build.")
                && !name.endsWith("-info.class")) {
              Class.forName(
                  name.substring(0, name.length() - ".class".length()),
                  false,
                  each.getClassLoader());
            }
          }
        }
      }
    }

    static IOException useUp() {
      try {
        while (true) {
          HOGS.add(AsyncFile.open(NULL));
        }
      } catch (IOException none) {
        return none;
      }
    }

    static void freeAll() throws IOException {
      for (Channel hog : HOGS) {
        hog.close();
      }
      HOGS.clear();
    }

    static void expect(Class<?> type, String part, Action<?> operation) {
      try {
        operation.run();
        System.out.println("no exception of " + part);
      } catch (Exception thrown) {
        check(type, part, thrown);
      }
    }

    static void check(Class<?> type, String part, Exception thrown) {
      String message = String.valueOf(thrown.getMessage());
      if (thrown.getClass() != type
          || !message.contains("Too many open files")
          || !message.contains(part)) {
        System.out.println("expected " + type + " of " + part + " but got " + thrown);
      }
    }

    static AsyncServerSocket listen() throws IOException {
      return AsyncServerSocket.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
  }

  static final class AllOperations extends Program {
    public static void main(String[] arguments) throws Exception {
      loadClasses();
      Caller caller = Caller.valueOf(System.getProperty("caller"));
      try (var warm = listen()) { // creates the loop and loads what a failing operation needs
        caller.run(() -> AsyncSocket.connect(warm.localAddress()).close());
        warm.accept().close();
      }
      caller.run(AllOperations::scenario);
      caller.run(AllOperations::scenario);
      GoAsync.goAsync(() -> System.out.println("went on")).await();
    }

    static void scenario() throws Exception {
      try (var server = listen();
          var client = AsyncSocket.connect(server.localAddress())) {
        String address = server.localAddress().toString();
        check(FileSystemException.class, NULL.toString(), useUp());
        expect(SocketException.class, address, () -> AsyncSocket.connect(server.localAddress()));
        expect(SocketException.class, address, server::accept);
        expect(
            SocketException.class,
            address,
            () ->
                AsyncServerSocket.listen(
                    new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), server.localAddress().getPort())));
        expect(
            FileSystemException.class,
            "/proc/self/status",
            () -> AsyncFile.open(Path.of("/proc/self/status")));
        client.writeAll("open sockets work\n");
        freeAll();
        try (var accepted = server.accept();
            var file = AsyncFile.open(NULL);
            var second = AsyncSocket.connect(server.localAddress());
            var accepted2 = server.accept()) {
          System.out.println(accepted.readLine());
          second.writeAll("as after\n");
          accepted2.readLine();
          file.read(ByteBuffer.allocate(1));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void openConnectAcceptAndListenThrowAndWorkAgainLater(Caller caller) throws Exception {
    ChildJvm.Ended ended =
        ChildJvm.runWithDescriptors(MOST, AllOperations.class, "-Dcaller=" + caller);
    assertThat(ended.assertSuccess().out().lines())
        .containsExactly("open sockets work", "open sockets work", "went on");
  }

  /** The first wait of a thread opens a descriptor. */
  static final class FirstWait extends Program {
    public static void main(String[] arguments) throws Exception {
      loadClasses();
      try (var server = listen();
          var client = AsyncSocket.connect(server.localAddress())) {
        String address = server.localAddress().toString();
        AsyncServerSocket other = listen();
        Thread.ofPlatform().daemon().start(() -> keepWaiting(other));
        Waiting.untilThreadsWait(1); // with the last descriptor
        useUp();
        expect(SocketException.class, address, client::readLine);
        freeAll();
        other.close();
        try (var accepted = server.accept()) {
          accepted.writeAll("waits now\n");
          System.out.println(client.readLine());
        }
      }
    }
  }

  private static void keepWaiting(AsyncServerSocket server) {
    try {
      server.accept();
    } catch (IOException closed) {
      // at the end
    }
  }

  @Test
  void threadThatCannotWaitNamesTheOperation() throws Exception {
    ChildJvm.Ended ended = ChildJvm.runWithDescriptors(MOST, FirstWait.class);
    assertThat(ended.assertSuccess().out().lines()).containsExactly("waits now");
  }

  /** A loop opens its ring at its first operation. */
  static final class FirstOperation extends Program {
    public static void main(String[] arguments) throws Exception {
      loadClasses();
      GoAsync.goAsync(() -> {}).await();
      useUp();
      try {
        GoAsync.goAsync(() -> AsyncFile.open(NULL).close()).await();
        System.out.println("no exception");
      } catch (RuntimeException thrown) {
        System.out.println(thrown);
      }
      System.out.println(GoAsync.goAsync(() -> "coroutines run").await());
      try (EventLoop loop = EventLoop.start()) {
        System.out.println(loop.goAsync(() -> "loops start").await());
      }
      freeAll();
      GoAsync.goAsync(() -> AsyncFile.open(NULL).close()).await();
      System.out.println("works again");
    }
  }

  @Test
  void loopThatCannotOpenItsRingThrowsAndTriesAgainLater() throws Exception {
    ChildJvm.Ended ended = ChildJvm.runWithDescriptors(MOST, FirstOperation.class);
    assertThat(ended.assertSuccess().out().lines().toList())
        .satisfies(lines ->
            assertThat(lines.getFirst())
                .contains("Too many open files")
                .containsAnyOf("raise ulimit -n", NULL.toString()))
        .endsWith("coroutines run", "loops start", "works again")
        .hasSize(4);
  }

  /** Counts down when the server logs that it cannot accept. */
  private static final class Listening extends Handler {
    final CountDownLatch heard = new CountDownLatch(1);

    @Override
    public void publish(LogRecord record) {
      heard.countDown();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** The system connects the client, which waits for the server to accept it. */
  static final class ServerGoesOn extends Program {
    private static final Logger LOG = Logger.getLogger("dev.goasync.net");

    public static void main(String[] arguments) throws Exception {
      loadClasses();
      try (Server server = Server.listen(0, client -> client.writeAll(client.readLine() + "\n"))) {
        InetSocketAddress address = (InetSocketAddress) server.localAddress();
        try (var warm = AsyncSocket.connect("127.0.0.1", server.port())) {
          warm.writeAll("warm\n");
          System.out.println(warm.readLine());
        }
        while (server.connections() > 0) {
          Thread.onSpinWait();
        }
        Listening log = new Listening();
        LOG.addHandler(log);
        useUp();
        HOGS.removeLast().close();
        try (var client = AsyncSocket.connect("127.0.0.1", address.getPort())) {
          client.writeAll("waited\n");
          log.heard.await();
          freeAll();
          System.out.println(client.readLine());
        }
      }
    }
  }

  @Test
  void serverPausesThenRecovers() throws Exception {
    ChildJvm.Ended ended = ChildJvm.runWithDescriptors(MOST, ServerGoesOn.class);
    assertThat(ended.assertSuccess().out().lines()).containsExactly("warm", "waited");
    assertThat(ended.err())
        .containsOnlyOnce("cannot accept connections at")
        .contains("Too many open files");
  }
}
