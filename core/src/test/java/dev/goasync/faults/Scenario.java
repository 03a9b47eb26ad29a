package dev.goasync.faults;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.file.Advice;
import dev.goasync.file.AsyncDirectory;
import dev.goasync.file.AsyncFile;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.AsyncUnixSocket;
import dev.goasync.net.PassedDescriptor;
import dev.goasync.process.Command;
import dev.goasync.process.Redirect;
import dev.goasync.system.AsyncPipe;
import dev.goasync.system.TerminalSize;
import dev.goasync.testkit.SocketPair;
import dev.goasync.testkit.Waiting;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** The operations during which a call fails; each checks that every byte arrives once. */
enum Scenario {
  FILE {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      byte[] content = content(20_000);
      try (var file = AsyncFile.open(dir.resolve("file"), CREATE, TRUNCATE_EXISTING, READ, WRITE)) {
        file.writeAll(content);
        file.writeAll(ByteBuffer.allocateDirect(content.length).put(content).flip());
        file.force(true);
        ByteBuffer again = ByteBuffer.wrap(content);
        while (again.hasRemaining()) {
          file.write(again, content.length + again.position());
        }
        file.force(false);
        assertThat(file.size()).isEqualTo(2L * content.length);
        file.truncate(content.length);
        file.position(0);
        assertThat(file.readAllBytes()).isEqualTo(content);
        ByteBuffer at = ByteBuffer.allocateDirect(content.length);
        while (at.hasRemaining()) {
          file.read(at, at.position());
        }
        assertThat(at.flip()).isEqualTo(ByteBuffer.wrap(content));
      }
    }
  },

  /** A file without cached reads: a loop of io_uring submits each read, also in portable mode. */
  NOT_CACHED {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      Path version = Path.of("/proc/version");
      try (var file = AsyncFile.open(version)) {
        assertThat(file.readAllBytes()).isEqualTo(Files.readAllBytes(version));
      }
    }
  },

  /** Operations without an asynchronous form in the kernel. */
  SPACE {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      byte[] content = content(20_000);
      try (var file = AsyncFile.open(dir.resolve("file"), CREATE, TRUNCATE_EXISTING, READ, WRITE);
          var copy = AsyncFile.open(dir.resolve("copy"), CREATE, TRUNCATE_EXISTING, READ, WRITE);
          var _ = file.lock()) {
        file.allocate(0, 2L * content.length);
        file.advise(Advice.SEQUENTIAL, 0, 0);
        file.writeAll(content);
        file.truncate(content.length);
        assertThat(file.transferTo(0, Long.MAX_VALUE, copy)).isEqualTo(content.length);
        assertThat(copy.position(0).readAllBytes()).isEqualTo(content);
      }
    }
  },

  /** Paths beneath a directory. Each run leaves nothing, however far the one before came. */
  DIRECTORY {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      for (String left : List.of("beneath/renamed", "beneath/file", "beneath")) {
        Files.deleteIfExists(dir.resolve(left));
      }
      try (var directory = AsyncDirectory.open(dir)) {
        directory.createDirectory("beneath");
        try (var file = directory.openFile("beneath/file", CREATE, READ, WRITE)) {
          file.writeAll("content");
        }
        directory.openFile("beneath/file", CREATE, WRITE).close();
        directory.rename("beneath/file", "beneath/renamed");
        assertThat(directory.stat("beneath/renamed").size()).isEqualTo(7);
        assertThat(directory.list("beneath")).hasSize(1);
        try (var file = directory.openFile("beneath/renamed")) {
          assertThat(file.attributes().isRegularFile()).isTrue();
          assertThat(file.readAll()).isEqualTo("content");
        }
        directory.delete("beneath/renamed");
        directory.delete("beneath");
      }
    }
  },

  SEND_FILE {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      byte[] content = content(20_000);
      try (var file = AsyncFile.open(dir.resolve("file"), CREATE, TRUNCATE_EXISTING, READ, WRITE);
          var server = AsyncServerSocket.listen(LOOPBACK);
          var here = AsyncSocket.connect(server.localAddress());
          var there = server.accept()) {
        file.writeAll(content);
        assertThat(file.transferTo(0, content.length, here)).isEqualTo(content.length);
        assertThat(there.readExactly(content.length)).isEqualTo(content);
      }
    }
  },

  ECHO {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      byte[] content = content(10_000);
      try (var server = AsyncServerSocket.listen(LOOPBACK);
          var here = AsyncSocket.connect(server.localAddress());
          var there = server.accept()) {
        here.writeAll(content);
        there.writeAll(there.readExactly(content.length));
        assertThat(here.readExactly(content.length)).isEqualTo(content);
        here.shutdownOutput();
        assertThat(there.readAllBytes()).isEmpty();
      }
    }
  },

  /** A send and the receive of the response run at the same time. */
  EXCHANGE {
    @Override
    @SuppressWarnings("try") // closing early ends the read of the peer
    void run(Path dir, Caller caller) throws Exception {
      try (var server = AsyncServerSocket.listen(LOOPBACK);
          var here = AsyncSocket.connect(server.localAddress());
          var there = server.accept()) {
        Task<?> answerer = caller.beside(() -> answer(there));
        String answer = null;
        try {
          here.writer().writeAll("hello\n");
          answer = here.readLine();
        } catch (Exception failed) {
          here.close();
          Caller.settle(answerer);
          throw failed;
        }
        Caller.finish(answerer);
        assertThat(answer).isEqualTo("you said hello");
      }
    }

    private void answer(AsyncSocket there) throws Exception {
      try {
        there.writeAll("you said " + there.readLine() + "\n");
      } finally {
        there.shutdownOutput();
      }
    }
  },

  /** Passed descriptors arrive once, and those without a new owner are closed. */
  PASSING {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      byte[] content = content(3_000);
      List<PassedDescriptor> passed = new ArrayList<>();
      try (var pair = SocketPair.at(AsyncUnixSocket.abstractAddress(dir.toString()));
          var file = AsyncFile.open(dir.resolve("file"), CREATE, TRUNCATE_EXISTING, READ, WRITE);
          var server = AsyncServerSocket.listen(LOOPBACK);
          var client = AsyncSocket.connect(server.localAddress());
          var accepted = server.accept()) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        pair.here().sendDescriptors(bytes, file, server, accepted);
        ByteBuffer target = ByteBuffer.allocate(content.length);
        while (target.hasRemaining()) {
          pair.there().receiveDescriptors(target, passed);
        }
        assertThat(target.array()).isEqualTo(content);
        assertThat(passed).hasSize(3);
        try (var takenFile = passed.get(0).open(AsyncFile::ofDescriptor);
            var takenServer = passed.get(1).toServerSocket();
            var taken = passed.get(2).toSocket()) {
          takenFile.writeAll("x");
          assertThat(file.position()).isEqualTo(1);
          assertThat(takenServer.localAddress()).isEqualTo(server.localAddress());
          taken.writeAll("hello\n");
          assertThat(client.readLine()).isEqualTo("hello");
        }
      } finally {
        for (PassedDescriptor each : passed) {
          each.close();
        }
      }
    }
  },

  /** The accept starts first and waits, on its thread or in its coroutine. */
  ACCEPT {
    @Override
    @SuppressWarnings("try") // closing early ends the accept
    void run(Path dir, Caller caller) throws Exception {
      try (var server = AsyncServerSocket.listen(LOOPBACK)) {
        Task<?> accept = caller.beside(() -> server.accept().close());
        try {
          AsyncSocket.connect(server.localAddress()).close();
        } catch (Exception failed) {
          server.close();
          Caller.settle(accept);
          throw failed;
        }
        Caller.finish(accept);
      }
    }
  },

  FIFO {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      byte[] content = content(3_000);
      try (var pipe = AsyncFile.open(dir.resolve("fifo"), READ, WRITE)) {
        pipe.writeAll(content);
        ByteBuffer got = ByteBuffer.allocate(content.length);
        while (got.hasRemaining()) {
          pipe.read(got);
        }
        assertThat(got.array()).isEqualTo(content);
      }
    }
  },

  ANONYMOUS_PIPE {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      byte[] content = content(3_000);
      try (var pipe = AsyncPipe.open()) {
        pipe.sink().writeAll(content);
        pipe.sink().close();
        assertThat(pipe.source().readAllBytes()).isEqualTo(content);
      }
    }
  },

  READY {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      try (var server = AsyncServerSocket.listen(LOOPBACK);
          var here = AsyncSocket.connect(server.localAddress());
          var there = server.accept()) {
        here.writable().await();
        here.writeAll("x\n");
        there.readable().await();
        assertThat(there.readLine()).isEqualTo("x");
      }
    }
  },

  /** A cancel or an interrupt ends a read, and the next read returns all bytes. */
  CANCEL {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      try (var pipe = AsyncFile.open(dir.resolve("fifo"), READ, WRITE)) {
        if (caller == Caller.COROUTINE) {
          Task<?> reader = GoAsync.goAsync(() -> String.valueOf(pipe.readLine()));
          Waiting.forATurn();
          reader.cancel("by the scenario");
          cancelled(reader);
        } else {
          interrupted(pipe);
        }
        pipe.writeAll("whole\n");
        assertThat(pipe.readLine()).isEqualTo("whole");
      }
    }
  },

  SLEEP {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      try (var _ = AsyncFile.open(NULL)) {
        for (int i = 0; i < 4; i++) { // so that the fault is met, however often the open has waited
          GoAsync.sleep(LONG_ENOUGH);
        }
      }
    }
  },

  WAKE_UP {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      try (var _ = AsyncFile.open(NULL)) {
        CompletableFuture<String> future = new CompletableFuture<>();
        Thread waker = Thread.ofPlatform().start(() -> future.complete("woken"));
        assertThat(Task.from(future).await()).isEqualTo("woken");
        waker.join();
      }
    }
  },

  PROCESS {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      try (var cat = Command.of("cat").stderr(Redirect.DISCARD).start()) {
        cat.stdin().writeAll("there and back\n");
        assertThat(cat.stdout().readLine()).isEqualTo("there and back");
        cat.stdin().close();
        assertThat(cat.await()).isZero();
      }
    }
  },

  /** A socket is closed while it is used. */
  KILLED_PROCESS {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      try (var cat = Command.of("cat").grace(Duration.ZERO).start()) {
        assertThat(cat.isAlive()).isTrue();
      }
    }
  },

  TERMINAL {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      try (var echo = Command.of("echo", "text").terminal(new TerminalSize(80, 24)).start()) {
        assertThat(echo.terminal().readAll()).isEqualTo("text\r\n");
        assertThat(echo.await()).isZero();
      }
    }
  },

  /** A second loop with its own thread opens, does I/O and closes. */
  SECOND_LOOP {
    @Override
    void run(Path dir, Caller caller) throws Exception {
      try (EventLoop second = EventLoop.start(SECOND)) {
        Caller.finish(second.goAsync(() -> ECHO.run(dir, Caller.COROUTINE)));
      }
    }
  };

  /** The name of the loop that a scenario starts, and of its thread. */
  static final String SECOND = "second";

  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** Long enough that the loop waits even on a slow machine. */
  private static final Duration LONG_ENOUGH = Duration.ofMillis(5);

  private static final Path NULL = Path.of("/dev/null");

  /**
   * Runs the scenario in the context of {@code caller}.
   *
   * @param dir a directory with a FIFO {@code fifo}
   */
  abstract void run(Path dir, Caller caller) throws Exception;

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }

  private static void cancelled(Task<?> reader) throws Exception {
    try {
      Caller.finish(reader);
      throw new AssertionError("nothing was there to read");
    } catch (CancellationException asWanted) {
      // the file stays open
    }
  }

  private static void interrupted(AsyncFile pipe) throws Exception {
    Thread.currentThread().interrupt();
    try {
      pipe.readLine();
      throw new AssertionError("nothing was there to read");
    } catch (InterruptedIOException asWanted) {
      // the file stays open
    } finally {
      Thread.interrupted();
    }
  }
}
