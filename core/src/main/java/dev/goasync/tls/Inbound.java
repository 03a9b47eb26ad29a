package dev.goasync.tls;

import dev.goasync.io.Selectable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The receiving half: reads records from the channel and decrypts them. One caller at a time. */
final class Inbound {
  private static final SSLEngineResult NO_RECORDS =
      new SSLEngineResult(Status.BUFFER_UNDERFLOW, HandshakeStatus.NOT_HANDSHAKING, 0, 0);

  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  /** How many buffers of bytes {@link #discard} reads. */
  private static final int MAX_DISCARDED = 16;

  private final ReadableByteChannel channel;
  private final SSLEngine engine;

  /** Received bytes that are not decrypted yet; null if none. */
  private @Nullable ByteBuffer records;

  /** Decrypted bytes that did not fit into the caller's buffer; null if none. */
  private @Nullable ByteBuffer plaintext;

  /**
   * Whether the engine may have a result without more bytes: plaintext, because it filled the last
   * target, or a failure that it throws only after its alert has been encrypted.
   */
  private boolean engineMayHaveResult;

  Inbound(ReadableByteChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
  }

  /** Copies bytes that were decrypted before; returns the count. */
  int drain(ByteBuffer target) {
    ByteBuffer from = plaintext;
    if (from == null) {
      return 0;
    }
    int count = Math.min(from.remaining(), target.remaining());
    target.put(target.position(), from, from.position(), count);
    target.position(target.position() + count);
    from.position(from.position() + count);
    plaintext = RecordBuffers.unlessEmpty(from);
    return count;
  }

  /**
   * Decrypts the next record into {@code target} if it fits, else for {@link #drain}.
   *
   * @return BUFFER_UNDERFLOW if the record is incomplete, CLOSED if it is the last, else OK
   */
  SSLEngineResult decrypt(ByteBuffer target) throws SSLException {
    ByteBuffer from = records;
    if (from == null && !engineMayHaveResult) {
      return NO_RECORDS;
    }
    SSLEngineResult result = unwrap(from == null ? NO_BYTES : from, target);
    if (result.getStatus() == Status.BUFFER_OVERFLOW) {
      result = decryptAside(from == null ? NO_BYTES : from);
    }
    engineMayHaveResult = result.bytesProduced() > 0 && !target.hasRemaining();
    records = from == null ? null : RecordBuffers.unlessEmpty(from);
    return result;
  }

  /**
   * Continues the handshake with the bytes that are buffered, or with none: an engine may hold
   * bytes itself. Plaintext that comes with the last message is kept for {@link #drain}.
   */
  SSLEngineResult decryptHandshake() throws SSLException {
    ByteBuffer from = records;
    SSLEngineResult result = decryptAside(from == null ? NO_BYTES : from);
    records = from == null ? null : RecordBuffers.unlessEmpty(from);
    return result;
  }

  /** The engine has encrypted an answer or run a task: it is called again before the next wait. */
  void engineHasNews() {
    engineMayHaveResult = true;
  }

  private SSLEngineResult unwrap(ByteBuffer from, ByteBuffer target) throws SSLException {
    try {
      return engine.unwrap(from, target);
    } catch (RuntimeException failed) {
      throw Failures.ofEngine(failed);
    }
  }

  private SSLEngineResult decryptAside(ByteBuffer from) throws SSLException {
    int size = engine.getSession().getApplicationBufferSize();
    ByteBuffer before = plaintext;
    ByteBuffer into = before == null ? RecordBuffers.acquire(size) : before.compact();
    try {
      while (true) {
        SSLEngineResult result = unwrap(from, into);
        if (result.getStatus() != Status.BUFFER_OVERFLOW) {
          return result;
        }
        into = RecordBuffers.enlarge(into, engine.getSession().getApplicationBufferSize());
      }
    } finally {
      plaintext = RecordBuffers.unlessEmpty(into.flip());
    }
  }

  /** Whether a record, or a part of one, is buffered. */
  boolean hasRecords() {
    return records != null;
  }

  /** Whether decrypted bytes are buffered. */
  boolean hasPlaintext() {
    return plaintext != null;
  }

  /** The type of the next record, its first byte; -1 if no byte is buffered. */
  int nextType() {
    ByteBuffer buffered = records;
    return buffered == null ? -1 : buffered.get(buffered.position()) & 0xff;
  }

  /** Waits for bytes of the channel; returns false at its end. */
  boolean receive() throws IOException {
    ByteBuffer buffered = records;
    int bytes = engine.getSession().getPacketBufferSize();
    ByteBuffer into = buffered == null ? RecordBuffers.acquire(bytes) : buffered.compact();
    if (!into.hasRemaining()) {
      into = RecordBuffers.enlarge(into, bytes);
    }
    try {
      return channel.read(into) >= 0;
    } finally {
      records = RecordBuffers.unlessEmpty(into.flip());
    }
  }

  /**
   * Drops buffered bytes, and bytes that can be read without waiting if the channel has readiness.
   */
  void discard() throws IOException {
    records = null;
    plaintext = null;
    if (channel instanceof Selectable selectable) {
      int count = 0;
      for (int i = 0; i < MAX_DISCARDED && count >= 0 && selectable.readable().isReady(); i++) {
        ByteBuffer dropped = RecordBuffers.acquire(RecordBuffers.CAPACITY);
        count = channel.read(dropped);
        RecordBuffers.release(dropped);
      }
    }
  }
}
