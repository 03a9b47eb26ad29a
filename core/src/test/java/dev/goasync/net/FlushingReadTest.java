package dev.goasync.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.io.ByteWriter;
import dev.goasync.testkit.LongRunning;
import dev.goasync.testkit.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A read that first sends unflushed bytes: the send and the receive wait at the same time, and each
 * may end alone.
 */
@Conformance
@LongRunning
final class FlushingReadTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** More bytes than a full send buffer has room for. */
  private static final String LONG = "long".repeat(2000);

  @FunctionalInterface
  private interface Conversation {
    void with(AsyncSocket here, AsyncSocket there) throws Exception;
  }

  private static void connected(Caller caller, Conversation conversation) throws Exception {
    caller.run(() -> {
      try (var server = AsyncServerSocket.listen(LOOPBACK);
          var here = AsyncSocket.connect(server.localAddress());
          var there = server.accept()) {
        here.setOption(StandardSocketOptions.SO_SNDBUF, 4096);
        there.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        conversation.with(here, there);
      }
    });
  }

  /** Fills the buffers from {@code here} to its peer; returns the count of bytes. */
  private static int fill(AsyncSocket here) {
    int[] count = {0};
    Task<?> writer =
        GoAsync.goAsync(() -> {
          while (true) {
            count[0] += here.write(ByteBuffer.allocate(1000));
          }
        });
    for (int before = -1; before < count[0]; Waiting.forATurn()) {
      before = count[0];
      Waiting.forATurn();
    }
    writer.cancel("it is full");
    Caller.settle(writer);
    return count[0];
  }

  @ParameterizedTest
  @EnumSource
  void manyRequestsAndResponses(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          Task<?> server =
              caller.beside(() -> {
                ByteWriter out = there.writer();
                for (String line; (line = there.readLine()) != null; ) {
                  out.writeAll("echo " + line + "\n");
                }
                there.shutdownOutput();
              });
          ByteWriter out = here.writer();
          for (int i = 0; i < 300; i++) {
            String question = i + "x".repeat(i * 13 % 700);
            out.writeAll(question + "\n");
            assertThat(here.readLine()).isEqualTo("echo " + question);
          }
          here.shutdownOutput();
          assertThat(here.readLine()).isNull();
          server.await();
        });
  }

  /** The reader waits, its bytes are sent, and the writer is free for other callers. */
  @Test
  void otherCallersCanWriteWhileTheReadWaits() throws Exception {
    connected(
        Caller.COROUTINE,
        (here, there) -> {
          Task<String> reader =
              GoAsync.goAsync(() -> {
                here.writer().writeAll("first\n");
                return String.valueOf(here.readLine());
              });
          assertThat(there.readLine()).isEqualTo("first");
          Waiting.forATurn();
          here.writer().writeAll("second\n");
          here.writer().flush();
          assertThat(there.readLine()).isEqualTo("second");
          there.writeAll("answer\n");
          assertThat(reader.await()).isEqualTo("answer");
        });
  }

  @Test
  void bytesReceivedWhileTheSendBufferIsFullAreNotLost() throws Exception {
    connected(
        Caller.COROUTINE,
        (here, there) -> {
          int before = fill(here);
          Task<String> reader =
              GoAsync.goAsync(() -> {
                here.writer().writeAll(LONG + "\n");
                return String.valueOf(here.readLine());
              });
          Waiting.forATurn();
          there.writeAll("in between\n");
          Waiting.forATurn();
          there.readExactly(before);
          assertThat(there.readLine()).isEqualTo(LONG);
          assertThat(reader.await()).isEqualTo("in between");
        });
  }

  private static void writeAndCancelRead(AsyncSocket here) {
    Task<String> reader =
        GoAsync.goAsync(() -> {
          here.writer().writeAll(LONG + "\n");
          return String.valueOf(here.readLine());
        });
    Waiting.forATurn();
    reader.cancel("by the test");
    assertThatThrownBy(reader::await).isInstanceOf(CancellationException.class);
  }

  @Test
  void cancelledReadKeepsUnsentBytesInTheWriter() throws Exception {
    connected(
        Caller.COROUTINE,
        (here, there) -> {
          int before = fill(here);
          writeAndCancelRead(here);
          while (here.writer().buffered() == 0) { // on a slow machine the peer takes bytes later
            before += LONG.length() + 1;
            writeAndCancelRead(here);
          }
          there.readExactly(before);
          here.writer().flush();
          assertThat(there.readLine()).isEqualTo(LONG);
          there.writeAll("goes on\n");
          assertThat(here.readLine()).isEqualTo("goes on");
        });
  }

  /** The peer never answers: the failed send must end the read. */
  @ParameterizedTest
  @EnumSource
  void failedSendEndsTheRead(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          here.writer().writeAll("never received");
          here.handle.shutdownOutput();
          assertThatThrownBy(here::readLine).isInstanceOf(IOException.class);
          assertThat(here.writer().buffered()).isEqualTo("never received".length());
          assertThatThrownBy(here::close).as("what was not sent").isInstanceOf(IOException.class);
          assertThat(there.readAll()).isEmpty();
        });
  }

  /** Requests of all sizes, readers cancelled at random, both directions at once. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyByteArrivesOnce(long seed) throws Exception {
    connected(
        Caller.COROUTINE,
        (here, there) -> {
          Task<?> echo =
              GoAsync.goAsync(() -> {
                ByteWriter out = there.writer();
                ByteBuffer buffer = ByteBuffer.allocate(700);
                while (there.read(buffer) >= 0) {
                  out.writeAll(buffer.flip());
                  buffer.clear();
                }
                there.shutdownOutput();
              });
          Random random = new Random(seed);
          byte[] sent = new byte[100_000];
          random.nextBytes(sent);
          byte[] got = new byte[sent.length];
          int written = 0;
          int read = 0;
          while (read < sent.length) {
            int count = Math.min(random.nextInt(4000), sent.length - written);
            ByteBuffer source = ByteBuffer.wrap(sent, written, count);
            ByteBuffer target = ByteBuffer.wrap(got, read, got.length - read);
            Task<?> step =
                GoAsync.goAsync(() -> {
                  here.writer().write(source);
                  return here.read(target);
                });
            for (int i = random.nextInt(4); i > 0; i--) {
              GoAsync.yield();
            }
            if (random.nextBoolean() || written + count == read) {
              step.cancel("at random");
            }
            Caller.settle(step);
            written = source.position();
            read = target.position();
          }
          assertThat(got).isEqualTo(sent);
          here.shutdownOutput();
          assertThat(here.readAllBytes()).isEmpty();
          echo.await();
        });
  }
}
