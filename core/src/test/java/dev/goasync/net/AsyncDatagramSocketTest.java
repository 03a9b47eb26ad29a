package dev.goasync.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.Descriptors;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Conformance
@Timeout(30)
@SuppressWarnings("try") // closing early is what is tested
final class AsyncDatagramSocketTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private long openBefore;

  @BeforeEach
  void countDescriptors() throws IOException {
    openBefore = Descriptors.count("socket:");
  }

  @AfterEach
  void nothingIsLeftOpen() throws IOException {
    assertThat(Descriptors.count("socket:")).isEqualTo(openBefore);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static String text(ByteBuffer received) {
    return UTF_8.decode(received.flip()).toString();
  }

  @ParameterizedTest
  @EnumSource
  void sendsAndReceives(Caller caller) throws Exception {
    caller.run(() -> {
      try (var here = AsyncDatagramSocket.bind(LOOPBACK);
          var there = AsyncDatagramSocket.bind(LOOPBACK)) {
        ByteBuffer source = bytes("question");
        here.send(source, there.localAddress());
        assertThat(source.hasRemaining()).isFalse();
        ByteBuffer target = ByteBuffer.allocate(100);
        SocketAddress from = there.receive(target);
        assertThat(from).isEqualTo(here.localAddress());
        assertThat(text(target)).isEqualTo("question");
        Task<?> answer =
            caller.beside(() -> there.send(ByteBuffer.allocateDirect(4).putInt(7).flip(), from));
        ByteBuffer direct = ByteBuffer.allocateDirect(100);
        assertThat(here.receive(direct)).isEqualTo(there.localAddress());
        assertThat(direct.flip().getInt()).isEqualTo(7);
        Caller.finish(answer);
        assertThat(here.readable().isReady()).isFalse();
        assertThat(here.writable().isReady()).isTrue();
        assertThat(here).asString().contains(here.localAddress().toString());
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void keepsBoundariesTruncatesAndReceivesEmptyDatagrams(Caller caller) throws Exception {
    caller.run(() -> {
      try (var here = AsyncDatagramSocket.bind(LOOPBACK);
          var there = AsyncDatagramSocket.bind(LOOPBACK)) {
        for (String each : List.of("", "a", "0123456789", "end")) {
          here.send(bytes(each), there.localAddress());
        }
        ByteBuffer target = ByteBuffer.allocate(4);
        there.receive(target);
        assertThat(text(target)).isEmpty();
        there.receive(target.clear());
        assertThat(text(target)).isEqualTo("a");
        there.receive(target.clear());
        assertThat(text(target)).isEqualTo("0123");
        there.receive(target.clear());
        assertThat(text(target)).isEqualTo("end");
        assertThatThrownBy(() -> here.send(ByteBuffer.allocate(70_000), there.localAddress()))
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("Message too long");
        ByteBuffer longest = ByteBuffer.allocate(65_507);
        here.send(longest, there.localAddress());
        ByteBuffer all = ByteBuffer.allocate(70_000);
        there.receive(all);
        assertThat(all.position()).isEqualTo(65_507);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void connectedSocketReceivesFromItsPeerOnly(Caller caller) throws Exception {
    caller.run(() -> {
      try (var server = AsyncDatagramSocket.bind(LOOPBACK);
          var unrelated = AsyncDatagramSocket.bind(LOOPBACK);
          var client = AsyncDatagramSocket.connect(server.localAddress())) {
        assertThat(client.remoteAddress()).isEqualTo(server.localAddress());
        client.send(bytes("hello"));
        ByteBuffer target = ByteBuffer.allocate(10);
        SocketAddress from = server.receive(target);
        int port = ((InetSocketAddress) from).getPort();
        unrelated.send(bytes("not me"), new InetSocketAddress(LOOPBACK.getAddress(), port));
        server.send(bytes("me"), from);
        assertThat(client.receive(target.clear())).isEqualTo(server.localAddress());
        assertThat(text(target)).isEqualTo("me");
        assertThatThrownBy(() -> server.send(bytes("no address")))
            .isInstanceOf(NotYetConnectedException.class);
        server.setPeer(from);
        server.send(bytes("to you"));
        client.receive(target.clear());
        assertThat(text(target)).isEqualTo("to you");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void sendToAClosedPortThrowsPortUnreachable(Caller caller) throws Exception {
    caller.run(() -> {
      SocketAddress gone;
      try (var shortLived = AsyncDatagramSocket.bind(LOOPBACK)) {
        gone = shortLived.localAddress();
      }
      try (var client = AsyncDatagramSocket.connect(gone)) {
        client.send(bytes("anybody?"));
        assertThatThrownBy(() -> client.receive(ByteBuffer.allocate(10)))
            .isInstanceOf(PortUnreachableException.class)
            .hasMessageContaining("Connection refused");
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void batchesKeepTheOrder(Caller caller) throws Exception {
    caller.run(() -> {
      try (var here = AsyncDatagramSocket.bind(LOOPBACK);
          var there = AsyncDatagramSocket.bind(LOOPBACK)) {
        there.setOption(StandardSocketOptions.SO_RCVBUF, 200_000);
        List<Datagram> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          sent.add(new Datagram(bytes("number " + i), there.localAddress()));
        }
        int count = 0;
        while (count < sent.size()) {
          int taken = here.sendBatch(sent.subList(count, sent.size()));
          assertThat(taken).isPositive();
          count += taken;
        }
        assertThat(here.sendBatch(List.of())).isZero();
        assertThat(sent).allMatch(each -> each.content().position() == 0);
        List<Datagram> received = new ArrayList<>();
        while (received.size() < sent.size()) {
          List<Datagram> some = there.receiveBatch(30, 9);
          assertThat(some).hasSizeBetween(1, 30);
          received.addAll(some);
        }
        for (int i = 0; i < 100; i++) {
          assertThat((Object) UTF_8.decode(received.get(i).content())).hasToString("number " + i);
          assertThat(received.get(i).address()).isEqualTo(here.localAddress());
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void allMembersOfAGroupReceiveADatagram(Caller caller) throws Exception {
    NetworkInterface loopback = NetworkInterface.getByInetAddress(LOOPBACK.getAddress());
    InetAddress group = InetAddress.ofLiteral("239.1.2.3");
    caller.run(() -> {
      try (var first = AsyncDatagramSocket.bind(new InetSocketAddress(group, 0), true);
          var second = AsyncDatagramSocket.bind(first.localAddress(), true);
          var sender = AsyncDatagramSocket.bind(LOOPBACK)) {
        first.join(group, loopback);
        second.join(group, loopback);
        assertThatThrownBy(() -> first.join(group, loopback))
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("/239.1.2.3 on lo");
        sender
            .setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback)
            .setOption(StandardSocketOptions.IP_MULTICAST_TTL, 3)
            .setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
        assertThat(sender.getOption(StandardSocketOptions.IP_MULTICAST_TTL)).isEqualTo(3);
        int port = ((InetSocketAddress) first.localAddress()).getPort();
        sender.send(bytes("all"), new InetSocketAddress(group, port));
        ByteBuffer target = ByteBuffer.allocate(10);
        for (var member : List.of(first, second)) {
          member.receive(target.clear());
          assertThat(text(target)).isEqualTo("all");
        }
        second.leave(group, loopback);
        assertThatThrownBy(() -> second.leave(group, loopback)).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> second.join(LOOPBACK.getAddress(), loopback))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("group is not a multicast address");
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void wildcardSocketReceivesByIpv4AndIpv6(String literal) throws Exception {
    try (var server = AsyncDatagramSocket.bind(0);
        var client =
            AsyncDatagramSocket.connect(
                new InetSocketAddress(
                    InetAddress.ofLiteral(literal),
                    ((InetSocketAddress) server.localAddress()).getPort()))) {
      client.send(bytes("hello"));
      ByteBuffer target = ByteBuffer.allocate(10);
      SocketAddress from = server.receive(target);
      assertThat(((InetSocketAddress) from).getAddress()).isEqualTo(InetAddress.ofLiteral(literal));
      server.send(bytes("bye"), from);
      client.receive(target.clear());
      assertThat(text(target)).isEqualTo("bye");
    }
  }

  @ParameterizedTest
  @EnumSource
  void optionsKeepTheirValues(Caller caller) throws Exception {
    caller.run(() -> {
      for (SocketAddress local : List.of(LOOPBACK, new InetSocketAddress(0))) {
        try (var socket = AsyncDatagramSocket.bind(local)) {
          socket
              .setOption(StandardSocketOptions.SO_BROADCAST, true)
              .setOption(StandardSocketOptions.IP_TOS, 0x10)
              .setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
          assertThat(socket.getOption(StandardSocketOptions.SO_BROADCAST)).isTrue();
          assertThat(socket.getOption(StandardSocketOptions.IP_TOS)).isEqualTo(0x10);
          assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_LOOP)).isFalse();
          assertThatThrownBy(() -> socket.getOption(StandardSocketOptions.TCP_NODELAY))
              .isInstanceOf(UnsupportedOperationException.class)
              .hasMessageContaining("TCP_NODELAY");
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void closeEndsWaitingOperations(Caller caller) throws Exception {
    caller.run(() -> {
      var socket = AsyncDatagramSocket.bind(LOOPBACK);
      Task<?> receiver = caller.beside(() -> socket.receive(ByteBuffer.allocate(1)));
      if (caller == Caller.THREAD) {
        Waiting.untilThreadsWait(1);
      } else {
        Waiting.forATurn();
      }
      socket.close();
      socket.close();
      assertThatThrownBy(() -> Caller.finish(receiver))
          .isInstanceOf(AsynchronousCloseException.class);
      assertThat(socket.isOpen()).isFalse();
      assertThatThrownBy(() -> socket.receive(ByteBuffer.allocate(1)))
          .isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> socket.send(bytes("x"), LOOPBACK))
          .isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(socket::localAddress).isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void cancelledReceiveTakesNoDatagram() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (var here = AsyncDatagramSocket.bind(LOOPBACK);
          var there = AsyncDatagramSocket.bind(LOOPBACK)) {
        for (int i = 0; i < 50; i++) {
          ByteBuffer target = ByteBuffer.allocate(10);
          Task<SocketAddress> receiver = GoAsync.goAsync(() -> there.receive(target));
          GoAsync.yield();
          if (i % 2 == 0) {
            here.send(bytes("n" + i), there.localAddress());
          }
          receiver.cancel();
          if (i % 2 != 0) {
            here.send(bytes("n" + i), there.localAddress());
          }
          try {
            receiver.await();
          } catch (CancellationException nothing) {
            assertThat(target.position()).isZero();
            there.receive(target);
          }
          assertThat(text(target)).isEqualTo("n" + i);
        }
      }
    });
  }

  @Test
  void interruptEndsTheWaitOfAThread() throws Exception {
    try (var socket = AsyncDatagramSocket.bind(LOOPBACK)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> socket.receive(ByteBuffer.allocate(1)))
          .isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  @SuppressWarnings("NullAway") // null is the wrong argument
  void wrongArgumentsAndAddressesAreRefused(Caller caller) throws Exception {
    caller.run(() -> {
      try (var socket = AsyncDatagramSocket.bind(LOOPBACK)) {
        assertThatThrownBy(() -> AsyncDatagramSocket.bind(socket.localAddress()))
            .isInstanceOf(BindException.class)
            .hasMessageContaining("Address already in use")
            .hasMessageContaining(socket.localAddress().toString());
        assertThatThrownBy(() -> AsyncDatagramSocket.bind(65_536))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AsyncDatagramSocket.bind(null))
            .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> socket.send(null, LOOPBACK))
            .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> socket.send(bytes("x"), null))
            .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> socket.receive(ByteBuffer.allocate(1).asReadOnlyBuffer()))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> socket.receiveBatch(0, 1))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> socket.receiveBatch(1, 0))
            .isInstanceOf(IllegalArgumentException.class);
      }
    });
  }
}
