package dev.goasync.examples.redis;

import dev.goasync.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes from a client that have not been processed: {@code bytes[start..end)}. A waiting client
 * holds a small buffer, a client that sends much a larger one.
 */
final class Input {
  /** The longest request. */
  static final int MAX_BYTES = 2 * 1024 * 1024;

  private static final int SMALL = 1024;

  /** The bytes that all connections together may hold beyond the small buffers. */
  private static final long MAX_GROWN = Runtime.getRuntime().maxMemory() / 8;

  private static long grown;

  private ByteBuffer buffer = ByteBuffer.allocate(SMALL);
  private boolean busy;
  byte[] bytes = buffer.array();
  int start;
  int end;

  /**
   * Waits for more bytes; returns false at the end.
   *
   * @throws RedisException if the request is too long, or if memory is lacking
   */
  boolean fill(ByteSource client) throws IOException, RedisException {
    makeRoom();
    int count = client.read(buffer.limit(bytes.length).position(end));
    end = buffer.position();
    busy = count >= SMALL;
    return count >= 0;
  }

  @SuppressWarnings("ByteBufferBackingArray") // each buffer has its own array
  private void makeRoom() throws RedisException {
    int rest = end - start;
    int wanted = busy ? Buffers.BYTES : SMALL;
    if (rest == bytes.length) {
      wanted = bytes.length == SMALL ? Buffers.BYTES : 2 * bytes.length;
    } else if (rest > 0) {
      wanted = Math.max(wanted, bytes.length);
    }
    if (wanted == bytes.length && rest > 0 && end < bytes.length) {
      return;
    }
    ByteBuffer roomier = wanted == bytes.length ? buffer : allocate(wanted);
    System.arraycopy(bytes, start, roomier.array(), 0, rest);
    if (roomier != buffer) {
      release();
      buffer = roomier;
      bytes = roomier.array();
    }
    start = 0;
    end = rest;
  }

  private static ByteBuffer allocate(int capacity) throws RedisException {
    if (capacity == SMALL) {
      return ByteBuffer.allocate(SMALL);
    }
    if (capacity > MAX_BYTES || grown + capacity > MAX_GROWN) {
      throw RedisException.ofProtocol("too big request");
    }
    grown += capacity;
    return capacity == Buffers.BYTES ? Buffers.take() : ByteBuffer.allocate(capacity);
  }

  /** Returns the buffer to the pool. */
  void release() {
    if (bytes.length > SMALL) {
      grown -= bytes.length;
    }
    Buffers.release(buffer);
    buffer = Buffers.NONE;
    bytes = buffer.array();
  }
}
