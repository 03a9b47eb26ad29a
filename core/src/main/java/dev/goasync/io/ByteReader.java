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
  private static final int MOST_KEPT = 64 * 1024;

  /** The longest array that every JVM makes. */
  private static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;

  private static final byte[] NONE = {};

  private final ByteSource source;
  private final Turn turn = new Turn("reading");

  // The bytes read ahead: bytes[start..end).
  private byte[] bytes = NONE;
  private int start;
  private int end;

  /** Reads from {@code source}. */
  public ByteReader(ByteSource source) {
    this.source = Objects.requireNonNull(source, "source");
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
      int count = Math.min(buffered(), target.remaining());
      if (count == 0) {
        return source.read(target);
      }
      target.put(bytes, start, count);
      consume(count);
      return count;
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
    turn.begin();
    try {
      int searched = 0;
      while (true) {
        for (int i = start + searched; i < end; i++) {
          if (bytes[i] == '\n') {
            return takeLine(i - start);
          }
        }
        searched = buffered();
        if (!fill()) {
          return searched == 0 ? null : takeString(searched, StandardCharsets.UTF_8);
        }
      }
    } finally {
      turn.end();
    }
  }

  private String takeLine(int length) {
    boolean carriageReturn = length > 0 && bytes[start + length - 1] == '\r';
    String line =
        new String(bytes, start, carriageReturn ? length - 1 : length, StandardCharsets.UTF_8);
    consume(length + 1);
    return line;
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
      if (bytes.length > MOST_KEPT) {
        bytes = NONE;
      }
    }
  }

  private void fillToEnd() throws IOException {
    while (fill()) {
      // what was read is in the buffer
    }
  }

  /** Reads more behind what is there; returns false at the end. */
  private boolean fill() throws IOException {
    makeRoom();
    ByteBuffer room = ByteBuffer.wrap(bytes, end, bytes.length - end);
    int count = source.read(room);
    if (count > 0) {
      end += count;
    }
    return count >= 0;
  }

  private void makeRoom() {
    if (end < bytes.length) {
      return;
    }
    if (start > bytes.length / 2) {
      System.arraycopy(bytes, start, bytes, 0, end - start);
    } else {
      int capacity = Math.max(FIRST_CAPACITY, (int) Math.min(bytes.length * 2L, MAX_CAPACITY));
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
