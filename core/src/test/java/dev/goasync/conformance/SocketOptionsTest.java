package dev.goasync.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

/** Options of connected sockets have the same values as those of the JDK's channels. */
@Conformance
final class SocketOptionsTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final Map<SocketOption<Integer>, int[]> NUMBERS = new LinkedHashMap<>();

  static {
    NUMBERS.put(StandardSocketOptions.SO_SNDBUF, new int[] {0, 100, 10_000, 100_000});
    NUMBERS.put(StandardSocketOptions.SO_RCVBUF, new int[] {0, 100, 1024, 10_000, 100_000});
    NUMBERS.put(StandardSocketOptions.IP_TOS, new int[] {0, 8, 16, 255});
    NUMBERS.put(StandardSocketOptions.SO_LINGER, new int[] {-1, 0, 7, 100_000});
    NUMBERS.put(ExtendedSocketOptions.TCP_KEEPIDLE, new int[] {1, 77});
    NUMBERS.put(ExtendedSocketOptions.TCP_KEEPINTERVAL, new int[] {1, 77});
    NUMBERS.put(ExtendedSocketOptions.TCP_KEEPCOUNT, new int[] {1, 77});
  }

  private interface Body {
    void run(AsyncSocket ours, SocketChannel jdks) throws IOException;
  }

  private static void withBoth(Body body) throws IOException {
    try (var server = AsyncServerSocket.listen(LOOPBACK);
        AsyncSocket ours = AsyncSocket.connect(server.localAddress());
        var first = server.accept();
        SocketChannel jdks = SocketChannel.open(server.localAddress());
        var second = server.accept()) {
      body.run(ours, jdks);
      assertThat(first.isOpen() && second.isOpen()).isTrue();
    }
  }

  @Test
  void numbersAreReadBackAsFromTheJdk() throws Exception {
    withBoth((ours, jdks) -> {
      for (var entry : NUMBERS.entrySet()) {
        for (int value : entry.getValue()) {
          ours.setOption(entry.getKey(), value);
          jdks.setOption(entry.getKey(), value);
          assertThat(ours.getOption(entry.getKey()))
              .as("%s set to %d", entry.getKey(), value)
              .isEqualTo(jdks.getOption(entry.getKey()));
        }
      }
      ours.setOption(StandardSocketOptions.SO_LINGER, -1); // the close does not wait
      jdks.setOption(StandardSocketOptions.SO_LINGER, -1);
    });
  }

  @Test
  void quickAcknowledgementsCanBeSwitched() throws Exception {
    withBoth((ours, _) -> {
      for (boolean on : new boolean[] {false, true}) {
        ours.setOption(ExtendedSocketOptions.TCP_QUICKACK, on);
        assertThat(ours.getOption(ExtendedSocketOptions.TCP_QUICKACK)).isEqualTo(on);
      }
    });
  }

  @Test
  void wrongNumbersAreRefusedAsByTheJdk() throws Exception {
    withBoth((ours, _) -> {
      assertThatThrownBy(() -> ours.setOption(StandardSocketOptions.IP_TOS, 256))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> ours.setOption(StandardSocketOptions.SO_RCVBUF, -1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> ours.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, -1))
          .isInstanceOf(SocketException.class);
    });
  }
}
