package dev.goasync.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines, whole texts and exact counts from a {@link ByteSource}, reading ahead where it must.
 *
 * <pre>{@code
 * var reader = new ByteReader(socket::read);
 * for (String line; (line = reader.readLine()) != null; ) {
 *   handle(line);
 * }
 * }</pre>
 *
 * <p>Nothing is lost when a method fails or is cancelled: what it has read so far stays in the
 * reader and the next call begins with it.
 *
 * <p>One caller at a time; a second one that comes while the first waits gets an {@link
 * IllegalStateException}.
 */
public final class ByteReader implements ByteSource {
  private static final int FIRST_CAPACITY = 1024;

  /** Of who wants all there is: most files fit, and need one read and one that finds the end. */
  private static final int FIRST_CAPACITY_FOR_ALL = 8 * 1024;

  private static final int MAX_KEPT = 64 * 1024;

  /** The longest array that every JVM makes. */
  private static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;

  private static final byte[] NONE = {};

  private final ByteSource source;
  private final ConcurrentUseGuard turn = new ConcurrentUseGuard("reading");

  /** What the reading coroutine has written goes out before it waits for the answer. */
  private volatile @Nullable ByteWriter writerToFlush;

  /** How it goes out and the answer comes; set before {@link #writerToFlush}. */
  private @Nullable FlushAndRead exchange;

  // The bytes read ahead: bytes[start..end).
  private byte[] bytes = NONE;
  private int start;
  private int end;

  /** Reads from {@code source}. */
  public ByteReader(ByteSource source) {
    this.source = Objects.requireNonNull(source, "source");
  }

  /** Lets those who wait for bytes flush first what they have written to {@code writer}. */
  void flushFirst(ByteWriter writer, FlushAndRead flushingRead) {
    exchange = flushingRead;
    writerToFlush = writer;
  }

  /** How many bytes have been taken from the source and not yet from the reader. */
  public int buffered() {
    return end - start;
  }

  /** Forgets what was read ahead. */
  public void discardBuffered() {
    turn.begin();
    try {
      consume(buffered());
    } finally {
      turn.end();
    }
  }

  /** Takes what was read ahead, or else reads from the source. */
  @Override
  public int read(ByteBuffer target) throws IOException {
    Objects.requireNonNull(target, "target");
    turn.begin();
    try {
      return buffered() > 0 && target.hasRemaining() ? take(target) : flushAndRead(target);
    } finally {
      turn.end();
    }
  }

  /** Like {@link #read(ByteBuffer)}, but not from its own source if nothing was read ahead. */
  int read(ByteBuffer target, ByteSource other) throws IOException {
    Objects.requireNonNull(target, "target");
    turn.begin();
    try {
      if (buffered() > 0) {
        return take(target);
      }
      ByteWriter writer = writerToFlush;
      if (writer != null) {
        writer.flushIfOwn();
      }
      return other.read(target);
    } finally {
      turn.end();
    }
  }

  private int take(ByteBuffer target) {
    int count = Math.min(buffered(), target.remaining());
    target.put(bytes, start, count);
    consume(count);
    return count;
  }

  /**
   * Like {@link #read(ByteBuffer)}, but the bytes stay and the next read finds them again.
   *
   * @return how many bytes were copied, or -1 at the end
   */
  public int peek(ByteBuffer target) throws IOException {
    Objects.requireNonNull(target, "target");
    turn.begin();
    try {
      if (buffered() == 0 && target.hasRemaining() && !fill()) {
        return -1;
      }
      int count = Math.min(buffered(), target.remaining());
      target.put(bytes, start, count);
      return count;
    } finally {
      turn.end();
    }
  }

  /**
   * Waits for bytes if none are read ahead, and spreads what is there over several buffers.
   *
   * @return how many bytes were added, or -1 at the end
   */
  long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, targets.length);
    turn.begin();
    try {
      long wanted = 0;
      for (int i = offset; i < offset + length; i++) {
        wanted += targets[i].remaining();
      }
      if (wanted > 0 && buffered() == 0 && !fill()) {
        return -1;
      }
      long before = buffered();
      for (int i = offset; i < offset + length; i++) {
        int count = Math.min(buffered(), targets[i].remaining());
        targets[i].put(bytes, start, count);
        consume(count);
      }
      return before - buffered();
    } finally {
      turn.end();
    }
  }

  /** Reads to the end, as text in UTF-8; malformed bytes become U+FFFD. */
  public String readAll() throws IOException {
    return readAll(StandardCharsets.UTF_8);
  }

  /** Reads to the end, as text. */
  public String readAll(Charset charset) throws IOException {
    Objects.requireNonNull(charset, "charset");
    turn.begin();
    try {
      fillToEnd();
      return takeString(buffered(), charset);
    } finally {
      turn.end();
    }
  }

  /**
   * Reads to the end.
   *
   * @throws OutOfMemoryError if there are more bytes than an array can hold
   */
  public byte[] readAllBytes() throws IOException {
    turn.begin();
    try {
      fillToEnd();
      return takeBytes(buffered());
    } finally {
      turn.end();
    }
  }

  /**
   * Reads exactly so many bytes.
   *
   * @throws EOFException if the end comes first; what there is can still be read
   */
  public byte[] readExactly(int count) throws IOException {
    if (count < 0) {
      throw new IllegalArgumentException("count is negative: " + count);
    }
    turn.begin();
    try {
      while (buffered() < count) {
        if (!fill()) {
          throw new EOFException(
              "the end came after " + buffered() + " bytes of " + count + " wanted");
        }
      }
      return takeBytes(count);
    } finally {
      turn.end();
    }
  }

  /**
   * Reads a line of UTF-8, which ends with {@code \n}, {@code \r\n} or the end; without that.
   *
   * @return the line, or null at the end
   */
  public @Nullable String readLine() throws IOException {
    return readLine(MAX_CAPACITY);
  }

  /**
   * Like {@link #readLine()}, for input that is not to be trusted: a line that goes on and on does
   * not fill the memory.
   *
   * @param maxBytes how long a line may be, without its end
   * @return the line, or null at the end
   * @throws TooLongException if the line is longer; nothing is taken
   * @throws IllegalArgumentException if {@code maxBytes} is negative
   */
  public @Nullable String readLine(int maxBytes) throws IOException {
    checkLimit(maxBytes);
    turn.begin();
    try {
      int length = find('\n', maxBytes, 1); // the \r
      if (length < 0) {
        checkLength(buffered(), maxBytes);
        return buffered() == 0 ? null : takeString(buffered(), StandardCharsets.UTF_8);
      }
      boolean carriageReturn = length > 0 && bytes[start + length - 1] == '\r';
      checkLength(carriageReturn ? length - 1 : length, maxBytes);
      String line =
          new String(bytes, start, carriageReturn ? length - 1 : length, StandardCharsets.UTF_8);
      consume(length + 1);
      return line;
    } finally {
      turn.end();
    }
  }

  /**
   * Reads up to a delimiter, which is taken and not returned.
   *
   * @param maxBytes how many bytes may come before the delimiter
   * @return the bytes before it, or null at the end
   * @throws EOFException if bytes come and then the end; they can still be read
   * @throws TooLongException if there are more bytes before it; nothing is taken
   * @throws IllegalArgumentException if {@code maxBytes} is negative
   */
  public byte @Nullable [] readUntil(byte delimiter, int maxBytes) throws IOException {
    checkLimit(maxBytes);
    turn.begin();
    try {
      int length = find(delimiter, maxBytes, 0);
      if (length >= 0) {
        byte[] taken = Arrays.copyOfRange(bytes, start, start + length);
        consume(length + 1);
        return taken;
      }
      if (buffered() > 0) {
        throw new EOFException(
            "the end came after " + buffered() + " bytes, without the delimiter " + delimiter);
      }
      return null;
    } finally {
      turn.end();
    }
  }

  private static void checkLimit(int maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes is negative: " + maxBytes);
    }
  }

  private static void checkLength(int length, int maxBytes) throws TooLongException {
    if (length > maxBytes) {
      throw new TooLongException("no end within the " + maxBytes + " bytes that are allowed");
    }
  }

  /** Reads until {@code wanted} is there; how many bytes are before it, or -1 at the end. */
  private int find(int wanted, int maxBytes, int besides) throws IOException {
    int searched = 0;
    while (true) {
      for (int i = start + searched; i < end; i++) {
        if (bytes[i] == wanted) {
          checkLength(i - start - besides, maxBytes);
          return i - start;
        }
      }
      searched = buffered();
      checkLength(searched - besides, maxBytes);
      if (!fill()) {
        return -1;
      }
    }
  }

  private String takeString(int length, Charset charset) {
    String text = new String(bytes, start, length, charset);
    consume(length);
    return text;
  }

  private byte[] takeBytes(int length) {
    byte[] taken;
    if (length == bytes.length && length > 0) { // exactly full: hand over the array itself
      taken = bytes;
      bytes = NONE;
    } else {
      taken = Arrays.copyOfRange(bytes, start, start + length);
    }
    consume(length);
    return taken;
  }

  private void consume(int count) {
    start += count;
    if (start >= end) {
      start = 0;
      end = 0;
      if (bytes.length > MAX_KEPT) {
        bytes = NONE;
      }
    }
  }

  private void fillToEnd() throws IOException {
    while (fill(FIRST_CAPACITY_FOR_ALL)) {
      // what was read is in the buffer
    }
  }

  private int flushAndRead(ByteBuffer target) throws IOException {
    ByteWriter writer = writerToFlush;
    FlushAndRead flushingRead = exchange;
    return writer != null && flushingRead != null && writer.hasUnflushedOfCaller()
        ? writer.exchange(flushingRead, target)
        : source.read(target);
  }

  /** Reads from the source without flushing anything. */
  int readSource(ByteBuffer target) throws IOException {
    return source.read(target);
  }

  /** Reads more behind what is there; returns false at the end. */
  private boolean fill() throws IOException {
    return fill(FIRST_CAPACITY);
  }

  private boolean fill(int firstCapacity) throws IOException {
    makeRoom(firstCapacity);
    ByteBuffer room = ByteBuffer.wrap(bytes, end, bytes.length - end);
    int count = flushAndRead(room);
    if (count > 0) {
      end += count;
    }
    return count >= 0;
  }

  private void makeRoom(int firstCapacity) {
    if (end < bytes.length) {
      return;
    }
    if (start > bytes.length / 2) {
      System.arraycopy(bytes, start, bytes, 0, end - start);
    } else {
      int capacity = Math.max(firstCapacity, (int) Math.min(bytes.length * 2L, MAX_CAPACITY));
      if (capacity == bytes.length) {
        throw new OutOfMemoryError("more than " + MAX_CAPACITY + " bytes do not fit an array");
      }
      byte[] larger = new byte[capacity];
      System.arraycopy(bytes, start, larger, 0, end - start);
      bytes = larger;
    }
    end -= start;
    start = 0;
  }
}
