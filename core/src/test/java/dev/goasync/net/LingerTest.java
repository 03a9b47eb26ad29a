package dev.goasync.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing so that the peer reads the last message. */
@Conformance
@Timeout(20)
@SuppressWarnings("try") // closing early is what is tested
final class LingerTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final Duration FOR_EVER = Duration.ofDays(1);

  /** More bytes than the system buffers. */
  private static final int MUCH = 20_000_000;

  @ParameterizedTest
  @EnumSource
  void lastMessageIsReadThoughThePeerIsSending(Caller caller) throws Exception {
    caller.run(() -> {
      try (var listener = AsyncServerSocket.listen(LOOPBACK);
          var client = AsyncSocket.connect(listener.localAddress());
          var server = listener.accept()) {
        Task<?> refusing =
            caller.beside(() -> {
              server.readExactly(1);
              server.writer().writeAll("too much\n");
              server.lingerAndClose(FOR_EVER);
            });
        client.writeAll(new byte[MUCH]);
        assertThat(client.readLine()).isEqualTo("too much");
        assertThat(client.readLine()).isNull();
        assertThat(refusing.isCompleted()).isFalse();
        client.close();
        Caller.finish(refusing);
        assertThat(server.isOpen()).isFalse();
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void peerThatDoesNotEndIsWaitedForUntilTheTimeout(Caller caller) throws Exception {
    caller.run(() -> {
      try (var listener = AsyncServerSocket.listen(LOOPBACK);
          var client = AsyncSocket.connect(listener.localAddress());
          var server = listener.accept()) {
        assertThatThrownBy(() -> server.lingerAndClose(Duration.ofNanos(-1)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("timeout is negative");
        assertThat(server.isOpen()).isTrue();
        server.lingerAndClose(Duration.ofMillis(1));
        assertThat(server.isOpen()).isFalse();
        assertThat(client.readLine()).isNull();
        server.close();
      }
    });
  }

  @Test
  void cancelledCoroutineDoesNotLinger() throws Exception {
    try (var listener = AsyncServerSocket.listen(LOOPBACK);
        var client = AsyncSocket.connect(listener.localAddress());
        var server = listener.accept()) {
      Task<?> lingering = GoAsync.goAsync(() -> server.lingerAndClose(FOR_EVER));
      assertThat(client.readLine()).isNull();
      lingering.cancel();
      assertThatThrownBy(lingering::await).isInstanceOf(CancellationException.class);
      assertThat(server.isOpen()).isFalse();
    }
  }
}
