package dev.goasync.examples.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the replies of a connection in RESP2 and sends many by one write. A connection has a
 * buffer only while there are unsent replies.
 */
final class Replies {
  /** The free space at the start of a command; enough for every reply except long values. */
  private static final int ROOM = 4 * 1024;

  private static final int CAPACITY = 16 * 1024;

  /** The maximum size of a value that is copied into the buffer. */
  private static final int MAX_COPIED = 1024;

  /** Unused buffers. One loop serves all connections, so no lock is needed. */
  private static final ArrayDeque<ByteBuffer> IDLE = new ArrayDeque<>();

  private static final ByteBuffer NONE = ByteBuffer.allocate(0);
  private static final byte[] OK = ascii("+OK\r\n");
  private static final byte[] PONG = ascii("+PONG\r\n");
  private static final byte[] NIL = ascii("$-1\r\n");
  private static final byte[] LINE_END = ascii("\r\n");

  private final ByteStream client;
  private ByteBuffer gathered = NONE;
  private byte[] bytes = NONE.array();
  private int size;

  /** A value that is sent after the gathered bytes. */
  private byte @Nullable [] longValue;

  Replies(ByteStream client) {
    this.client = client;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /** Makes room for the next reply; waits if the client does not read the earlier replies. */
  void begin() throws IOException {
    if (bytes.length - size < ROOM || longValue != null) {
      flush();
      gathered = IDLE.isEmpty() ? ByteBuffer.allocate(CAPACITY) : IDLE.pop();
      bytes = gathered.array();
    }
  }

  /** Sends the replies; waits until the kernel has accepted them. */
  void flush() throws IOException {
    if (gathered == NONE) {
      return;
    }
    byte[] value = longValue;
    if (value == null) {
      client.writeAll(gathered.limit(size));
    } else {
      client.writeAll(gathered.limit(size), ByteBuffer.wrap(value), ByteBuffer.wrap(LINE_END));
    }
    release();
  }

  /** Discards unsent replies and releases the buffer. */
  void release() {
    if (gathered != NONE) {
      IDLE.push(gathered.clear());
      gathered = NONE;
      bytes = NONE.array();
      size = 0;
      longValue = null;
    }
  }

  void ok() {
    put(OK);
  }

  void pong() {
    put(PONG);
  }

  void nil() {
    put(NIL);
  }

  void error(String message) {
    putLine('-', message);
  }

  void integer(long value) {
    put((byte) ':');
    putNumber(value);
    put(LINE_END);
  }

  /** Begins an array; the next {@code count} replies are its elements. */
  void array(int count) {
    put((byte) '*');
    putNumber(count);
    put(LINE_END);
  }

  void bulk(String value) {
    bulk(ascii(value));
  }

  /** Adds a string of bytes; a long one must be the last part of a reply, and must never change. */
  void bulk(byte[] value) {
    put((byte) '$');
    putNumber(value.length);
    put(LINE_END);
    if (value.length > MAX_COPIED) {
      longValue = value;
    } else {
      put(value);
      put(LINE_END);
    }
  }

  private void putLine(char kind, String text) {
    put((byte) kind);
    put(ascii(text));
    put(LINE_END);
  }

  private void put(byte value) {
    bytes[size++] = value;
  }

  private void put(byte[] value) {
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  private void putNumber(long value) {
    if (value >= 0 && value < 10) {
      put((byte) ('0' + value));
    } else {
      put(ascii(Long.toString(value)));
    }
  }
}
