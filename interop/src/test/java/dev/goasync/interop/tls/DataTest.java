package dev.goasync.interop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.DeadlineExceededException;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.tls.TlsStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes between two handshakes and the end of a connection. */
@Timeout(60)
final class DataTest {
  private static final String ALL = "dev.goasync.interop.tls.Peers#all";
  private static final int LARGE = 1 << 20;

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private static byte[] read(TlsStream tls, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining() && tls.read(buffer) >= 0) {
      // more
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  /** Writes in pieces of different sizes, up to several records. */
  private static void writePieces(TlsStream tls, byte[] data) throws IOException {
    Random random = new Random(data.length);
    ByteBuffer source = ByteBuffer.wrap(data);
    while (source.hasRemaining()) {
      int end = Math.min(data.length, source.position() + 1 + random.nextInt(60_000));
      source.limit(end);
      while (source.hasRemaining()) {
        tls.write(source);
      }
      source.limit(data.length);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void bothSendMuchAtOnce(Peers peers) throws Exception {
    peers.connected(connection -> {
      byte[] data = bytes(LARGE);
      Task<byte[]> byServer = GoAsync.goAsync(() -> read(connection.server(), LARGE));
      Task<byte[]> byClient = GoAsync.goAsync(() -> read(connection.client(), LARGE));
      Task<?> toClient = GoAsync.goAsync(() -> writePieces(connection.server(), data));
      writePieces(connection.client(), data);
      toClient.await();
      assertThat(Arrays.equals(byServer.await(), data)).isTrue();
      assertThat(Arrays.equals(byClient.await(), data)).isTrue();
    });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void emptyBuffersTransferNothing(Peers peers) throws Exception {
    peers.connected(connection -> {
      TlsStream client = connection.client();
      assertThat(client.write(ByteBuffer.allocate(0))).isZero();
      assertThat(client.write(new ByteBuffer[0])).isZero();
      assertThat(client.read(ByteBuffer.allocate(0))).isZero();
      client.writeAll("");
      client.writeAll("abc");
      ByteBuffer one = ByteBuffer.allocate(1);
      for (char expected : "abc".toCharArray()) {
        assertThat(connection.server().read(one.clear())).isEqualTo(1);
        assertThat((char) one.get(0)).isEqualTo(expected);
      }
    });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void directAndReadOnlyBuffersAreGathered(Peers peers) throws Exception {
    peers.connected(connection -> {
      byte[] data = bytes(45_000);
      ByteBuffer direct = ByteBuffer.allocateDirect(5_000);
      direct.put(data, 0, 5_000).flip();
      ByteBuffer[] sources = {
        ByteBuffer.allocate(0),
        direct,
        ByteBuffer.wrap(data, 5_000, 40_000).slice().asReadOnlyBuffer()
      };
      Task<byte[]> byServer = GoAsync.goAsync(() -> read(connection.server(), data.length));
      while (sources[2].hasRemaining()) {
        connection.client().write(sources, 0, 3);
      }
      assertThat(byServer.await()).isEqualTo(data);
      connection.server().writeAll("0123456789");
      ByteBuffer target = ByteBuffer.allocateDirect(10);
      while (target.hasRemaining()) {
        connection.client().read(target);
      }
      assertThat(target.get(9)).isEqualTo((byte) '9');
    });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void readsThatTimeOutLoseNothing(Peers peers) throws Exception {
    peers.connected(connection -> {
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() ->
                GoAsync.withTimeout(
                    Duration.ofMillis(1),
                    () -> {
                      connection.server().read(ByteBuffer.allocate(10));
                    }))
            .isInstanceOf(DeadlineExceededException.class);
      }
      connection.client().writeAll("still there\n");
      assertThat(connection.server().readLine()).isEqualTo("still there");
    });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void writesThatTimeOutLoseNothing(Peers peers) throws Exception {
    peers.connected(connection -> {
      byte[] data = bytes(8 * LARGE);
      ByteBuffer source = ByteBuffer.wrap(data);
      assertThatThrownBy(() ->
              GoAsync.withTimeout(
                  Duration.ofMillis(50),
                  () -> {
                    while (source.hasRemaining()) {
                      connection.client().write(source);
                    }
                  }))
          .isInstanceOf(DeadlineExceededException.class);
      Task<byte[]> byServer = GoAsync.goAsync(() -> read(connection.server(), data.length));
      while (source.hasRemaining()) {
        connection.client().write(source);
      }
      assertThat(Arrays.equals(byServer.await(), data)).isTrue();
    });
  }
}
