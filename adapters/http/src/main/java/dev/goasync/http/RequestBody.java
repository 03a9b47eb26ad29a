package dev.goasync.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;

/**
 * The body of an HTTP/1.1 message: HttpCore's decoder with a limit. Its close leaves the connection
 * open. Owned by the loop.
 */
final class RequestBody extends InputStream {
  /** Asks the client for the body, if it waits to be asked. */
  @FunctionalInterface
  interface Continue {
    void send() throws IOException;
  }

  private final InputStream decoder;
  private final long length;
  private final long maxBytes;
  private final Continue whenRead;
  private boolean started;
  private boolean complete;
  private boolean broken;
  private long count;

  /**
   * Creates a body.
   *
   * @param length -1 if it is not known
   * @param whenRead called before the first read
   */
  RequestBody(InputStream decoder, long length, long maxBytes, Continue whenRead) {
    this.decoder = decoder;
    this.length = length;
    this.maxBytes = maxBytes;
    this.whenRead = whenRead;
    this.complete = length == 0;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int size) throws IOException {
    Objects.checkFromIndexSize(offset, size, target.length);
    if (size == 0) {
      return 0;
    }
    if (complete) {
      return -1;
    }
    if (!started) {
      started = true;
      whenRead.send();
    }
    if (broken) {
      throw new StatusException(400, "the body was refused before");
    }
    boolean valid = false;
    try {
      int read = decode(target, offset, size);
      count += Math.max(read, 0);
      if (count > maxBytes) {
        throw tooLarge(maxBytes);
      }
      complete = read < 0 || count == length;
      valid = true;
      return read;
    } finally {
      broken = !valid;
    }
  }

  private int decode(byte[] target, int offset, int size) throws IOException {
    try {
      return decoder.read(target, offset, size);
    } catch (MessageConstraintException tooLong) {
      throw new StatusException(431, "a line of the chunked body is too long");
    } catch (MalformedChunkCodingException malformed) {
      if (malformed.getClass() == MalformedChunkCodingException.class) {
        throw new StatusException(400, "the chunked body is malformed");
      }
      throw new ConnectionClosedException("the connection ended within a body");
    }
  }

  static StatusException tooLarge(long maxBytes) {
    return new StatusException(413, "the body is longer than " + maxBytes + " bytes");
  }

  /** Whether all of the body has been read. */
  boolean isComplete() {
    return complete;
  }

  /** Whether a read has failed, so that the end of the message is not known. */
  boolean isBroken() {
    return broken;
  }

  boolean isStarted() {
    return started;
  }

  /** Returns how many bytes are left; unknown counts as none. */
  long left() {
    return length < 0 ? 0 : length - count;
  }

  /**
   * Reads the rest.
   *
   * @return whether the end came within the limit
   */
  boolean discard(int maxDiscarded) throws IOException {
    byte[] dropped = new byte[2048];
    long end = count + maxDiscarded;
    while (!complete && count < end) {
      var _ = read(dropped, 0, dropped.length);
    }
    return complete;
  }

  @Override
  public void close() {}
}
