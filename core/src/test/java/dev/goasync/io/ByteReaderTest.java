package dev.goasync.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads lines, texts and counts from a source that returns scripted pieces. */
@Timeout(60)
final class ByteReaderTest {
  /** Returns one piece for each read, then the end. An empty piece is a read that is cancelled. */
  private static final class Script implements ByteSource {
    final ArrayDeque<ByteBuffer> pieces = new ArrayDeque<>();
    int reads;

    Script(String... pieces) {
      for (String piece : pieces) {
        add(piece.getBytes(UTF_8));
      }
    }

    void add(byte[] piece) {
      pieces.add(ByteBuffer.wrap(piece));
    }

    @Override
    public int read(ByteBuffer target) {
      if (!target.hasRemaining()) {
        return 0;
      }
      reads++;
      ByteBuffer piece = pieces.peek();
      if (piece == null) {
        return -1;
      }
      if (!piece.hasRemaining()) {
        pieces.remove();
        throw new CancellationException("scripted");
      }
      int count = Math.min(piece.remaining(), target.remaining());
      target.put(target.position(), piece, piece.position(), count);
      target.position(target.position() + count);
      piece.position(piece.position() + count);
      if (!piece.hasRemaining()) {
        pieces.remove();
      }
      return count;
    }
  }

  private static ByteReader reader(String... pieces) {
    return new ByteReader(new Script(pieces));
  }

  private static List<String> lines(ByteReader reader) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line; (line = reader.readLine()) != null; ) {
      lines.add(line);
    }
    return lines;
  }

  @Test
  void lineTerminatorsAreFoundWhereverThePiecesAreCut() throws IOException {
    String text = "a\r\nb\n\r\nc\rd\n\n\r\r\ne\r";
    List<String> wanted = List.of("a", "b", "", "c\rd", "", "\r", "e\r");
    byte[] bytes = text.getBytes(UTF_8);
    for (int first = 0; first <= bytes.length; first++) {
      for (int second = first; second <= bytes.length; second++) {
        Script script = new Script();
        for (String piece :
            List.of(
                text.substring(0, first), text.substring(first, second), text.substring(second))) {
          if (!piece.isEmpty()) {
            script.add(piece.getBytes(UTF_8));
          }
        }
        assertThat(lines(new ByteReader(script)))
            .as("cut at %d and %d", first, second)
            .isEqualTo(wanted);
      }
    }
  }

  @Test
  void lastLineNeedsNoTerminator() throws IOException {
    assertThat(lines(reader("one\ntwo"))).containsExactly("one", "two");
    assertThat(lines(reader("one\n"))).containsExactly("one");
    assertThat(lines(reader("\n"))).containsExactly("");
    assertThat(lines(reader())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4095, 4096, 4097, 8191, 8192, 65_535, 65_537, 3_000_000})
  void lineCanHaveAnyLength(int length) throws IOException {
    String line = "x".repeat(length);
    ByteReader reader = reader("before\n", line, "\nafter");
    assertThat(lines(reader)).containsExactly("before", line, "after");
  }

  @Test
  void malformedBytesBecomeReplacementCharacters() throws IOException {
    Script script = new Script();
    script.add(new byte[] {'a', (byte) 0xC3, '\n', (byte) 0xFF, 'b', '\n', (byte) 0xE2});
    ByteReader reader = new ByteReader(script);
    assertThat(lines(reader)).containsExactly("a\uFFFD", "\uFFFDb", "\uFFFD");
    script.add(new byte[] {(byte) 0xF0, (byte) 0x9F});
    assertThat(reader.readAll()).isEqualTo("\uFFFD");
  }

  @Test
  void characterSplitBetweenReadsIsDecoded() throws IOException {
    byte[] bytes = "é😀\n".getBytes(UTF_8);
    Script script = new Script();
    for (byte each : bytes) {
      script.add(new byte[] {each});
    }
    assertThat(new ByteReader(script).readLine()).isEqualTo("é😀");
  }

  @Test
  void differentReadsContinueWhereTheLastOneEnded() throws IOException {
    Script script = new Script("line\r\nABCDEFGH", "IJ\nrest", " of it");
    ByteReader reader = new ByteReader(script);
    assertThat(reader.readLine()).isEqualTo("line");
    ByteBuffer two = ByteBuffer.allocate(2);
    assertThat(reader.read(two)).isEqualTo(2);
    assertThat(two.array()).containsExactly('A', 'B');
    assertThat(reader.readExactly(3)).containsExactly('C', 'D', 'E');
    assertThat(script.reads).as("buffered bytes need no read").isEqualTo(1);
    assertThat(reader.readExactly(0)).isEmpty();
    assertThat(reader.readLine()).isEqualTo("FGHIJ");
    assertThat(reader.buffered()).isEqualTo(4);
    assertThat(reader.readAll(ISO_8859_1)).isEqualTo("rest of it");
    assertThat(reader.readAllBytes()).isEmpty();
    assertThat(reader.readLine()).isNull();
    assertThat(reader.read(two.clear())).isEqualTo(-1);
  }

  @Test
  void readReturnsTheBufferedBytesWithoutAskingTheSource() throws IOException {
    Script script = new Script("a\nbcd", "not read");
    ByteReader reader = new ByteReader(script);
    reader.readLine();
    ByteBuffer large = ByteBuffer.allocate(100);
    assertThat(reader.read(large)).isEqualTo(3);
    assertThat(script.reads).isEqualTo(1);
    assertThat(reader.read(ByteBuffer.allocate(0))).isZero();
  }

  @Test
  void readGoesDirectlyIntoTheTargetIfTheBufferIsEmpty() throws IOException {
    ByteReader reader = reader("abc");
    ByteBuffer target = ByteBuffer.allocate(2);
    assertThat(reader.read(target)).isEqualTo(2);
    assertThat(reader.buffered()).isZero();
    assertThat(reader.readAll()).isEqualTo("c");
  }

  @Test
  void readExactlyThrowsAtTheEndOfTheStreamAndKeepsTheBytes() throws IOException {
    ByteReader reader = reader("ab", "c");
    assertThatThrownBy(() -> reader.readExactly(4))
        .isInstanceOf(EOFException.class)
        .hasMessage("the stream ended after 3 of 4 bytes");
    assertThat(reader.readAll()).isEqualTo("abc");
    assertThatThrownBy(() -> reader.readExactly(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count is negative: -1");
  }

  @Test
  void laterReadsDoNotChangeReturnedArrays() throws IOException {
    for (int length : new int[] {10, 4096, 8192}) {
      byte[] first = new byte[length];
      Arrays.fill(first, (byte) 1);
      byte[] second = new byte[length];
      Arrays.fill(second, (byte) 2);
      Script script = new Script();
      script.add(first);
      script.add(second);
      ByteReader reader = new ByteReader(script);
      byte[] taken = reader.readExactly(length);
      byte[] rest = reader.readAllBytes();
      assertThat(taken).isEqualTo(first);
      assertThat(rest).isEqualTo(second);
    }
  }

  @Test
  void cancelKeepsTheBytesReadBefore() throws IOException {
    ByteReader line = reader("half ", "", "a", "", " line\nnext");
    assertThatThrownBy(line::readLine).isInstanceOf(CancellationException.class);
    assertThat(line.buffered()).isEqualTo(5);
    assertThatThrownBy(line::readLine).isInstanceOf(CancellationException.class);
    assertThat(line.readLine()).isEqualTo("half a line");

    ByteReader exact = reader("ab", "", "cd");
    assertThatThrownBy(() -> exact.readExactly(3)).isInstanceOf(CancellationException.class);
    assertThat(exact.readExactly(3)).containsExactly('a', 'b', 'c');

    ByteReader all = reader("ab", "", "cd");
    assertThatThrownBy(all::readAllBytes).isInstanceOf(CancellationException.class);
    assertThat(all.readAll()).isEqualTo("abcd");
  }

  @Test
  void discardBufferedDropsTheBufferedBytes() throws IOException {
    ByteReader reader = reader("a\nbcd", "e");
    reader.readLine();
    reader.discardBuffered();
    assertThat(reader.buffered()).isZero();
    assertThat(reader.readAll()).isEqualTo("e");
  }

  @Test
  void secondConcurrentReaderThrowsAndTheFirstContinues() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ByteReader reader =
        new ByteReader(target -> {
          inside.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          target.put((byte) '\n');
          return 1;
        });
    FutureTask<String> first = new FutureTask<>(() -> String.valueOf(reader.readLine()));
    Thread.ofPlatform().start(first);
    inside.await();
    assertThatThrownBy(reader::readLine).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(reader::discardBuffered).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("two callers are reading at once");
    release.countDown();
    assertThat(first.get()).isEmpty();
  }

  /** Compares with one array of all bytes. The buffer is compacted and grows. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomReadsAgreeWithTheWholeText(long seed) throws IOException {
    Random random = new Random(seed);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    Script script = new Script();
    for (int i = 0; i < 200; i++) {
      byte[] piece = new byte[1 + random.nextInt(random.nextInt(6) == 0 ? 20_000 : 3000)];
      random.nextBytes(piece);
      for (int b = 0; b < piece.length; b++) {
        piece[b] = random.nextInt(2000) == 0 ? (byte) '\n' : (byte) ('a' + (piece[b] & 15));
      }
      script.add(piece);
      whole.writeBytes(piece);
      if (random.nextInt(5) == 0) {
        script.add(new byte[0]);
      }
    }
    byte[] all = whole.toByteArray();
    ByteReader reader = new ByteReader(script);
    int at = 0;
    while (at < all.length) {
      try {
        at += checkedRead(reader, random, all, at);
      } catch (CancellationException scripted) {
        // repeated, possibly by another kind of read
      }
    }
    assertThat(reader.readLine()).isNull();
  }

  /** Returns how many bytes were consumed. */
  private static int checkedRead(ByteReader reader, Random random, byte[] all, int at)
      throws IOException {
    byte[] got;
    int lineEnd = 0;
    switch (random.nextInt(3)) {
      case 0 -> {
        got = String.valueOf(reader.readLine()).getBytes(UTF_8);
        lineEnd = at + got.length < all.length ? 1 : 0;
        assertThat(lineEnd == 0 || all[at + got.length] == '\n').isTrue();
      }
      case 1 -> got = reader.readExactly(Math.min(random.nextInt(9000), all.length - at));
      default -> {
        ByteBuffer target = ByteBuffer.allocate(1 + random.nextInt(5000));
        reader.read(target);
        got = Arrays.copyOf(target.array(), target.position());
      }
    }
    assertThat(got).isEqualTo(Arrays.copyOfRange(all, at, at + got.length));
    return got.length + lineEnd;
  }

  @Test
  void aLineThatIsTooLongIsNotConsumed() throws IOException {
    ByteReader reader = reader("abc\r\nabc", "d\nx");
    assertThat(reader.readLine(3)).isEqualTo("abc");
    assertThatThrownBy(() -> reader.readLine(3))
        .isInstanceOf(TooLongException.class)
        .hasMessageContaining("3 bytes");
    assertThat(reader.readLine(4)).isEqualTo("abcd");
    assertThatThrownBy(() -> reader.readLine(0)).isInstanceOf(TooLongException.class);
    assertThat(reader.readLine(1)).isEqualTo("x");
    assertThat(reader.readLine(0)).isNull();
    assertThatThrownBy(() -> reader.readLine(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  /** No more is read than needed to see that the line is too long, whatever the source returns. */
  @Test
  void anEndlessLineDoesNotFillTheMemory() {
    ByteReader reader =
        new ByteReader(target -> {
          target.put((byte) 'a');
          return 1;
        });
    assertThatThrownBy(() -> reader.readLine(1000)).isInstanceOf(TooLongException.class);
    assertThat(reader.buffered()).isEqualTo(1002);
    assertThatThrownBy(() -> reader.readUntil((byte) 0, 1100)).isInstanceOf(TooLongException.class);
    assertThat(reader.buffered()).isEqualTo(1101);
  }

  @Test
  void readsUpToADelimiter() throws IOException {
    ByteReader reader = reader("ab;", "c", "d;;ef");
    byte semicolon = ';';
    assertThat(reader.readUntil(semicolon, 2)).asString(UTF_8).isEqualTo("ab");
    assertThatThrownBy(() -> reader.readUntil(semicolon, 1)).isInstanceOf(TooLongException.class);
    assertThat(reader.readUntil(semicolon, 2)).asString(UTF_8).isEqualTo("cd");
    assertThat(reader.readUntil(semicolon, 0)).isEmpty();
    assertThatThrownBy(() -> reader.readUntil(semicolon, 9)).isInstanceOf(EOFException.class);
    assertThat(reader.readAll()).isEqualTo("ef");
    assertThat(reader.readUntil(semicolon, 9)).isNull();
    assertThatThrownBy(() -> reader.readUntil(semicolon, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void peekDoesNotConsume() throws IOException {
    ByteReader reader = reader("abc");
    ByteBuffer two = ByteBuffer.allocate(2);
    assertThat(reader.peek(two)).isEqualTo(2);
    assertThat(two.array()).containsExactly('a', 'b');
    assertThat(reader.peek(two)).as("no room").isZero();
    assertThat(reader.readAll()).isEqualTo("abc");
    assertThat(reader.peek(two.clear())).isEqualTo(-1);
  }

  @Test
  void readsIntoSeveralBuffers() throws IOException {
    ByteReader reader = reader("abcd", "ef");
    ByteBuffer[] targets = {
      ByteBuffer.allocate(9).limit(0),
      ByteBuffer.allocate(1),
      ByteBuffer.allocate(2),
      ByteBuffer.allocate(2)
    };
    assertThat(reader.read(targets, 0, 1)).as("no room").isZero();
    assertThat(reader.read(targets, 0, 3)).isEqualTo(3);
    assertThat(reader.read(targets, 0, 4)).as("the buffered byte, without a wait").isEqualTo(1);
    assertThat(reader.read(targets, 3, 1)).isEqualTo(1);
    assertThat(targets[1].array()).containsExactly('a');
    assertThat(targets[2].array()).containsExactly('b', 'c');
    assertThat(targets[3].array()).containsExactly('d', 'e');
    targets[3].clear();
    assertThat(reader.read(targets, 3, 1)).isEqualTo(1);
    assertThat(reader.read(targets, 3, 1)).isEqualTo(-1);
    assertThatThrownBy(() -> reader.read(targets, 3, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void readingAllOfASmallSourceTakesTwoReads() throws Exception {
    Script script = new Script("0123456789".repeat(500));
    assertThat(new ByteReader(script).readAllBytes()).hasSize(5_000);
    assertThat(script.reads).isEqualTo(2);
  }
}
