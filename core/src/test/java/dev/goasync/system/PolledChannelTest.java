package dev.goasync.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.sync.Channel;
import dev.goasync.sync.Select;
import dev.goasync.testkit.Waiting;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waits for channels of the JDK, on the loops of every backend. */
@Conformance
final class PolledChannelTest {
  @FunctionalInterface
  private interface Use {
    void of(Pipe.SourceChannel source, Pipe.SinkChannel sink, PollHandle handle) throws Exception;
  }

  private static void withPipe(Caller caller, Use use) throws Exception {
    caller.run(() -> {
      Pipe pipe = Pipe.open();
      try (var source = pipe.source();
          var sink = pipe.sink()) {
        source.configureBlocking(false);
        try (PollHandle handle = PollHandle.ofChannel(source)) {
          use.of(source, sink, handle);
        }
        source.configureBlocking(true); // fails while a selector has the channel registered
      }
    });
  }

  private static void send(Pipe.SinkChannel sink) throws Exception {
    assertThat(sink.write(ByteBuffer.allocate(1))).isEqualTo(1);
  }

  private static void take(Pipe.SourceChannel source) throws Exception {
    assertThat(source.read(ByteBuffer.allocate(2))).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void awaitsInputAndConsumesNone(Caller caller) throws Exception {
    withPipe(
        caller,
        (source, sink, handle) -> {
          for (int i = 0; i < 3; i++) {
            assertThat(handle.readable().isReady()).isFalse();
            Task<?> sender = caller.beside(() -> send(sink));
            handle.readable().await();
            assertThat(handle.readable().isReady()).isTrue();
            sender.await();
            take(source);
          }
          sink.close();
          handle.readable().await();
        });
  }

  @ParameterizedTest
  @EnumSource
  void awaitsRoomForOutput(Caller caller) throws Exception {
    caller.run(() -> {
      Pipe pipe = Pipe.open();
      try (var source = pipe.source();
          var sink = pipe.sink()) {
        sink.configureBlocking(false);
        try (PollHandle handle = PollHandle.ofChannel(sink)) {
          handle.writable().await();
          ByteBuffer much = ByteBuffer.allocate(1 << 16);
          while (handle.writable().isReady()) {
            sink.write(much.clear());
          }
          Task<?> reader = caller.beside(() -> source.read(much.clear()));
          handle.writable().await();
          reader.await();
          assertThatThrownBy(handle::readable)
              .isInstanceOf(UnsupportedOperationException.class)
              .hasMessageContaining("has no input");
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void awaitsConnectAndAccept(Caller caller) throws Exception {
    caller.run(() -> {
      try (var server = ServerSocketChannel.open();
          var client = SocketChannel.open()) {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.configureBlocking(false);
        client.configureBlocking(false);
        try (PollHandle listening = PollHandle.ofChannel(server);
            PollHandle connecting = PollHandle.ofChannel(client)) {
          assertThat(listening.readable().isReady()).isFalse();
          client.connect(server.getLocalAddress());
          connecting.writable().await();
          assertThat(client.finishConnect()).isTrue();
          listening.readable().await();
          try (var accepted = server.accept()) {
            assertThat(accepted).isNotNull();
            accepted.write(ByteBuffer.allocate(1));
            connecting.readable().await();
            connecting.writable().await();
          }
        }
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void selectAwaitsAChannel(Caller caller) throws Exception {
    withPipe(
        caller,
        (source, sink, handle) -> {
          Channel<String> commands = Channel.rendezvous();
          List<String> events = new ArrayList<>();
          Select either =
              Select.first()
                  .onReady(handle.readable(), () -> events.add("pipe"))
                  .onReceive(commands, events::add);
          Task<?> sender = caller.beside(() -> commands.send("command"));
          either.run();
          sender.await();
          Task<?> writer = caller.beside(() -> send(sink));
          either.run();
          writer.await();
          assertThat(events).containsExactly("command", "pipe");
        });
  }

  @Test
  void cancelEndsTheWait() throws Exception {
    withPipe(
        Caller.COROUTINE,
        (source, sink, handle) -> {
          Task<?> waiting = GoAsync.goAsync(() -> handle.readable().await());
          Waiting.forATurn();
          waiting.cancel();
          assertThatThrownBy(waiting::await).isInstanceOf(CancellationException.class);
          send(sink);
          handle.readable().await();
          take(source);
        });
  }

  @Test
  void interruptEndsTheWaitOfAThread() throws Exception {
    withPipe(
        Caller.THREAD,
        (source, sink, handle) -> {
          Thread.currentThread().interrupt();
          assertThatThrownBy(() -> handle.readable().await())
              .isInstanceOf(InterruptedIOException.class);
          assertThat(Thread.interrupted()).isTrue();
          assertThat(source.isOpen()).isTrue();
        });
  }

  @Test
  void closeEndsTheWaitAndKeepsTheChannelOpen() throws Exception {
    withPipe(
        Caller.COROUTINE,
        (source, sink, handle) -> {
          Task<?> waiting = GoAsync.goAsync(() -> handle.readable().await());
          Waiting.forATurn();
          handle.close();
          assertThatThrownBy(() -> Caller.finish(waiting))
              .isInstanceOf(AsynchronousCloseException.class);
          send(sink);
          take(source);
        });
  }

  @Test
  void blockingChannelIsRefused() throws Exception {
    Pipe pipe = Pipe.open();
    try (var source = pipe.source();
        var sink = pipe.sink()) {
      assertThatThrownBy(() -> PollHandle.ofChannel(source))
          .isInstanceOf(IllegalBlockingModeException.class);
      assertThat(sink.isOpen()).isTrue();
    }
  }
}
