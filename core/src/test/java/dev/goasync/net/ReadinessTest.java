package dev.goasync.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.conformance.Differences;
import dev.goasync.io.Readiness;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Select;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waits for the readiness of sockets, alone and in a select. */
@Conformance
final class ReadinessTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @FunctionalInterface
  private interface Conversation {
    void with(AsyncSocket here, AsyncSocket there) throws Exception;
  }

  private static void connected(Caller caller, Conversation conversation) throws Exception {
    caller.run(() -> {
      try (var server = AsyncServerSocket.listen(LOOPBACK);
          var here = AsyncSocket.connect(server.localAddress());
          var there = server.accept()) {
        conversation.with(here, there);
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void awaitingBytesTakesNone(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          Readiness bytes = here.readable();
          assertThat(bytes.isReady()).isFalse();
          Task<?> writer = caller.beside(() -> there.writeAll("one\ntwo\n"));
          bytes.await();
          assertThat(bytes.isReady()).isTrue();
          writer.await();
          assertThat(here.readLine()).isEqualTo("one");
          assertThat(bytes.isReady()).as("read ahead").isTrue();
          bytes.await();
          assertThat(here.readLine()).isEqualTo("two");
          assertThat(bytes.isReady()).isFalse();
        });
  }

  @ParameterizedTest
  @EnumSource
  void endAndErrorAreReady(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          there.shutdownOutput();
          here.readable().await();
          assertThat(here.readable().isReady()).isTrue();
          assertThat(here.readLine()).isNull();
          there.close();
          assertThatThrownBy(() -> there.readable().isReady())
              .isInstanceOf(ClosedChannelException.class);
          assertThatThrownBy(() -> there.writable().await())
              .isInstanceOf(ClosedChannelException.class);
        });
  }

  @ParameterizedTest
  @EnumSource
  void aResetAfterTheEndOfTheInputIsAHangUp(Caller caller) throws Exception {
    Differences.assumeNone(Differences.ofHangUps());
    connected(
        caller,
        (here, there) -> {
          there.shutdownOutput();
          assertThat(here.readLine()).isNull();
          assertThat(here.hangUp().isReady()).isFalse();
          Task<?> reset = caller.beside(() -> reset(there));
          here.hangUp().await();
          assertThat(here.hangUp().isReady()).isTrue();
          reset.await();
        });
  }

  private static void reset(AsyncSocket socket) throws IOException {
    socket.setOption(StandardSocketOptions.SO_LINGER, 0);
    socket.close();
  }

  /** Other events do not end the wait. */
  @Test
  void theEndOfBothDirectionsIsAHangUp() throws Exception {
    Differences.assumeNone(Differences.ofHangUps());
    connected(
        Caller.COROUTINE,
        (here, there) -> {
          Task<?> waiting = GoAsync.goAsync(() -> here.hangUp().await());
          there.writeAll("x\n");
          assertThat(here.readLine()).isEqualTo("x");
          there.shutdownOutput();
          assertThat(here.readLine()).isNull();
          Waiting.forATurn();
          assertThat(waiting.isCompleted()).isFalse();
          here.shutdownOutput();
          Caller.finish(waiting);
        });
  }

  @ParameterizedTest
  @EnumSource
  void awaitsRoomToWrite(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          Readiness room = here.writable();
          ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
          long written = 0;
          while (room.isReady()) {
            written += here.write(chunk.clear());
          }
          byte[] expected = new byte[Math.toIntExact(written)];
          Task<?> reader =
              caller.beside(
                  () -> assertThat(there.readExactly(expected.length)).isEqualTo(expected));
          room.await();
          assertThat(room.isReady()).isTrue();
          reader.await();
        });
  }

  @ParameterizedTest
  @EnumSource
  void awaitingAConnectionAcceptsNone(Caller caller) throws Exception {
    caller.run(() -> {
      try (var server = AsyncServerSocket.listen(LOOPBACK)) {
        Readiness connection = server.acceptable();
        assertThat(connection.isReady()).isFalse();
        Task<?> client = caller.beside(() -> AsyncSocket.connect(server.localAddress()).close());
        connection.await();
        assertThat(connection.isReady()).isTrue();
        client.await();
        server.accept().close();
        assertThat(connection.isReady()).isFalse();
      }
    });
  }

  @Test
  void closeEndsTheWait() throws Exception {
    connected(
        Caller.COROUTINE,
        (here, _) -> {
          Task<?> waiting = GoAsync.goAsync(() -> here.readable().await());
          Waiting.forATurn();
          here.close();
          assertThatThrownBy(() -> Caller.finish(waiting))
              .isInstanceOf(AsynchronousCloseException.class);
        });
  }

  @Test
  void closeEndsTheWaitForAHangUp() throws Exception {
    Differences.assumeNone(Differences.ofHangUps());
    connected(
        Caller.COROUTINE,
        (here, _) -> {
          Task<?> waiting = GoAsync.goAsync(() -> here.hangUp().await());
          Waiting.forATurn();
          here.close();
          assertThatThrownBy(() -> Caller.finish(waiting))
              .isInstanceOf(AsynchronousCloseException.class);
        });
  }

  @Test
  void cancelEndsTheWaitAndLeavesTheSocketUnchanged() throws Exception {
    connected(
        Caller.COROUTINE,
        (here, there) -> {
          Task<?> waiting = GoAsync.goAsync(() -> here.readable().await());
          Waiting.forATurn();
          waiting.cancel();
          assertThatThrownBy(waiting::await).isInstanceOf(CancellationException.class);
          there.writeAll("x\n");
          assertThat(here.readLine()).isEqualTo("x");
        });
  }

  @Test
  void interruptEndsTheWaitOfAThread() throws Exception {
    connected(
        Caller.THREAD,
        (here, _) -> {
          Thread.currentThread().interrupt();
          assertThatThrownBy(() -> here.readable().await())
              .isInstanceOf(InterruptedIOException.class);
          assertThat(Thread.interrupted()).isTrue();
          assertThat(here.readable().isReady()).isFalse();
        });
  }

  // ---- in a select ----

  @ParameterizedTest
  @EnumSource
  void selectWaitsForSocketsAndChannels(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          Channel<String> commands = Channel.rendezvous();
          List<String> events = new ArrayList<>();
          Select either =
              Select.first()
                  .onReady(here.readable(), () -> events.add("socket"))
                  .onReceive(commands, events::add);
          Task<?> sender = caller.beside(() -> commands.send("command"));
          either.run();
          sender.await();
          Task<?> writer = caller.beside(() -> there.writeAll("x\n"));
          either.run();
          writer.await();
          assertThat(events).containsExactly("command", "socket");
          assertThat(here.readLine()).isEqualTo("x");
          assertThat(commands.statistics().waitingReceivers()).isZero();
        });
  }

  @ParameterizedTest
  @EnumSource
  void selectChoosesRandomlyAmongReadySockets(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          Channel<String> full = Channel.bounded(1000);
          there.writeAll("x");
          here.readable().await();
          int[] chosen = new int[2];
          Select either =
              Select.first()
                  .onReady(here.readable(), () -> chosen[0]++)
                  .onSend(full, "value", () -> chosen[1]++);
          for (int i = 0; i < 200; i++) {
            either.run();
          }
          assertThat(chosen[0]).isBetween(50, 150);
          assertThat(chosen[1]).isEqualTo(200 - chosen[0]);
        });
  }

  @ParameterizedTest
  @EnumSource
  void selectWithoutWaitingChecksTheSocket(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          List<String> events = new ArrayList<>();
          Select look =
              Select.first()
                  .onReady(here.readable(), () -> events.add("ready"))
                  .otherwise(() -> events.add("nothing"));
          look.run();
          there.writeAll("x");
          here.readable().await();
          look.run();
          here.close();
          look.run();
          assertThat(events).containsExactly("nothing", "ready", "ready");
        });
  }

  @Test
  void endedOrCancelledSelectLeavesNoWaitAtTheSocket() throws Exception {
    connected(
        Caller.COROUTINE,
        (here, there) -> {
          List<String> events = new ArrayList<>();
          Select impatient =
              Select.first()
                  .onReady(here.readable(), () -> events.add("ready"))
                  .after(Duration.ofMillis(1), () -> events.add("time"));
          for (int i = 0; i < 20; i++) {
            impatient.run();
          }
          assertThat(events).hasSize(20).containsOnly("time");
          Task<?> waiting =
              GoAsync.goAsync(() -> Select.first().onReady(here.readable(), () -> {}).run());
          Waiting.forATurn();
          waiting.cancel();
          assertThatThrownBy(waiting::await).isInstanceOf(CancellationException.class);
          there.writeAll("x\n");
          assertThat(here.readLine()).isEqualTo("x");
        });
  }
}
