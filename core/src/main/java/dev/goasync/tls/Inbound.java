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

/** The receiving half: takes records from the channel and decrypts them. One caller at a time. */
final class Inbound {
  private static final SSLEngineResult NOTHING_THERE =
      new SSLEngineResult(Status.BUFFER_UNDERFLOW, HandshakeStatus.NOT_HANDSHAKING, 0, 0);

  /** How many buffers of bytes are thrown away at the end. */
  private static final int MAX_DISCARDED = 16;

  private final ReadableByteChannel channel;
  private final SSLEngine engine;

  /** What was received and is not decrypted yet; null if nothing. */
  private @Nullable ByteBuffer records;

  /** What was decrypted and had no room; null if nothing. */
  private @Nullable ByteBuffer plain;

  Inbound(ReadableByteChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
  }

  /** Takes what was decrypted before; returns the count. */
  int take(ByteBuffer target) {
    ByteBuffer from = plain;
    if (from == null) {
      return 0;
    }
    int count = Math.min(from.remaining(), target.remaining());
    target.put(target.position(), from, from.position(), count);
    target.position(target.position() + count);
    from.position(from.position() + count);
    plain = RecordBuffers.unlessEmpty(from);
    return count;
  }

  /**
   * Decrypts the next record, into {@code target} if it fits, else to be {@linkplain #take taken}.
   *
   * @return BUFFER_UNDERFLOW if the record has not all come, CLOSED if it is the last, else OK
   */
  SSLEngineResult decrypt(ByteBuffer target) throws SSLException {
    ByteBuffer from = records;
    if (from == null) {
      return NOTHING_THERE;
    }
    SSLEngineResult result = engine.unwrap(from, target);
    if (result.getStatus() == Status.BUFFER_OVERFLOW) {
      result = decryptAside(from);
    }
    records = RecordBuffers.unlessEmpty(from);
    return result;
  }

  private SSLEngineResult decryptAside(ByteBuffer from) throws SSLException {
    ByteBuffer into = RecordBuffers.take(engine.getSession().getApplicationBufferSize());
    try {
      while (true) {
        SSLEngineResult result = engine.unwrap(from, into);
        if (result.getStatus() != Status.BUFFER_OVERFLOW) {
          return result;
        }
        into = RecordBuffers.enlarge(into, engine.getSession().getApplicationBufferSize());
      }
    } finally {
      plain = RecordBuffers.unlessEmpty(into.flip());
    }
  }

  /** Whether a part of a record is there. */
  boolean hasBegun() {
    return records != null;
  }

  /** Whether something is there to be taken. */
  boolean hasPlain() {
    return plain != null;
  }

  /** The type of the next record, its first byte; -1 if nothing is there. */
  int nextType() {
    ByteBuffer there = records;
    return there == null ? -1 : there.get(there.position()) & 0xff;
  }

  /** Waits for bytes of the channel; returns false at its end. */
  boolean receive() throws IOException {
    ByteBuffer there = records;
    int wanted = engine.getSession().getPacketBufferSize();
    ByteBuffer into = there == null ? RecordBuffers.take(wanted) : there.compact();
    if (!into.hasRemaining()) {
      into = RecordBuffers.enlarge(into, wanted);
    }
    try {
      return channel.read(into) >= 0;
    } finally {
      records = RecordBuffers.unlessEmpty(into.flip());
    }
  }

  /** Throws away what is there and what comes without waiting, as far as one can know. */
  void discard() throws IOException {
    records = null;
    plain = null;
    if (channel instanceof Selectable selectable) {
      int count = 0;
      for (int i = 0; i < MAX_DISCARDED && count >= 0 && selectable.readable().isReady(); i++) {
        ByteBuffer waste = RecordBuffers.take(RecordBuffers.CAPACITY);
        count = channel.read(waste);
        RecordBuffers.release(waste);
      }
    }
  }
}
