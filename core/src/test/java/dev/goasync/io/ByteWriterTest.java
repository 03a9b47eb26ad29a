package dev.goasync.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Buffers writes before a sink that takes an arbitrary number of bytes. */
@Timeout(60)
final class ByteWriterTest {
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
  private int writes;
  private int room = Integer.MAX_VALUE;

  /** Takes at most {@code room} bytes; is cancelled if that is none. */
  private int take(ByteBuffer source) {
    writes++;
    int count = Math.min(source.remaining(), room);
    if (count == 0) {
      throw new CancellationException("scripted");
    }
    byte[] bytes = new byte[count];
    source.get(bytes);
    taken.writeBytes(bytes);
    return count;
  }

  private final ByteWriter writer = new ByteWriter(this::take);

  @Test
  void smallWritesAreCombined() throws IOException {
    writer.writeAll("one ");
    writer.writeAll("two");
    assertThat(writes).isZero();
    assertThat(writer.buffered()).isEqualTo(7);
    writer.flush();
    assertThat(taken).asString().isEqualTo("one two");
    assertThat(writes).isOne();
    writer.flush();
    assertThat(writes).as("nothing to flush").isOne();
  }

  @Test
  void aLargeWriteIsNotCopied() throws IOException {
    writer.writeAll("head");
    byte[] body = new byte[3 * ByteWriter.CAPACITY];
    writer.writeAll(body);
    assertThat(writes).isEqualTo(2);
    assertThat(taken.size()).isEqualTo(4 + body.length);
  }

  @Test
  void nothingIsLostWhenAWriteIsCancelled() throws IOException {
    writer.writeAll("abcdef");
    room = 2;
    int[] left = {2};
    ByteWriter strict =
        new ByteWriter(source -> {
          if (left[0]-- == 0) {
            throw new CancellationException("scripted");
          }
          return take(source);
        });
    strict.writeAll("abcdef");
    assertThatThrownBy(strict::flush).isInstanceOf(CancellationException.class);
    assertThat(strict.buffered()).isEqualTo(2);
    strict.writeAll("gh");
    left[0] = 100;
    strict.flush();
    assertThat(taken).asString().isEqualTo("abcdefgh");
  }

  /** The position of the source is behind the bytes that a cancelled write has taken. */
  @Test
  void aCancelledWriteLeavesTheBytesItDidNotTake() throws IOException {
    writer.writeAll(new byte[ByteWriter.CAPACITY]);
    room = 0;
    ByteBuffer more = ByteBuffer.wrap("more".getBytes(UTF_8));
    assertThatThrownBy(() -> writer.write(more)).isInstanceOf(CancellationException.class);
    assertThat(more.remaining()).isEqualTo(4);
    room = Integer.MAX_VALUE;
    writer.writeAll(more);
    writer.flush();
    assertThat(taken.size()).isEqualTo(ByteWriter.CAPACITY + 4);
  }

  @Test
  void anySizesArriveInOrder() throws IOException {
    Random random = new Random(7);
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    for (int i = 0; i < 500; i++) {
      byte[] piece = new byte[random.nextInt(i % 10 == 0 ? 40_000 : 600)];
      random.nextBytes(piece);
      room = 1 + random.nextInt(5_000);
      sent.writeBytes(piece);
      writer.writeAll(piece);
    }
    writer.flush();
    assertThat(taken.toByteArray()).isEqualTo(sent.toByteArray());
  }
}
