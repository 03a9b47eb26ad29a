package dev.goasync.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.goasync.Caller;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.io.ByteWriter;
import dev.goasync.io.TooLongException;
import dev.goasync.testkit.Waiting;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A socket as a stream: views, gathered and scattered bytes, buffered output, limits. */
@Conformance
final class SocketStreamTest {
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
  void streamViewsWorkWithCodeForStreams(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          var out = new DataOutputStream(here.outputStream());
          out.writeUTF("gr\u00fc\u00dfe");
          out.writeLong(42);
          var in = new DataInputStream(there.inputStream());
          assertThat(in.readUTF()).isEqualTo("gr\u00fc\u00dfe");
          assertThat(in.readLong()).isEqualTo(42);
          out.close();
          assertThat(here.isOpen()).isFalse();
          assertThat(in.read()).isEqualTo(-1);
        });
  }

  @ParameterizedTest
  @EnumSource
  void writesAHeaderAndABodyTogether(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          ByteBuffer header = ByteBuffer.wrap("head:".getBytes(UTF_8));
          ByteBuffer empty = ByteBuffer.allocate(0);
          ByteBuffer body = ByteBuffer.allocateDirect(4).put("body".getBytes(UTF_8)).flip();
          assertThat(here.write(new ByteBuffer[] {empty, header, empty, body})).isEqualTo(9);
          assertThat(header.hasRemaining() || body.hasRemaining()).isFalse();
          assertThat(here.write(new ByteBuffer[] {empty, header})).isZero();
          ByteBuffer[] targets = {ByteBuffer.allocate(5), ByteBuffer.allocateDirect(9)};
          assertThat(there.read(targets)).isEqualTo(9);
          assertThat(targets[0].array()).asString(UTF_8).isEqualTo("head:");
          assertThat(targets[1].position()).isEqualTo(4);
          assertThat(there.read(targets, 0, 1)).as("no room").isZero();
          assertThatThrownBy(() -> here.write(targets, 1, 2))
              .isInstanceOf(IndexOutOfBoundsException.class);
        });
  }

  /** Sizes above and below that of one operation, heap and direct buffers. */
  @ParameterizedTest
  @EnumSource
  void gatheredWritesKeepTheOrder(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          Random random = new Random(11);
          CRC32 sent = new CRC32();
          CRC32 sum = new CRC32();
          Task<?> received =
              caller.beside(() -> {
                ByteBuffer buffer = ByteBuffer.allocate(50_000);
                while (there.read(buffer) >= 0) {
                  sum.update(buffer.flip());
                  buffer.clear();
                }
              });
          for (int round = 0; round < 40; round++) {
            ByteBuffer[] sources = new ByteBuffer[random.nextInt(6)];
            for (int i = 0; i < sources.length; i++) {
              byte[] bytes = new byte[random.nextInt(random.nextBoolean() ? 200 : 150_000)];
              random.nextBytes(bytes);
              sent.update(bytes);
              sources[i] =
                  random.nextBoolean()
                      ? ByteBuffer.wrap(bytes)
                      : ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            }
            here.writeAll(sources);
          }
          here.shutdownOutput();
          received.await();
          assertThat(sum.getValue()).isEqualTo(sent.getValue());
        });
  }

  /** The response is still in the writer: without a flush both peers would wait for ever. */
  @ParameterizedTest
  @EnumSource
  void unflushedBytesAreSentBeforeAReadWaits(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          Task<?> server =
              caller.beside(() -> {
                ByteWriter out = there.writer();
                for (String line; (line = there.readLine()) != null; ) {
                  out.writeAll("echo " + line + "\n");
                }
                out.writeAll("bye");
                there.close();
              });
          here.writeAll("a\nb\n");
          assertThat(here.readLine()).isEqualTo("echo a");
          assertThat(here.readLine()).isEqualTo("echo b");
          here.shutdownOutput();
          assertThat(here.readAll()).as("a close flushes").isEqualTo("bye");
          server.await();
        });
  }

  @ParameterizedTest
  @EnumSource
  void writerIsFlushedBeforeTheOutputEnds(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          here.writer().writeAll("all");
          assertThat(here.writer()).isSameAs(here.writer());
          here.shutdownOutput();
          assertThat(there.readAll()).isEqualTo("all");
          here.close();
          assertThatThrownBy(
                  () -> {
                    here.writer().writeAll("late");
                    here.writer().flush();
                  })
              .isInstanceOf(ClosedChannelException.class);
        });
  }

  /** A cancelled coroutine closes without waiting for a peer that does not read. */
  @ParameterizedTest
  @EnumSource(names = "COROUTINE")
  void cancelledCoroutineClosesWithoutFlushing(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          Task<?> writer =
              GoAsync.goAsync(() -> {
                try (here) {
                  here.writer().writeAll("never sent");
                  GoAsync.sleep(java.time.Duration.ofDays(1));
                }
              });
          Waiting.forATurn();
          writer.cancel();
          assertThat(there.readAll()).isEmpty();
        });
  }

  @ParameterizedTest
  @EnumSource
  void peeksAndLimits(Caller caller) throws Exception {
    connected(
        caller,
        (here, there) -> {
          here.writeAll("GET / HTTP/1.1\r\nkey:value;rest");
          ByteBuffer first = ByteBuffer.allocate(3);
          assertThat(there.peek(first)).isEqualTo(3);
          assertThat(there.readable().isReady()).isTrue();
          assertThat(there.readLine(14)).isEqualTo("GET / HTTP/1.1");
          assertThatThrownBy(() -> there.readLine(5)).isInstanceOf(TooLongException.class);
          assertThat(there.readUntil((byte) ';', 9)).asString(UTF_8).isEqualTo("key:value");
          here.shutdownOutput();
          assertThat(there.readAll()).isEqualTo("rest");
        });
  }
}
