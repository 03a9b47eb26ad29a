package dev.goasync.examples.redis;

import dev.goasync.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The received bytes of a client that are not processed yet: {@code bytes[start..end)}. An idle
 * client holds a small buffer, a client that sends much a larger one.
 */
final class Input {
  /** The maximum size of a request. */
  static final int MAX_BYTES = 2 * 1024 * 1024;

  private static final int SMALL = 1024;

  /** The maximum total size of all larger buffers. */
  private static final long MAX_GROWN = Runtime.getRuntime().maxMemory() / 8;

  private static long grown;

  private ByteBuffer buffer = ByteBuffer.allocate(SMALL);
  private boolean busy;
  byte[] bytes = buffer.array();
  int start;
  int end;

  /**
   * Waits for more bytes; returns false at the end of the stream.
   *
   * @throws RedisException if the request is too long, or the buffers' total size is at its limit
   */
  boolean fill(ByteSource client) throws IOException, RedisException {
    makeRoom();
    int count = client.read(buffer.limit(bytes.length).position(end));
    end = buffer.position();
    busy = count >= SMALL;
    return count >= 0;
  }

  @SuppressWarnings("ByteBufferBackingArray") // no two buffers share an array
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
    ByteBuffer larger = wanted == bytes.length ? buffer : allocate(wanted);
    System.arraycopy(bytes, start, larger.array(), 0, rest);
    if (larger != buffer) {
      release();
      buffer = larger;
      bytes = larger.array();
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
    return capacity == Buffers.BYTES ? Buffers.acquire() : ByteBuffer.allocate(capacity);
  }

  /** Releases the buffer. */
  void release() {
    if (bytes.length > SMALL) {
      grown -= bytes.length;
    }
    Buffers.release(buffer);
    buffer = Buffers.NONE;
    bytes = buffer.array();
  }
}
