package dev.goasync.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bytes and the end of a connection that arrive together, while the loop is busy. io_uring of Linux
 * 6.18 does not report a reset if the bytes before it have arrived when a multishot receive is
 * armed.
 */
@Conformance
@Timeout(30)
final class ResetAfterDataTest {
  @FunctionalInterface
  interface End {
    void of(AsyncSocket peer) throws IOException;
  }

  /** Whether the reader waits when the last bytes arrive. */
  enum Reader {
    WAITS,
    COMES_LATER
  }

  private static void reset(AsyncSocket peer) throws IOException {
    peer.setOption(StandardSocketOptions.SO_LINGER, 0);
    peer.close();
  }

  /** Reads the last byte, and returns the result of the next read. */
  private static int readToTheEnd(AsyncSocket socket) throws IOException {
    assertThat(socket.readExactly(1)).containsExactly('y');
    return socket.read(ByteBuffer.allocate(1));
  }

  /**
   * Reads a number of bytes one by one, then the last byte and what follows it.
   *
   * @param reads io_uring receives repeatedly after some reads
   */
  private static int readAfterTheEnd(int reads, Reader reader, End end) throws Exception {
    int[] result = {0};
    Caller.COROUTINE.run(() -> {
      var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      try (var listener = AsyncServerSocket.listen(any);
          var socket = AsyncSocket.connect(listener.localAddress());
          var peer = listener.accept()) {
        for (int i = 0; i < reads; i++) {
          Task<byte[]> reading = GoAsync.goAsync(() -> socket.readExactly(1));
          Waiting.forATurn();
          peer.writeAll("x");
          reading.await();
        }
        Task<Integer> waiting =
            reader == Reader.WAITS ? GoAsync.goAsync(() -> readToTheEnd(socket)) : null;
        Waiting.forATurn();
        GoAsync.sync(() -> { // blocks the loop
          peer.writeAll("y");
          end.of(peer);
        });
        Task<Integer> reading =
            waiting != null ? waiting : GoAsync.goAsync(() -> readToTheEnd(socket));
        Caller.settle(reading);
        Caller.finish(reading);
        result[0] = reading.await();
      }
    });
    return result[0];
  }

  @ParameterizedTest
  @EnumSource
  void aResetThatArrivesWithTheLastBytesIsReported(Reader reader) {
    for (int reads = 0; reads < 5; reads++) {
      int before = reads;
      assertThatThrownBy(() -> readAfterTheEnd(before, reader, ResetAfterDataTest::reset))
          .as("after %d reads", reads)
          .isInstanceOf(SocketException.class)
          .hasMessageStartingWith("Connection reset");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEndThatArrivesWithTheLastBytesIsReported(Reader reader) throws Exception {
    for (int reads = 0; reads < 5; reads++) {
      assertThat(readAfterTheEnd(reads, reader, AsyncSocket::close))
          .as("after %d reads", reads)
          .isEqualTo(-1);
    }
  }
}
