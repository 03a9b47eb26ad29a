package dev.goasync.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The sending half: encrypts, and writes records to the channel. One caller at a time. */
final class Outbound {
  /** One empty buffer: some engines refuse an array without a buffer. */
  private static final ByteBuffer[] NO_SOURCES = {ByteBuffer.allocate(0)};

  private final WritableByteChannel channel;
  private final SSLEngine engine;

  /**
   * Records that are not written to the channel yet; null if none. Any thread may read the field.
   */
  private volatile @Nullable ByteBuffer unsent;

  Outbound(WritableByteChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
  }

  /** Whether all records have been written to the channel. Any thread. */
  boolean isFlushed() {
    return unsent == null;
  }

  /** How many bytes have not been written to the channel. */
  int unsentBytes() {
    ByteBuffer records = unsent;
    return records == null ? 0 : records.remaining();
  }

  /** Makes one record of the engine's own messages and appends it to the unsent ones. */
  SSLEngineResult encrypt() throws SSLException {
    return encrypt(NO_SOURCES, 0, 1);
  }

  /**
   * Makes one record and appends it to the unsent ones: of the engine's own messages, or of the
   * sources' bytes if it has none.
   */
  SSLEngineResult encrypt(ByteBuffer[] sources, int offset, int length) throws SSLException {
    ByteBuffer before = unsent;
    int room = engine.getSession().getPacketBufferSize();
    ByteBuffer records = before == null ? RecordBuffers.acquire(room) : before.compact();
    try {
      while (true) {
        SSLEngineResult result = wrap(sources, offset, length, records);
        if (result.getStatus() != SSLEngineResult.Status.BUFFER_OVERFLOW) {
          return result;
        }
        records = RecordBuffers.enlarge(records, engine.getSession().getPacketBufferSize());
      }
    } finally {
      unsent = RecordBuffers.unlessEmpty(records.flip());
    }
  }

  private SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer records)
      throws SSLException {
    try {
      return engine.wrap(sources, offset, length, records);
    } catch (RuntimeException failed) {
      throw Failures.ofEngine(failed);
    }
  }

  /** Writes all records to the channel. */
  void flush() throws IOException {
    while (!isFlushed()) {
      flushSome();
    }
  }

  /** Writes what the channel accepts in one call. */
  private void flushSome() throws IOException {
    ByteBuffer records = unsent;
    if (records != null) {
      channel.write(records);
      unsent = RecordBuffers.unlessEmpty(records);
    }
  }
}
