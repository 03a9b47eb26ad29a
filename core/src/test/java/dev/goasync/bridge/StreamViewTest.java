package dev.goasync.bridge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.io.ByteStream;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.testkit.MemoryPipe;
import dev.goasync.testkit.TestIdentity;
import dev.goasync.testkit.Waiting;
import dev.goasync.tls.TlsStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sockets that are views of streams. */
@Conformance
final class StreamViewTest {
  private static final TestIdentity LOCALHOST = TestIdentity.of("localhost");

  /** A stream over any channel. */
  private static final class OverChannel extends ByteStream {
    private final ByteChannel channel;

    OverChannel(ByteChannel channel) {
      super(channel::read);
      this.channel = channel;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      return channel.write(source);
    }

    @Override
    protected void closeHandle() throws IOException {
      channel.close();
    }
  }

  @FunctionalInterface
  interface Conversation {
    void between(Socket view, ByteStream peer) throws Exception;
  }

  enum Kind {
    MEMORY {
      @Override
      void open(Conversation conversation) throws Exception {
        MemoryPipe pipe = new MemoryPipe(1000, 100);
        converse(new OverChannel(pipe.here()), new OverChannel(pipe.there()), conversation);
      }
    },
    TCP {
      @Override
      void open(Conversation conversation) throws Exception {
        connected((here, there) -> converse(here, there, conversation));
      }
    },
    TLS {
      @Override
      void open(Conversation conversation) throws Exception {
        connected((here, there) ->
            converse(
                TlsStream.client(here, LOCALHOST.trustingContext(), "localhost", 0),
                TlsStream.server(there, LOCALHOST.context()),
                conversation));
      }
    };

    abstract void open(Conversation conversation) throws Exception;

    /** Runs in a coroutine, and its peer in another one. */
    void converse(Conversation conversation) throws Exception {
      Caller.COROUTINE.run(() -> open(conversation));
    }

    interface Pair {
      void use(AsyncSocket here, AsyncSocket there) throws Exception;
    }

    static void connected(Pair pair) throws Exception {
      var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      try (var listener = AsyncServerSocket.listen(any);
          var here = AsyncSocket.connect(listener.localAddress());
          var there = listener.accept()) {
        pair.use(here, there);
      }
    }

    static void converse(ByteStream here, ByteStream there, Conversation conversation)
        throws Exception {
      try (there;
          Socket view = LoopSockets.view(here)) {
        conversation.between(view, there);
      }
    }
  }

  private static void echo(ByteStream peer, int bytes) throws IOException {
    peer.writeAll(peer.readExactly(bytes));
  }

  private static void ask(Socket view, String text) throws IOException {
    view.getOutputStream().write(text.getBytes(US_ASCII));
    assertThat(view.getInputStream().readNBytes(text.length())).isEqualTo(text.getBytes(US_ASCII));
  }

  @ParameterizedTest
  @EnumSource
  void bytesGoBothWays(Kind kind) throws Exception {
    kind.converse((view, peer) -> {
      assertThat(view.isConnected() && view.isBound() && !view.isClosed()).isTrue();
      Task<?> echo = Caller.COROUTINE.beside(() -> echo(peer, 10));
      ask(view, "0123456789");
      echo.await();
      assertThat(view.getInputStream().available()).isZero();
    });
  }

  @ParameterizedTest
  @EnumSource
  void aPlainThreadUsesItToo(Kind kind) throws Exception {
    kind.open((view, peer) -> {
      view.setSoTimeout(60_000);
      Task<?> echo = Caller.COROUTINE.beside(() -> echo(peer, 10));
      ask(view, "0123456789");
      echo.await();
      view.setSoTimeout(1);
      assertThatThrownBy(() -> view.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage("Read timed out");
    });
  }

  @ParameterizedTest
  @EnumSource
  void aReadWithATimeoutLosesNothing(Kind kind) throws Exception {
    kind.converse((view, peer) -> {
      Task<?> echo = Caller.COROUTINE.beside(() -> echo(peer, 6));
      ask(view, "before");
      view.setSoTimeout(1);
      assertThatThrownBy(() -> view.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage("Read timed out");
      echo.await();
      view.setSoTimeout(60_000);
      Task<?> again = Caller.COROUTINE.beside(() -> echo(peer, 5));
      ask(view, "after");
      again.await();
    });
  }

  @ParameterizedTest
  @EnumSource(names = "MEMORY", mode = EnumSource.Mode.EXCLUDE)
  void theOutputEndsAloneWhereTheStreamCanDoSo(Kind kind) throws Exception {
    kind.converse((view, peer) -> {
      Task<?> answer =
          Caller.COROUTINE.beside(() -> {
            assertThat(peer.readAll()).isEqualTo("question");
            peer.writeAll("answer");
          });
      view.getOutputStream().write("question".getBytes(US_ASCII));
      view.shutdownOutput();
      assertThat(view.isOutputShutdown()).isTrue();
      assertThat(view.getInputStream().readNBytes(6)).isEqualTo("answer".getBytes(US_ASCII));
      assertThatThrownBy(() -> view.getOutputStream().write(1)).isInstanceOf(SocketException.class);
      answer.await();
    });
  }

  @Test
  void aStreamWithoutHalvesRefusesToEndItsOutput() throws Exception {
    Kind.MEMORY.converse((view, peer) -> {
      assertThatThrownBy(view::shutdownOutput)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("cannot end its output alone");
      Task<?> echo = Caller.COROUTINE.beside(() -> echo(peer, 5));
      ask(view, "after");
      echo.await();
    });
  }

  @ParameterizedTest
  @EnumSource
  void anEndedInputReturnsTheEnd(Kind kind) throws Exception {
    kind.converse((view, peer) -> {
      Task<?> echo = Caller.COROUTINE.beside(() -> echo(peer, 5));
      ask(view, "first");
      echo.await();
      InputStream input = view.getInputStream();
      view.shutdownInput();
      assertThat(input.read()).isEqualTo(-1);
    });
  }

  @ParameterizedTest
  @EnumSource
  void theCloseEndsAWaitingReadAndClosesTheStream(Kind kind) throws Exception {
    kind.converse((view, peer) -> {
      Task<?> echo = Caller.COROUTINE.beside(() -> echo(peer, 5));
      ask(view, "first");
      echo.await();
      Task<?> reading =
          Caller.COROUTINE.beside(() ->
              assertThatThrownBy(() -> view.getInputStream().read())
                  .isInstanceOf(SocketException.class)
                  .hasMessage("Socket closed"));
      Waiting.forATurn();
      view.close();
      Caller.finish(reading);
      assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      assertThatThrownBy(view::getInputStream)
          .isInstanceOf(SocketException.class)
          .hasMessage("Socket is closed");
    });
  }

  @ParameterizedTest
  @EnumSource
  void aCancelClosesTheStream(Kind kind) throws Exception {
    kind.converse((view, peer) -> {
      Task<?> echo = Caller.COROUTINE.beside(() -> echo(peer, 5));
      ask(view, "first");
      echo.await();
      Task<?> reading =
          Caller.COROUTINE.beside(() ->
              assertThatThrownBy(() -> view.getInputStream().read())
                  .isInstanceOf(SocketException.class)
                  .hasMessageStartingWith("Closed by a cancel"));
      Waiting.forATurn();
      reading.cancel();
      Caller.settle(reading);
      assertThat(view.isClosed()).isTrue();
    });
  }

  @ParameterizedTest
  @EnumSource(names = "MEMORY", mode = EnumSource.Mode.EXCLUDE)
  void optionsAndAddressesAreThoseOfTheSocketBelow(Kind kind) throws Exception {
    kind.converse((view, peer) -> {
      view.setTcpNoDelay(true);
      assertThat(view.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
      assertThat(view.getInetAddress()).isEqualTo(InetAddress.getLoopbackAddress());
      assertThat(view.getPort()).isPositive();
      assertThat(view.getLocalPort()).isPositive();
    });
  }

  @Test
  void aStreamWithoutASocketHasNoOptions() throws Exception {
    Kind.MEMORY.converse((view, _) -> {
      assertThat(view.supportedOptions()).isEmpty();
      assertThatThrownBy(() -> view.setTcpNoDelay(true))
          .isInstanceOf(SocketException.class)
          .hasMessage("'TCP_NODELAY' not supported");
      assertThatThrownBy(() -> view.setOption(StandardSocketOptions.SO_KEEPALIVE, true))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage("'SO_KEEPALIVE' not supported");
      assertThatThrownBy(() -> view.sendUrgentData(1)).isInstanceOf(SocketException.class);
      assertThat(view.getInetAddress().isAnyLocalAddress()).isTrue();
      assertThat(view.getPort()).isZero();
    });
  }
}
