package dev.goasync.conformance;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.file.Advice;
import dev.goasync.file.AsyncFile;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every method refuses wrong arguments and states with a clear message, and nothing breaks. */
@Conformance
@SuppressWarnings({"NullAway", "try"}) // null is a wrong argument; closing early is tested
final class WrongArgumentsTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final String NO_HOST = "no such host";

  @TempDir Path dir;

  private static void refuse(Class<? extends Throwable> type, ThrowingCallable... calls) {
    for (int i = 0; i < calls.length; i++) {
      assertThatThrownBy(calls[i]).as("call %d", i).isInstanceOf(type);
    }
  }

  private static ByteBuffer some() {
    return ByteBuffer.allocate(3);
  }

  @ParameterizedTest
  @EnumSource
  void argumentsOfAnOpenFile(Caller caller) throws Exception {
    Path path = Files.writeString(dir.resolve("file"), "content");
    caller.run(() -> {
      try (var file = AsyncFile.open(path, READ, WRITE)) {
        refuse(
            NullPointerException.class,
            () -> file.read((ByteBuffer) null),
            () -> file.read(null, 0),
            () -> file.write((ByteBuffer) null),
            () -> file.write(null, 0),
            () -> file.writeAll((ByteBuffer) null),
            () -> file.writeAll((byte[]) null),
            () -> file.writeAll((String) null),
            () -> file.readAll(null),
            () -> file.advise(null, 0, 0),
            () -> file.transferTo(0, 1, null),
            () -> file.transferFrom(null, 0, 1));
        refuse(
            IllegalArgumentException.class,
            () -> file.read(some(), -1),
            () -> file.write(some(), -1),
            () -> file.position(-1),
            () -> file.truncate(-1),
            () -> file.read(some().asReadOnlyBuffer()),
            () -> file.read(some().asReadOnlyBuffer(), 0));
        assertThat(file.read(ByteBuffer.allocate(0))).isZero();
        assertThat(file.write(ByteBuffer.allocate(0), 100)).isZero();
        assertThat(file.position()).isZero();
        assertThat(file.path()).isEqualTo(path);
        assertThat(file.readAll()).isEqualTo("content");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void argumentsOfAClosedFile(Caller caller) throws Exception {
    Path path = Files.writeString(dir.resolve("file"), "content");
    caller.run(() -> {
      AsyncFile file = AsyncFile.open(path, READ, WRITE);
      file.close();
      refuse(
          ClosedChannelException.class,
          () -> file.read(some()),
          () -> file.read(some(), 0),
          file::readAll,
          () -> file.readAll(java.nio.charset.StandardCharsets.UTF_8),
          file::readAllBytes,
          file::readLine,
          () -> file.write(some()),
          () -> file.write(some(), 0),
          () -> file.writeAll("x"),
          () -> file.writeAll(new byte[1]),
          () -> file.writeAll(some()),
          file::size,
          file::position,
          () -> file.position(0),
          () -> file.truncate(0),
          () -> file.allocate(0, 1),
          () -> file.advise(Advice.NORMAL, 0, 0),
          () -> file.transferTo(0, 1, file),
          () ->
              file.transferFrom(
                  java.nio.channels.Channels.newChannel(java.io.InputStream.nullInputStream()),
                  0,
                  1),
          file::lock,
          file::tryLock,
          () -> file.force(false));
      assertThat(file.isOpen()).isFalse();
      assertThat(path).hasContent("content");
    });
  }

  @ParameterizedTest
  @EnumSource
  void argumentsOfOpen(Caller caller) throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "content");
    Path dangling = Files.createSymbolicLink(dir.resolve("dangling"), dir.resolve("nothing"));
    Path loop = dir.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    Path link = Files.createSymbolicLink(dir.resolve("link"), file);
    Path readOnly = Path.of("/sys/kernel/uevent_seqnum"); // read-only even for root
    caller.run(() -> {
      refuse(NoSuchFileException.class, () -> AsyncFile.open(dangling));
      refuse(
          FileSystemException.class,
          () -> AsyncFile.open(loop),
          () -> AsyncFile.open(file.resolve("below")),
          () -> AsyncFile.open(dir, WRITE),
          () -> AsyncFile.open(dir.resolve("x".repeat(300))),
          () -> AsyncFile.open(readOnly, WRITE));
      refuse(
          IOException.class,
          () -> AsyncFile.open(link, NOFOLLOW_LINKS)); // the JDK has no type for this error
      assertThatThrownBy(() -> AsyncFile.open(readOnly, WRITE))
          .hasMessageContaining(readOnly.toString());
      try (var opened = AsyncFile.open(link)) {
        assertThat(opened.readAll()).isEqualTo("content");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void argumentsOfConnect(Caller caller) throws Exception {
    caller.run(() -> {
      refuse(
          NullPointerException.class,
          () -> AsyncSocket.connect(null, 1),
          () -> AsyncSocket.connect((SocketAddress) null),
          () -> AsyncSocket.connect("localhost", 1, null),
          () -> AsyncSocket.connect(null, 1, Duration.ZERO),
          () -> AsyncSocket.connect(LOOPBACK, null),
          () -> AsyncSocket.connect(null, LOOPBACK),
          () -> AsyncServerSocket.listen(null));
      refuse(
          IllegalArgumentException.class,
          () -> AsyncSocket.connect("localhost", -1),
          () -> AsyncSocket.connect("localhost", 65_536),
          () -> AsyncSocket.connect("localhost", 1, Duration.ofNanos(-1)),
          () -> AsyncServerSocket.listen(-1),
          () -> AsyncServerSocket.listen(65_536),
          () -> AsyncServerSocket.listen(LOOPBACK, 0, false),
          () -> AsyncServerSocket.listen(LOOPBACK, -1, false));
      refuse(
          UnsupportedAddressTypeException.class,
          () -> AsyncSocket.connect(UnixDomainSocketAddress.of(dir.resolve("socket"))));
      refuse(
          UnknownHostException.class,
          () -> AsyncSocket.connect(NO_HOST, 1),
          () -> AsyncSocket.connect(NO_HOST, 1, Duration.ofDays(1)),
          () -> AsyncSocket.connect(LOOPBACK, InetSocketAddress.createUnresolved(NO_HOST, 0)),
          () -> AsyncSocket.connect(InetSocketAddress.createUnresolved(NO_HOST, 1)),
          () -> AsyncServerSocket.listen(InetSocketAddress.createUnresolved(NO_HOST, 0)));
      AsyncServerSocket server = AsyncServerSocket.listen(LOOPBACK);
      InetSocketAddress taken = server.localAddress();
      refuse(BindException.class, () -> AsyncServerSocket.listen(taken));
      server.close();
      refuse(ConnectException.class, () -> AsyncSocket.connect(taken));
      refuse(
          ClosedChannelException.class,
          server::accept,
          () -> server.acceptable().isReady(),
          () -> server.acceptable().await());
      assertThat(server.isOpen()).isFalse();
      assertThat(server.localAddress()).isEqualTo(taken);
    });
  }

  @ParameterizedTest
  @EnumSource
  void argumentsOfASocket(Caller caller) throws Exception {
    caller.run(() -> {
      try (var server = AsyncServerSocket.listen(LOOPBACK);
          var here = AsyncSocket.connect(server.localAddress());
          var there = server.accept()) {
        refuse(
            NullPointerException.class,
            () -> here.read((ByteBuffer) null),
            () -> here.readAll(null),
            () -> here.write((ByteBuffer) null),
            () -> here.writeAll((ByteBuffer) null),
            () -> here.writeAll((byte[]) null),
            () -> here.writeAll((String) null),
            () -> here.setOption(null, 1),
            () -> here.setOption(StandardSocketOptions.SO_SNDBUF, null),
            () -> here.getOption(null));
        refuse(IllegalArgumentException.class, () -> here.read(some().asReadOnlyBuffer()));
        refuse(
            IllegalArgumentException.class,
            () -> here.readExactly(-1),
            () -> here.setOption(StandardSocketOptions.SO_SNDBUF, -1));
        here.writeAll("goes on\n");
        assertThat(there.readLine()).isEqualTo("goes on");
        here.close();
        closed(here);
      }
    });
  }

  private static void closed(AsyncSocket socket) {
    refuse(
        ClosedChannelException.class,
        () -> socket.read(some()),
        socket::readAll,
        () -> socket.readAll(java.nio.charset.StandardCharsets.UTF_8),
        socket::readAllBytes,
        socket::readLine,
        () -> socket.readExactly(1),
        () -> socket.write(some()),
        () -> socket.writeAll("x"),
        () -> socket.readable().isReady(),
        () -> socket.readable().await(),
        () -> socket.writable().isReady(),
        () -> socket.writable().await(),
        socket::shutdownInput,
        socket::shutdownOutput,
        socket::localAddress,
        socket::remoteAddress,
        () -> socket.setOption(StandardSocketOptions.TCP_NODELAY, true),
        () -> socket.getOption(StandardSocketOptions.TCP_NODELAY));
    assertThat(socket.isOpen()).isFalse();
  }
}
