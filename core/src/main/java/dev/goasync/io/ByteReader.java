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
 * Adds a read buffer to any {@link ByteSource}, to read lines, whole texts and exact counts.
 *
 * <pre>{@code
 * InputStream input = new ByteArrayInputStream("one\ntwo\n".getBytes());
 * ByteReader reader = new ByteReader(Channels.newChannel(input)::read);
 * for (String line; (line = reader.readLine()) != null; ) {
 *   System.out.println(line);
 * }
 * }</pre>
 *
 * <p>Sockets, files and other streams of this library have a read buffer already, see {@link
 * ByteStream}.
 *
 * <p><b>Threads.</b> One caller at a time. A second caller that comes while the first one waits
 * gets an {@link IllegalStateException}.
 */
public final class ByteReader implements BufferedByteSource {
  private static final int INITIAL_CAPACITY = 1024;

  /** For reads to the end: most files fit, so one read gets all and a second one finds the end. */
  private static final int INITIAL_CAPACITY_FOR_ALL = 8 * 1024;

  /** A larger buffer is dropped when it is empty. */
  private static final int MAX_RETAINED_CAPACITY = 64 * 1024;

  /** The longest array that every JVM can allocate. */
  private static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;

  private static final byte[] NONE = {};

  private final ByteSource source;
  private final ConcurrentUseGuard guard = new ConcurrentUseGuard("reading");

  /** Flushed before a wait for bytes, if the reading caller was the last to write to it. */
  private volatile @Nullable ByteWriter writerToFlush;

  /** Performs the flush and the read; set before {@link #writerToFlush}. */
  private @Nullable FlushAndRead flushAndRead;

  // The buffered bytes: bytes[start..end).
  private byte[] bytes = NONE;
  private int start;
  private int end;

  /** Creates a reader with an empty buffer that reads from {@code source}. */
  public ByteReader(ByteSource source) {
    this.source = Objects.requireNonNull(source, "source");
  }

  /** From now on, a caller that waits for bytes flushes first what it has written to the writer. */
  void flushBeforeReads(ByteWriter writer, FlushAndRead operation) {
    flushAndRead = operation;
    writerToFlush = writer;
  }

  /** Returns the number of buffered bytes: read from the source and not consumed yet. */
  public int buffered() {
    return end - start;
  }

  /** Discards the buffered bytes. */
  public void discardBuffered() {
    guard.enter();
    try {
      consume(buffered());
    } finally {
      guard.exit();
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    Objects.requireNonNull(target, "target");
    guard.enter();
    try {
      return buffered() > 0 && target.hasRemaining() ? take(target) : flushAndRead(target);
    } finally {
      guard.exit();
    }
  }

  /** Takes buffered bytes; if there are none, reads from {@code other} in place of the source. */
  int read(ByteBuffer target, ByteSource other) throws IOException {
    Objects.requireNonNull(target, "target");
    guard.enter();
    try {
      if (buffered() > 0) {
        return take(target);
      }
      ByteWriter writer = writerToFlush;
      if (writer != null) {
        writer.flushOfCaller();
      }
      return other.read(target);
    } finally {
      guard.exit();
    }
  }

  private static void requireWritable(ByteBuffer target) {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("target is read-only");
    }
  }

  private int take(ByteBuffer target) {
    requireWritable(target);
    int count = Math.min(buffered(), target.remaining());
    target.put(bytes, start, count);
    consume(count);
    return count;
  }

  @Override
  public int peek(ByteBuffer target) throws IOException {
    requireWritable(target);
    guard.enter();
    try {
      if (buffered() == 0 && target.hasRemaining() && !fill()) {
        return -1;
      }
      int count = Math.min(buffered(), target.remaining());
      target.put(bytes, start, count);
      return count;
    } finally {
      guard.exit();
    }
  }

  /**
   * Takes buffered bytes into several buffers, in their order; waits for bytes if there are none.
   *
   * @return the number of bytes, -1 at the end of the stream, or 0 if no target has remaining space
   */
  long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, targets.length);
    guard.enter();
    try {
      long wanted = 0;
      for (int i = offset; i < offset + length; i++) {
        requireWritable(targets[i]);
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
      guard.exit();
    }
  }

  @Override
  public String readAll() throws IOException {
    return readAll(StandardCharsets.UTF_8);
  }

  @Override
  public String readAll(Charset charset) throws IOException {
    Objects.requireNonNull(charset, "charset");
    guard.enter();
    try {
      fillToEnd();
      return takeString(buffered(), charset);
    } finally {
      guard.exit();
    }
  }

  @Override
  public byte[] readAllBytes() throws IOException {
    guard.enter();
    try {
      fillToEnd();
      return takeBytes(buffered());
    } finally {
      guard.exit();
    }
  }

  @Override
  public byte[] readExactly(int count) throws IOException {
    if (count < 0) {
      throw new IllegalArgumentException("count is negative: " + count);
    }
    guard.enter();
    try {
      while (buffered() < count) {
        if (!fill()) {
          throw new EOFException(
              "the stream ended after " + buffered() + " of " + count + " bytes");
        }
      }
      return takeBytes(count);
    } finally {
      guard.exit();
    }
  }

  @Override
  public @Nullable String readLine() throws IOException {
    return readLine(MAX_CAPACITY);
  }

  @Override
  public @Nullable String readLine(int maxBytes) throws IOException {
    checkLimit(maxBytes);
    guard.enter();
    try {
      int length = find('\n', maxBytes, 1); // 1 for the \r
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
      guard.exit();
    }
  }

  @Override
  public byte @Nullable [] readUntil(byte delimiter, int maxBytes) throws IOException {
    checkLimit(maxBytes);
    guard.enter();
    try {
      int length = find(delimiter, maxBytes, 0);
      if (length >= 0) {
        byte[] taken = Arrays.copyOfRange(bytes, start, start + length);
        consume(length + 1);
        return taken;
      }
      if (buffered() > 0) {
        throw new EOFException(
            "the stream ended after " + buffered() + " bytes without the delimiter " + delimiter);
      }
      return null;
    } finally {
      guard.exit();
    }
  }

  private static void checkLimit(int maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes is negative: " + maxBytes);
    }
  }

  private static void checkLength(int length, int maxBytes) throws TooLongException {
    if (length > maxBytes) {
      throw new TooLongException("longer than the maximum of " + maxBytes + " bytes");
    }
  }

  /**
   * Reads until {@code wanted} is buffered.
   *
   * @param extraBytes how many bytes more than {@code maxBytes} can be before it
   * @return the number of bytes before it, or -1 if the stream ends first
   */
  private int find(int wanted, int maxBytes, int extraBytes) throws IOException {
    int searched = 0;
    while (true) {
      for (int i = start + searched; i < end; i++) {
        if (bytes[i] == wanted) {
          checkLength(i - start - extraBytes, maxBytes);
          return i - start;
        }
      }
      searched = buffered();
      checkLength(searched - extraBytes, maxBytes);
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
    if (length == bytes.length && length > 0) { // exactly full: return the array itself
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
      if (bytes.length > MAX_RETAINED_CAPACITY) {
        bytes = NONE;
      }
    }
  }

  private void fillToEnd() throws IOException {
    while (fill(INITIAL_CAPACITY_FOR_ALL)) {
      // the bytes are in the buffer
    }
  }

  private int flushAndRead(ByteBuffer target) throws IOException {
    ByteWriter writer = writerToFlush;
    FlushAndRead operation = flushAndRead;
    return writer != null && operation != null && writer.hasUnflushedOfCaller()
        ? writer.flushAndRead(operation, target)
        : source.read(target);
  }

  /** Reads from the source without a flush. */
  int readSource(ByteBuffer target) throws IOException {
    return source.read(target);
  }

  /** Reads more bytes behind the buffered ones; returns false at the end of the stream. */
  private boolean fill() throws IOException {
    return fill(INITIAL_CAPACITY);
  }

  private boolean fill(int initialCapacity) throws IOException {
    makeRoom(initialCapacity);
    ByteBuffer room = ByteBuffer.wrap(bytes, end, bytes.length - end);
    int count = flushAndRead(room);
    if (count > 0) {
      end += count;
    }
    return count >= 0;
  }

  private void makeRoom(int initialCapacity) {
    if (end < bytes.length) {
      return;
    }
    if (start > bytes.length / 2) {
      System.arraycopy(bytes, start, bytes, 0, end - start);
    } else {
      int capacity = Math.max(initialCapacity, (int) Math.min(bytes.length * 2L, MAX_CAPACITY));
      if (capacity == bytes.length) {
        throw new OutOfMemoryError("more than " + MAX_CAPACITY + " bytes do not fit into an array");
      }
      byte[] larger = new byte[capacity];
      System.arraycopy(bytes, start, larger, 0, end - start);
      bytes = larger;
    }
    end -= start;
    start = 0;
  }
}
