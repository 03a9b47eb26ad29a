package dev.goasync.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The sending half: encrypts, and hands records to the channel. One caller at a time. */
final class Outbound {
  private static final ByteBuffer[] NOTHING = {};

  private final WritableByteChannel channel;
  private final SSLEngine engine;

  /** Records that the channel has not taken yet; null if none. Any thread may look whether. */
  private volatile @Nullable ByteBuffer unsent;

  Outbound(WritableByteChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
  }

  /** Whether all has been handed to the channel. Any thread. */
  boolean isFlushed() {
    return unsent == null;
  }

  /** How many bytes have not been handed to the channel. */
  int unsentBytes() {
    ByteBuffer records = unsent;
    return records == null ? 0 : records.remaining();
  }

  /** Like the other, for what the engine has to say by itself. */
  SSLEngineResult encrypt() throws SSLException {
    return encrypt(NOTHING, 0, 0);
  }

  /**
   * Makes one record, behind those that are unsent: of what the engine has to say, or if that is
   * nothing of the sources' bytes.
   */
  SSLEngineResult encrypt(ByteBuffer[] sources, int offset, int length) throws SSLException {
    ByteBuffer before = unsent;
    int room = engine.getSession().getPacketBufferSize();
    ByteBuffer records = before == null ? RecordBuffers.take(room) : before.compact();
    try {
      while (true) {
        SSLEngineResult result = engine.wrap(sources, offset, length, records);
        if (result.getStatus() != SSLEngineResult.Status.BUFFER_OVERFLOW) {
          return result;
        }
        records = RecordBuffers.enlarge(records, engine.getSession().getPacketBufferSize());
      }
    } finally {
      unsent = RecordBuffers.unlessEmpty(records.flip());
    }
  }

  /** Waits until the channel has taken all. */
  void flush() throws IOException {
    while (!isFlushed()) {
      flushSome();
    }
  }

  /** Hands over what the channel takes in one go. */
  void flushSome() throws IOException {
    ByteBuffer records = unsent;
    if (records != null) {
      channel.write(records);
      unsent = RecordBuffers.unlessEmpty(records);
    }
  }
}
