package dev.goasync.bridge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.TaskFailedException;
import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.ScriptedHostNames;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes beyond the JDK's sockets: the loop continues, and cancels end waits. */
@Conformance
@SuppressWarnings("try") // closing early is what is tested
final class LoopSocketTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final LoopSocketFactory SOCKETS = new LoopSocketFactory();
  private static final LoopServerSocketFactory SERVER_SOCKETS = new LoopServerSocketFactory();

  @FunctionalInterface
  private interface Conversation {
    void with(Socket here, Socket there) throws Exception;
  }

  private static ServerSocket listen() throws IOException {
    return SERVER_SOCKETS.createServerSocket(0, 100, LOOPBACK);
  }

  private static void connected(Caller caller, Conversation conversation) throws Exception {
    caller.run(() -> {
      try (ServerSocket server = listen();
          Socket here = SOCKETS.createSocket(LOOPBACK, server.getLocalPort());
          Socket there = server.accept()) {
        conversation.with(here, there);
      }
    });
  }

  /** Each coroutine waits for another one of the same loop. */
  @Test
  void manyCoroutinesCommunicateOnOneLoop() throws Exception {
    int count = 50;
    Caller.COROUTINE.run(() -> {
      try (ServerSocket server = listen()) {
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          tasks.add(
              GoAsync.goAsync(() -> {
                try (Socket accepted = server.accept()) {
                  accepted.getInputStream().transferTo(accepted.getOutputStream());
                }
              }));
        }
        for (int i = 0; i < count; i++) {
          byte[] mine = ("number " + i).getBytes(US_ASCII);
          tasks.add(
              GoAsync.goAsync(() -> {
                try (Socket socket = SOCKETS.createSocket(LOOPBACK, server.getLocalPort())) {
                  socket.setSoTimeout(10_000);
                  socket.getOutputStream().write(mine);
                  assertThat(socket.getInputStream().readNBytes(mine.length)).isEqualTo(mine);
                }
              }));
        }
        GoAsync.awaitAll(tasks);
      }
    });
  }

  /**
   * The users of a shared connection write under a lock of its library, which all would wait for.
   */
  @Test
  void aWriteToAConnectionThatAnotherCoroutineReadsDoesNotPause() throws Exception {
    connected(
        Caller.COROUTINE,
        (here, there) -> {
          Task<Integer> reader = GoAsync.goAsync(() -> here.getInputStream().read());
          GoAsync.yield();
          Task<?> ready = GoAsync.goAsync(() -> {});
          here.getOutputStream().write('a');
          assertThat(ready.isCompleted()).as("another coroutine ran during the write").isFalse();
          assertThat(there.getInputStream().read()).isEqualTo('a');
          there.getOutputStream().write('b');
          assertThat(reader.await()).isEqualTo((int) 'b');
        });
  }

  @ParameterizedTest
  @EnumSource
  void factoriesAreFoundByInstanceNameAndGetDefault(Caller caller) throws Exception {
    caller.run(() -> {
      try (ServerSocket server =
              LoopServerSocketFactory.getDefault().createServerSocket(0, 10, LOOPBACK);
          Socket unconnected = LoopSocketFactory.getDefault().createSocket();
          ServerSocket any = SERVER_SOCKETS.createServerSocket(0);
          ServerSocket few = SERVER_SOCKETS.createServerSocket(0, 1);
          ServerSocket unbound = SERVER_SOCKETS.createServerSocket()) {
        assertThat(any.getLocalPort()).isNotEqualTo(few.getLocalPort());
        assertThat(unbound.isBound() || unconnected.isConnected()).isFalse();
        int port = server.getLocalPort();
        try (Socket a = SOCKETS.createSocket(LOOPBACK, port);
            Socket b = SOCKETS.createSocket("127.0.0.1", port);
            Socket c = SOCKETS.createSocket(LOOPBACK, port, null, 0);
            Socket d = SOCKETS.createSocket("127.0.0.1", port, LOOPBACK, 0)) {
          assertThat(Stream.of(a, b, c, d)).allMatch(Socket::isConnected);
        }
      }
    });
  }

  @Test
  void namesAreLookedUpWithoutBlockingTheLoop() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    ScriptedHostNames.script(
        "slow.bridge",
        () -> {
          answer.await();
          return Stream.of(LOOPBACK);
        });
    ScriptedHostNames.script(
        "unknown.bridge",
        () -> {
          throw new UnknownHostException("scripted");
        });
    Caller.COROUTINE.run(() -> {
      try (ServerSocket server = listen();
          Socket late = SOCKETS.createSocket()) {
        InetSocketAddress slow =
            InetSocketAddress.createUnresolved("slow.bridge", server.getLocalPort());
        assertThatThrownBy(() -> late.connect(slow, 5)).isInstanceOf(SocketTimeoutException.class);
        Task<Socket> connecting =
            GoAsync.goAsync(() -> SOCKETS.createSocket("slow.bridge", server.getLocalPort()));
        GoAsync.goAsync(answer::countDown).await();
        try (Socket connected = connecting.await()) {
          assertThat(connected.getInetAddress()).isEqualTo(LOOPBACK);
        }
        assertThatThrownBy(() -> SOCKETS.createSocket("unknown.bridge", 1))
            .isInstanceOf(UnknownHostException.class)
            .hasMessage("unknown.bridge: scripted");
      }
    });
  }

  /** A library that does not know cancellation must not go on after half a response. */
  @Test
  void cancelOfAWaitClosesAndIsNamedInTheException() throws Exception {
    connected(
        Caller.COROUTINE,
        (here, there) -> {
          Task<?> reader = GoAsync.goAsync(() -> here.getInputStream().readNBytes(10));
          there.getOutputStream().write("half".getBytes(US_ASCII));
          Waiting.forATurn();
          reader.cancel("the user disconnected");
          assertThatThrownBy(reader::await)
              .isInstanceOf(TaskFailedException.class)
              .cause()
              .isInstanceOf(SocketException.class)
              .hasMessageContaining("the user disconnected")
              .hasCauseInstanceOf(CancellationException.class);
          assertThat(here.isClosed()).isTrue();
          assertThat(there.getInputStream().read()).isEqualTo(-1);
        });
  }

  @Test
  void cancelOfAConnectLeavesNothingOpen() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (ServerSocket full = SERVER_SOCKETS.createServerSocket(0, 1, LOOPBACK);
          Socket first = SOCKETS.createSocket(LOOPBACK, full.getLocalPort());
          Socket second = SOCKETS.createSocket(LOOPBACK, full.getLocalPort());
          Socket late = SOCKETS.createSocket()) {
        assertThat(first.isConnected() && second.isConnected()).isTrue();
        Task<?> connecting = GoAsync.goAsync(() -> late.connect(full.getLocalSocketAddress()));
        Waiting.forATurn();
        connecting.cancel();
        assertThatThrownBy(connecting::await).hasCauseInstanceOf(SocketException.class);
        assertThat(late.isClosed()).isTrue();
      }
    });
  }

  @Test
  void interruptOfAThreadClosesAndIsNamedInTheException() throws Exception {
    connected(
        Caller.THREAD,
        (here, there) -> {
          Thread.currentThread().interrupt();
          assertThatThrownBy(() -> here.getInputStream().read())
              .isInstanceOf(SocketException.class)
              .hasMessageContaining("interrupt");
          assertThat(Thread.interrupted()).isTrue();
          assertThat(here.isClosed()).isTrue();
          assertThat(there.getInputStream().read()).isEqualTo(-1);
        });
  }

  @Test
  void cancelledAcceptTakesNoConnectionAndKeepsTheSocketOpen() throws Exception {
    Caller.COROUTINE.run(() -> {
      try (ServerSocket server = listen()) {
        Task<?> acceptor = GoAsync.goAsync(() -> server.accept());
        Waiting.forATurn();
        acceptor.cancel();
        assertThatThrownBy(acceptor::await).isInstanceOf(CancellationException.class);
        try (Socket here = SOCKETS.createSocket(LOOPBACK, server.getLocalPort());
            Socket there = server.accept()) {
          assertThat(there.getPort()).isEqualTo(here.getLocalPort());
        }
      }
    });
  }

  /** The timeout of the socket is not that of the surrounding code. */
  @Test
  void outerTimeLimitDoesNotLookLikeASocketTimeout() throws Exception {
    connected(
        Caller.COROUTINE,
        (here, there) -> {
          here.setSoTimeout(60_000);
          assertThatThrownBy(() ->
                  GoAsync.withTimeout(Duration.ofMillis(1), () -> here.getInputStream().read()))
              .isInstanceOf(SocketException.class)
              .hasRootCauseInstanceOf(CancellationException.class);
          assertThat(here.isClosed()).isTrue();
        });
  }

  /**
   * The JDK holds a lock while it closes; a coroutine that waits for the lock would block the loop.
   */
  @Test
  void severalCallersCanCloseAtOnce() throws Exception {
    connected(
        Caller.COROUTINE,
        (here, there) -> {
          List<Task<?>> closing = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            closing.add(GoAsync.goAsync(here::close));
            closing.add(GoAsync.goAsync(there::close));
          }
          GoAsync.awaitAll(closing);
          assertThat(here.isClosed() && there.isClosed()).isTrue();
        });
  }

  @ParameterizedTest
  @EnumSource
  void twoReadersAreServedInOrder(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          Task<?> first = caller.beside(() -> here.getInputStream().readNBytes(1));
          Task<?> second = caller.beside(() -> here.getInputStream().readNBytes(1));
          there.getOutputStream().write(new byte[2]);
          Caller.finish(first);
          Caller.finish(second);
        });
  }

  /** In a coroutine, but inside {@link GoAsync#sync}. */
  @Test
  void syncBlocksTheLoop() throws Exception {
    connected(
        Caller.COROUTINE,
        (here, there) -> {
          Task<?> other = GoAsync.goAsync(() -> {});
          GoAsync.sync(() -> {
            there.getOutputStream().write(1);
            here.setSoTimeout(10_000);
            assertThat(here.getInputStream().read()).isEqualTo(1);
            here.setSoTimeout(1);
            assertThatThrownBy(() -> here.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
          });
          assertThat(other.isCompleted()).isFalse();
          other.await();
        });
  }
}
