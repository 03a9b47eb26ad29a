package dev.goasync.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.EventLoop;
import dev.goasync.EventLoopGroup;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskScope;
import dev.goasync.coroutine.Coroutine;
import dev.goasync.coroutine.Generator;
import dev.goasync.file.AsyncDirectory;
import dev.goasync.file.AsyncFile;
import dev.goasync.file.AsyncFiles;
import dev.goasync.io.ByteReader;
import dev.goasync.io.ByteWriter;
import dev.goasync.net.AsyncDatagramSocket;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.AsyncUnixServerSocket;
import dev.goasync.net.AsyncUnixSocket;
import dev.goasync.net.HostNames;
import dev.goasync.net.Server;
import dev.goasync.process.Command;
import dev.goasync.process.Redirect;
import dev.goasync.sync.Barrier;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Event;
import dev.goasync.sync.MissedTicks;
import dev.goasync.sync.Mutex;
import dev.goasync.sync.Once;
import dev.goasync.sync.RateLimiter;
import dev.goasync.sync.ReadWriteLock;
import dev.goasync.sync.Select;
import dev.goasync.sync.Semaphore;
import dev.goasync.sync.Ticker;
import dev.goasync.sync.Timer;
import dev.goasync.system.PollHandle;
import dev.goasync.system.Signal;
import dev.goasync.system.Signals;
import dev.goasync.system.TerminalSize;
import dev.goasync.testing.MemoryStream;
import dev.goasync.testing.TestLoop;
import dev.goasync.tls.TlsStream;
import dev.goasync.watch.FileWatch;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls public methods with one wrong argument, see {@link ArgumentChecks}. */
@Timeout(300)
final class GeneratedArgumentsTest {
  private final EventLoop loop = EventLoop.start("arguments");

  @TempDir Path dir;

  @AfterEach
  void closeLoop() {
    loop.closeNow();
  }

  private void addArguments(ArgumentChecks checks) throws Exception {
    checks.addSample(EventLoop.class, loop);
    checks.addSample(Task.class, loop.goAsync(() -> "result"));
    checks.addSample(Duration.class, Duration.ofMillis(1));
    checks.addSample(Instant.class, Instant.EPOCH);
    checks.addSample(String.class, "text");
    checks.addSample(CharSequence.class, "text");
    checks.addSample(Charset.class, StandardCharsets.UTF_8);
    checks.addSample(Throwable.class, new IllegalStateException("sample"));
    checks.addSample(ByteBuffer.class, ByteBuffer.allocate(1));
    checks.addSample(ByteBuffer[].class, new ByteBuffer[] {ByteBuffer.allocate(1)});
    checks.addSample(byte[].class, new byte[1]);
    checks.addSample(MissedTicks.class, MissedTicks.SKIP);
    checks.addSample(int.class, 1);
    checks.addSample(long.class, 1L);
    checks.addSample(byte.class, (byte) 1);
    checks.addSample(boolean.class, false);
  }

  @Test
  void primitivesAndTasks() throws Exception {
    MemoryStream stream = MemoryStream.pair(10).first();
    Mutex mutex = new Mutex(loop);
    List<Object> receivers =
        List.of(
            new Barrier(loop, 2),
            Channel.bounded(loop, 3),
            mutex.newCondition(),
            Event.manualReset(loop),
            mutex,
            new Once<>(loop, () -> "value"),
            new RateLimiter(loop, 1, Duration.ofSeconds(1), 1),
            new ReadWriteLock(loop),
            Select.first(),
            new Semaphore(loop, 1, 3),
            Ticker.every(loop, Duration.ofSeconds(1), MissedTicks.SKIP),
            Timer.after(loop, Duration.ofSeconds(1)),
            new ByteReader(_ -> -1),
            new ByteWriter(source -> source.remaining()),
            stream,
            stream.writer());
    ArgumentChecks checks = new ArgumentChecks();
    for (Object each : receivers) {
      addSample(checks, each);
    }
    addArguments(checks);
    for (Object each : receivers) {
      checks.checkType(each.getClass());
      checks.checkMethods(each);
    }
    checks.checkType(GoAsync.class);
    assertRight(checks, 100);
  }

  @SuppressWarnings("unchecked")
  private static <T> void addSample(ArgumentChecks checks, T value) {
    checks.addSample((Class<T>) value.getClass(), value);
  }

  private static void assertRight(ArgumentChecks checks, int leastCalls) {
    assertThat(checks.wrong()).as("%d calls with a wrong argument", checks.calls()).isEmpty();
    assertThat(checks.calls()).isGreaterThan(leastCalls);
  }

  @Test
  void filesSocketsAndProcesses() throws Exception {
    Path path = Files.writeString(dir.resolve("file"), "text");
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    // runMain installs a signal handler for the rest of the process; the types of attributes vary
    ArgumentChecks checks =
        new ArgumentChecks(
            "Signals.runMain", "AsyncFiles.readAttributes", "AsyncFiles.getFileAttributeView");
    addArguments(checks);
    try (var file = AsyncFile.open(path);
        var directory = AsyncDirectory.open(dir);
        var server = AsyncServerSocket.listen(loopback);
        var socket = AsyncSocket.connect(server.localAddress());
        var datagrams = AsyncDatagramSocket.bind(loopback);
        var unixServer = AsyncUnixServerSocket.listen(dir.resolve("socket"));
        var unix = AsyncUnixSocket.connect(dir.resolve("socket"));
        var watch = FileWatch.directory(dir);
        var process = Command.of("cat").start()) {
      checks.addSample(Path.class, path);
      checks.addSample(AsyncFile.class, file);
      checks.addSample(SocketAddress.class, server.localAddress());
      checks.addSample(InetSocketAddress.class, server.localAddress());
      checks.addSample(InetAddress.class, InetAddress.getByName("239.1.1.1"));
      checks.addSample(NetworkInterface.class, NetworkInterface.getByName("lo"));
      checks.addSample(InputStream.class, InputStream.nullInputStream());
      checks.addSample(OutputStream.class, OutputStream.nullOutputStream());
      checks.addSample(FileTime.class, FileTime.fromMillis(0));
      checks.addSample(SocketOption.class, StandardSocketOptions.SO_KEEPALIVE);
      checks.addSample(Signal.class, Signal.HUP);
      checks.addSample(TerminalSize.class, new TerminalSize(80, 24));
      checks.addSample(Redirect.class, Redirect.PIPE);
      checks.addSample(ByteChannel.class, MemoryStream.pair(10).first());
      checks.addSample(ReadableByteChannel.class, MemoryStream.pair(10).first());
      checks.addSample(WritableByteChannel.class, MemoryStream.pair(10).first());
      checks.addSample(SSLContext.class, SSLContext.getDefault());
      checks.addSample(SSLEngine.class, SSLContext.getDefault().createSSLEngine());
      checks.addSample(Command.class, Command.of("cat"));
      for (Object each :
          List.of(file, directory, server, socket, datagrams, unixServer, unix, watch, process)) {
        checks.checkType(each.getClass());
        checks.checkMethods(each);
      }
      checks.checkMethods(Command.of("cat"));
      checks.checkMethods(Server.with());
      for (Class<?> each :
          List.of(
              AsyncFiles.class,
              HostNames.class,
              Server.class,
              Command.class,
              Redirect.class,
              PollHandle.class,
              Signals.class,
              TlsStream.class,
              Coroutine.class,
              Generator.class,
              TaskScope.class,
              EventLoop.class,
              EventLoopGroup.class,
              TestLoop.class)) {
        checks.checkType(each);
      }
    }
    assertRight(checks, 200);
  }
}
