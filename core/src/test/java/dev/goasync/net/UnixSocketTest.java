package dev.goasync.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.Descriptors;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Conformance
@Timeout(30)
@SuppressWarnings("try") // closing early is what is tested
final class UnixSocketTest {
  @TempDir Path dir;
  private long openBefore;

  @BeforeEach
  void countDescriptors() throws IOException {
    openBefore = Descriptors.count("socket:");
  }

  @AfterEach
  void nothingIsLeftOpen() throws IOException {
    assertThat(Descriptors.count("socket:")).isEqualTo(openBefore);
    try (var left = Files.list(dir)) {
      assertThat(left).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void sendsAndReceives(Caller caller) throws Exception {
    Path path = dir.resolve("socket");
    caller.run(() -> {
      try (var listener = AsyncUnixServerSocket.listen(path);
          var here = AsyncUnixSocket.connect(path);
          var there = listener.accept()) {
        here.writer().writeAll("question\n");
        Task<?> answer = caller.beside(() -> there.writeAll(there.readLine() + "?\n"));
        assertThat(here.readLine()).isEqualTo("question?");
        Caller.finish(answer);
        here.shutdownOutput();
        assertThat(there.readLine()).isNull();
        assertThat(here.remoteAddress()).isEqualTo(UnixDomainSocketAddress.of(path));
        assertThat(here.localAddress()).isEqualTo(UnixDomainSocketAddress.of(""));
        assertThat(there.localAddress()).isEqualTo(listener.localAddress());
        assertThat(here).hasToString("AsyncUnixSocket[" + path + "]");
        assertThat(here.readable().isReady()).isFalse();
        here.setOption(StandardSocketOptions.SO_SNDBUF, 9_000);
        assertThat(here.getOption(StandardSocketOptions.SO_SNDBUF)).isGreaterThanOrEqualTo(9_000);
        assertThat(listener.acceptable().isReady()).isFalse();
        assertThat(listener.isOpen()).isTrue();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void transfersManyBytes(Caller caller) throws Exception {
    Path path = dir.resolve("socket");
    byte[] bytes = new byte[1_000_003];
    new Random(3).nextBytes(bytes);
    CRC32 expected = new CRC32();
    expected.update(bytes);
    caller.run(() -> {
      try (var listener = AsyncUnixServerSocket.listen(path);
          var here = AsyncUnixSocket.connect(path);
          var there = listener.accept()) {
        Task<?> writer =
            caller.beside(() -> {
              here.writeAll(bytes);
              here.close();
            });
        CRC32 received = new CRC32();
        received.update(there.readAllBytes());
        assertThat(received.getValue()).isEqualTo(expected.getValue());
        Caller.finish(writer);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void serverServesUnixSockets(Caller caller) throws Exception {
    Path path = dir.resolve("socket");
    caller.run(() -> {
      var listener = AsyncUnixServerSocket.listen(path);
      try (Server server =
              Server.with().serve(listener, connection -> connection.writeAll("hello"));
          var client = AsyncUnixSocket.connect(path)) {
        assertThat(client.readAll()).isEqualTo("hello");
        assertThatThrownBy(server::port)
            .isInstanceOf(UnsupportedOperationException.class)
            .hasMessageContaining(path.toString());
      }
      assertThat(path).doesNotExist();
    });
  }

  @ParameterizedTest
  @EnumSource
  void wrongArgumentsAndAddressesAreRefused(Caller caller) throws Exception {
    Path path = dir.resolve("socket");
    Path tooLong = dir.resolve("x".repeat(100));
    caller.run(() -> {
      assertThatThrownBy(() -> AsyncUnixSocket.connect(path))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("No such file")
          .hasMessageContaining(path.toString());
      assertThatThrownBy(() -> AsyncUnixServerSocket.listen(tooLong))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining(tooLong.toString());
      try (var listener = AsyncUnixServerSocket.listen(path)) {
        assertThatThrownBy(() -> AsyncUnixServerSocket.listen(path))
            .isInstanceOf(BindException.class)
            .hasMessageContaining("Address already in use");
        Task<?> acceptor = caller.beside(listener::accept);
        if (caller == Caller.THREAD) {
          Waiting.untilThreadsWait(1);
        } else {
          Waiting.forATurn();
        }
        listener.close();
        assertThatThrownBy(() -> Caller.finish(acceptor))
            .isInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class);
      }
      Files.createFile(path);
      assertThatThrownBy(() -> AsyncUnixSocket.connect(path)).isInstanceOf(ConnectException.class);
      Files.delete(path);
      assertThatThrownBy(() -> AsyncUnixSocket.connect(new InetSocketAddress(1)))
          .isInstanceOf(UnsupportedAddressTypeException.class);
      assertThatThrownBy(() -> AsyncUnixServerSocket.listen(new InetSocketAddress(1)))
          .isInstanceOf(UnsupportedAddressTypeException.class);
    });
  }

  @ParameterizedTest
  @EnumSource
  void abstractAddressNeedsNoFile(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofUnixSockets());
    String name = "goasync-test-" + ProcessHandle.current().pid();
    SocketAddress address = AsyncUnixSocket.abstractAddress(name);
    caller.run(() -> {
      try (var listener = AsyncUnixServerSocket.listen(address);
          var here = AsyncUnixSocket.connect(address);
          var there = listener.accept()) {
        here.writeAll("x");
        assertThat(there.readExactly(1)).containsExactly('x');
        assertThat(there.localAddress()).isEqualTo(address).hasToString("@" + name);
        assertThatThrownBy(() -> AsyncUnixServerSocket.listen(address))
            .isInstanceOf(BindException.class);
      }
      assertThatThrownBy(() -> AsyncUnixSocket.connect(address))
          .isInstanceOf(ConnectException.class);
    });
  }

  @ParameterizedTest
  @EnumSource
  void datagramsArriveWholeAndInOrder(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofUnixSockets());
    Path path = dir.resolve("socket");
    caller.run(() -> {
      try (var server = AsyncDatagramSocket.bind(UnixDomainSocketAddress.of(path));
          var client = AsyncDatagramSocket.connect(UnixDomainSocketAddress.of(path))) {
        client.send(ByteBuffer.wrap("one".getBytes(UTF_8)));
        client.send(ByteBuffer.wrap("two".getBytes(UTF_8)));
        ByteBuffer target = ByteBuffer.allocate(10);
        SocketAddress from = server.receive(target);
        assertThat(target.position()).isEqualTo(3);
        assertThat(from).as("address chosen by the kernel").isEqualTo(client.localAddress());
        server.receive(target);
        assertThat((Object) UTF_8.decode(target.flip())).hasToString("onetwo");
        server.send(ByteBuffer.wrap("answer".getBytes(UTF_8)), from);
        client.receive(target.clear());
        assertThat((Object) UTF_8.decode(target.flip())).hasToString("answer");
      }
    });
  }
}
