package dev.goasync.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.file.AsyncFile;
import dev.goasync.file.AsyncFiles;
import dev.goasync.io.ByteStream;
import dev.goasync.net.AsyncUnixServerSocket;
import dev.goasync.net.AsyncUnixSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same script of Unix sockets on the real and on the simulated backend. */
@Timeout(60)
final class UnixParityTest {
  private static final Duration SETTLED = Duration.ofMillis(50);

  @FunctionalInterface
  private interface Body {
    void run(AsyncUnixSocket client, AsyncUnixSocket server, FileParity.Log log) throws Exception;
  }

  /** The scripts that get a connection. */
  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  enum Script {
    ECHO((client, server, log) -> {
      log.add("write", () -> client.write(bytes("h")));
      log.add("read", () -> read(server));
    }),
    MANY_BYTES((client, server, log) -> {
      byte[] sent = new byte[1 << 20];
      for (int i = 0; i < sent.length; i++) {
        sent[i] = (byte) ((i * 31) >> 3);
      }
      Task<?> writer =
          GoAsync.goAsync(() -> {
            client.writeAll(ByteBuffer.wrap(sent));
            client.shutdownOutput();
          });
      byte[] got = server.readAllBytes();
      writer.await();
      log.add("value", () -> Arrays.equals(got, sent));
    }),
    END((client, server, log) -> {
      client.close();
      log.add("read", () -> read(server));
      log.add("again", () -> read(server));
      log.add("read of the closed", () -> read(client));
      log.add("write to the closed", () -> client.write(bytes("x")));
      log.add("write to its peer", () -> server.write(bytes("x")));
    }),
    HALF_CLOSE((client, server, log) -> {
      client.shutdownOutput();
      log.add("read", () -> read(server));
      log.add("write", () -> server.write(bytes("a")));
      log.add("read the answer", () -> read(client));
      log.add("write after the end", () -> client.write(bytes("x")));
    }),
    INPUT_SHUT((client, server, log) -> {
      client.shutdownInput();
      log.add("read", () -> read(client));
      log.add("write", () -> client.write(bytes("x")));
      log.add("read at the peer", () -> read(server));
      log.add("write at the peer", () -> server.write(bytes("x")));
    }),
    RESET_BY_UNREAD((client, server, log) -> {
      server.write(bytes("u"));
      client.close();
      log.add("read", () -> read(server));
      log.add("again", () -> read(server));
      log.add("write", () -> server.write(bytes("x")));
    }),
    BYTES_BEFORE_A_RESET((client, server, log) -> {
      client.write(bytes("f"));
      server.write(bytes("u"));
      client.close();
      log.add("read", () -> read(server));
      log.add("again", () -> read(server));
    }),
    WRITE_FIRST_AFTER_A_RESET((client, server, log) -> {
      server.write(bytes("u"));
      client.close();
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
    CLOSE_DURING_A_WRITE((client, server, log) -> {
      Task<?> writer = GoAsync.goAsync(() -> log.add("write", () -> writeForEver(client)));
      GoAsync.sleep(SETTLED);
      client.close();
      writer.await();
    }),
    PEER_CLOSES_DURING_A_WRITE((client, server, log) -> {
      Task<?> writer = GoAsync.goAsync(() -> log.add("write", () -> writeForEver(client)));
      GoAsync.sleep(SETTLED);
      server.close();
      writer.await();
    }),
    END_DURING_A_READ((client, server, log) -> {
      Task<?> reader = GoAsync.goAsync(() -> log.add("read", () -> read(client)));
      GoAsync.sleep(SETTLED);
      server.close();
      reader.await();
    }),
    CANCELLED_READ((client, server, log) -> {
      log.add("read", () -> GoAsync.withTimeout(SETTLED, () -> read(client)).isEmpty());
      log.add("write", () -> server.write(bytes("l")));
      log.add("again", () -> read(client));
    }),
    READINESS((client, server, log) -> {
      log.add("readable", () -> client.readable().isReady());
      log.add("writable", () -> client.writable().isReady());
      server.writeAll("x");
      client.readable().await();
      log.add("readable", () -> client.readable().isReady());
      log.add("hang-up", () -> client.hangUp().isReady());
      server.close();
      client.hangUp().await();
      log.add("hang-up", () -> client.hangUp().isReady());
    }),
    ADDRESSES((client, server, log) -> {
      log.add("local", () -> client.localAddress());
      log.add("remote", () -> client.remoteAddress());
      log.add("local", () -> server.localAddress());
      log.add("remote", () -> server.remoteAddress());
      client.close();
      log.add("local after the close", () -> client.localAddress());
      log.add("text", () -> client);
      log.add("text", () -> server);
    });

    private final Body body;

    Script(Body body) {
      this.body = body;
    }
  }

  /** The scripts about names, which get an empty directory. */
  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  enum Names {
    MISSING((dir, log) -> {
      log.add("connect", () -> AsyncUnixSocket.connect(dir.resolve("missing")));
      log.add("connect", () -> AsyncUnixSocket.connect(dir.resolve("none/missing")));
      log.add("listen", () -> AsyncUnixServerSocket.listen(dir.resolve("none/missing")));
    }),
    NOT_A_SOCKET((dir, log) -> {
      AsyncFiles.writeString(dir.resolve("file"), "x");
      log.add("connect", () -> AsyncUnixSocket.connect(dir.resolve("file")));
      log.add("connect", () -> AsyncUnixSocket.connect(dir));
      log.add("listen", () -> AsyncUnixServerSocket.listen(dir.resolve("file")));
      log.add("listen", () -> AsyncUnixServerSocket.listen(dir));
      log.add("listen", () -> AsyncUnixServerSocket.listen(dir.resolve("file/below")));
    }),
    IN_USE((dir, log) -> {
      try (var _ = AsyncUnixServerSocket.listen(dir.resolve("s"))) {
        log.add("listen", () -> AsyncUnixServerSocket.listen(dir.resolve("s")));
      }
      log.add("exists", () -> AsyncFiles.exists(dir.resolve("s")));
      log.add(
          "listen",
          () -> {
            try (var again = AsyncUnixServerSocket.listen(dir.resolve("s"))) {
              return again;
            }
          });
    }),
    LEFT_OVER((dir, log) -> {
      var listener = AsyncUnixServerSocket.listen(dir.resolve("s"));
      AsyncFiles.move(dir.resolve("s"), dir.resolve("moved"));
      log.add("connect", () -> connected(UnixDomainSocketAddress.of(dir.resolve("moved"))));
      listener.close();
      log.add("exists", () -> AsyncFiles.exists(dir.resolve("moved")));
      log.add("connect", () -> AsyncUnixSocket.connect(dir.resolve("moved")));
      log.add("listen", () -> AsyncUnixServerSocket.listen(dir.resolve("moved")));
      AsyncFiles.delete(dir.resolve("moved"));
    }),
    DELETED((dir, log) -> {
      try (var _ = AsyncUnixServerSocket.listen(dir.resolve("s"))) {
        AsyncFiles.delete(dir.resolve("s"));
        log.add("connect", () -> AsyncUnixSocket.connect(dir.resolve("s")));
      }
    }),
    BY_A_LINK((dir, log) -> {
      try (var _ = AsyncUnixServerSocket.listen(dir.resolve("s"))) {
        AsyncFiles.createSymbolicLink(dir.resolve("link"), dir.resolve("s"));
        log.add("connect", () -> connected(UnixDomainSocketAddress.of(dir.resolve("link"))));
        log.add("listen", () -> AsyncUnixServerSocket.listen(dir.resolve("link")));
      }
      log.add("connect", () -> AsyncUnixSocket.connect(dir.resolve("link")));
    }),
    TOO_LONG((dir, log) -> {
      Path path = Path.of("/" + "x".repeat(107));
      log.add("connect", () -> AsyncUnixSocket.connect(path));
      log.add("listen", () -> AsyncUnixServerSocket.listen(path));
    }),
    FILE_OF_A_SOCKET((dir, log) -> {
      Path path = dir.resolve("s");
      try (var _ = AsyncUnixServerSocket.listen(path)) {
        var attributes = AsyncFiles.readAttributes(path, BasicFileAttributes.class);
        log.add(
            "value",
            () ->
                attributes.isOther() + " " + attributes.isRegularFile() + " " + attributes.size());
        var posix = AsyncFiles.readAttributes(path, PosixFileAttributes.class);
        log.add("value", () -> posix.permissions().stream().sorted().toList());
        log.add("open", () -> AsyncFile.open(path));
      }
    }),
    ABSTRACT((dir, log) -> {
      SocketAddress name = AsyncUnixSocket.abstractAddress("goasync parity " + dir);
      log.add("connect", () -> AsyncUnixSocket.connect(name));
      try (var listener = AsyncUnixServerSocket.listen(name)) {
        log.add("connect", () -> connected(name));
        log.add("listen", () -> AsyncUnixServerSocket.listen(name));
        log.add("address", () -> listener.localAddress());
      }
      log.add("connect", () -> AsyncUnixSocket.connect(name));
    }),
    UNNAMED((dir, log) -> {
      log.add("connect", () -> AsyncUnixSocket.connect(Path.of("")));
      try (var listener = AsyncUnixServerSocket.listen(Path.of(""))) {
        log.add("address", () -> listener.localAddress());
      }
    }),
    ACCEPT_AFTER_CLOSE((dir, log) -> {
      var listener = AsyncUnixServerSocket.listen(dir.resolve("s"));
      Task<?> acceptor = GoAsync.goAsync(() -> log.add("accept", listener::accept));
      GoAsync.sleep(SETTLED);
      listener.close();
      acceptor.await();
      log.add("again", listener::accept);
      log.add("text", () -> listener);
    }),
    CANCELLED_ACCEPT((dir, log) -> {
      try (var listener = AsyncUnixServerSocket.listen(dir.resolve("s"))) {
        log.add(
            "accept",
            () -> GoAsync.withTimeout(SETTLED, () -> listener.accept().isOpen()).toString());
        log.add("connect", () -> connected(listener.localAddress()));
        log.add("acceptable", () -> listener.acceptable().isReady());
        log.add(
            "again",
            () -> {
              try (var accepted = listener.accept()) {
                return accepted.remoteAddress();
              }
            });
      }
    }),
    NOT_ACCEPTED_AND_IDLE((dir, log) -> {
      var listener = AsyncUnixServerSocket.listen(dir.resolve("s"));
      try (var client = AsyncUnixSocket.connect(dir.resolve("s"))) {
        listener.close();
        log.add("read", () -> read(client));
      }
    }),
    NOT_ACCEPTED((dir, log) -> {
      var listener = AsyncUnixServerSocket.listen(dir.resolve("s"));
      try (var client = AsyncUnixSocket.connect(dir.resolve("s"))) {
        log.add("write", () -> client.write(bytes("x")));
        listener.close();
        log.add("read", () -> read(client));
        log.add("write", () -> client.write(bytes("x")));
      }
    });

    private final FileParity.Script body;

    Names(FileParity.Script body) {
      this.body = body;
    }
  }

  private static boolean connected(SocketAddress address) throws IOException {
    try (var socket = AsyncUnixSocket.connect(address)) {
      return socket.isOpen();
    }
  }

  private static Object writeForEver(ByteStream stream) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(10_000);
    while (true) {
      stream.writeAll(buffer.clear());
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static String read(ByteStream stream) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(100);
    int count = stream.read(target);
    return count + " " + UTF_8.decode(target.flip());
  }

  @ParameterizedTest
  @EnumSource
  void connectionsBehaveAsReal(Script script) throws Exception {
    FileParity.compare((dir, log) -> {
      try (var listener = AsyncUnixServerSocket.listen(dir.resolve("listener"));
          var client = AsyncUnixSocket.connect(dir.resolve("listener"));
          var server = listener.accept()) {
        script.body.run(client, server, log);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void namesBehaveAsReal(Names script) throws Exception {
    FileParity.compare(script.body);
  }
}
