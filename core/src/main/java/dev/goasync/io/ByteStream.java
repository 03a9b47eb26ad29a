package dev.goasync.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.charset.Charset;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in and out: a socket, a TLS connection, a file. Reads whole texts, lines and exact counts,
 * reading ahead where it must; gathers small writes; and is a {@link ByteChannel} with views as
 * streams, so that code of others takes it as it is.
 *
 * <pre>{@code
 * var in = new ObjectInputStream(stream.inputStream());
 * }</pre>
 *
 * <p><b>Threads.</b> One reader and one writer at a time, which may be different threads or
 * coroutines. A second reader that comes meanwhile gets an {@link IllegalStateException}.
 *
 * <p><b>Cancellation.</b> What was read before an operation fails or is cancelled stays, and the
 * next read begins with it.
 */
public abstract class ByteStream
    implements ByteSource, ByteSink, ByteChannel, ScatteringByteChannel, GatheringByteChannel {
  private final ByteReader reader;
  private volatile @Nullable ByteWriter writer;
  private volatile boolean open = true;

  /**
   * @param source where {@link #read} takes its bytes from
   */
  protected ByteStream(ByteSource source) {
    reader = new ByteReader(source);
  }

  /** Waits for bytes and takes what is there; returns the count, or -1 after the last. */
  @Override
  public final int read(ByteBuffer target) throws IOException {
    return reader().read(target);
  }

  /** Waits for bytes and spreads what is there over the buffers; returns the count, or -1. */
  @Override
  public final long read(ByteBuffer[] targets) throws IOException {
    return read(targets, 0, targets.length);
  }

  @Override
  public final long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    return reader().read(targets, offset, length);
  }

  /**
   * Like {@link #read(ByteBuffer)}, but the bytes stay and the next read finds them again.
   *
   * @return how many bytes were copied, or -1 at the end
   */
  public final int peek(ByteBuffer target) throws IOException {
    return reader().peek(target);
  }

  /** Reads to the end, as UTF-8; malformed bytes become U+FFFD. */
  public final String readAll() throws IOException {
    return reader().readAll();
  }

  /** Reads to the end, as text. */
  public final String readAll(Charset charset) throws IOException {
    return reader().readAll(charset);
  }

  /** Reads to the end. */
  public final byte[] readAllBytes() throws IOException {
    return reader().readAllBytes();
  }

  /**
   * Reads exactly so many bytes.
   *
   * @throws java.io.EOFException if the end comes first; what came can still be read
   * @throws IllegalArgumentException if {@code count} is negative
   */
  public final byte[] readExactly(int count) throws IOException {
    return reader().readExactly(count);
  }

  /**
   * Reads a line of UTF-8, which ends with {@code \n}, {@code \r\n} or the end; without that.
   *
   * @return the line, or null at the end
   */
  public final @Nullable String readLine() throws IOException {
    return reader().readLine();
  }

  /**
   * Like {@link #readLine()}, for input that is not to be trusted.
   *
   * @param maxBytes how long a line may be, without its end
   * @throws TooLongException if the line is longer; nothing is taken
   */
  public final @Nullable String readLine(int maxBytes) throws IOException {
    return reader().readLine(maxBytes);
  }

  /**
   * Reads up to a delimiter, which is taken and not returned.
   *
   * @param maxBytes how many bytes may come before the delimiter
   * @return the bytes before it, or null at the end
   * @throws java.io.EOFException if bytes come and then the end; they can still be read
   * @throws TooLongException if there are more bytes before it; nothing is taken
   */
  public final byte @Nullable [] readUntil(byte delimiter, int maxBytes) throws IOException {
    return reader().readUntil(delimiter, maxBytes);
  }

  /** Writes what fits of the buffers, in their order; returns the count. */
  @Override
  public final long write(ByteBuffer[] sources) throws IOException {
    return write(sources, 0, sources.length);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, sources.length);
    for (int i = offset; i < offset + length; i++) {
      if (sources[i].hasRemaining()) {
        return write(sources[i]);
      }
    }
    return 0;
  }

  /**
   * Writes all of the buffers, in their order: a header and a body, say.
   *
   * <p>If it fails or is cancelled half-way, the buffers' positions tell how much was written.
   */
  public final void writeAll(ByteBuffer... sources) throws IOException {
    for (ByteBuffer last : sources) {
      while (last.hasRemaining()) {
        write(sources);
      }
    }
  }

  /**
   * Gathers small writes to this stream; the same writer each time. What is in it must be
   * {@linkplain ByteWriter#flush flushed} before one writes to the stream itself.
   */
  public final ByteWriter writer() {
    ByteWriter made = writer;
    if (made == null) {
      synchronized (reader) {
        made = writer;
        if (made == null) {
          made = new ByteWriter(this);
          reader.flushFirst(made, this::exchange);
          writer = made;
        }
      }
    }
    return made;
  }

  /**
   * Writes all of {@code output}, which the reading coroutine has written to {@link #writer}, and
   * reads. To be overridden where both can go on at once, so that the coroutine waits once.
   *
   * @param output its position tells, after an exception too, how much was written
   * @param written to be called as soon as all of {@code output} is, before the bytes have come
   */
  protected int exchange(ByteBuffer output, Runnable written, ByteBuffer target)
      throws IOException {
    writeAll(output);
    written.run();
    return reader.readSource(target);
  }

  /**
   * Like {@link #read(ByteBuffer)}, but what was not read ahead comes from another source: one that
   * tells more than the bytes.
   */
  protected final int read(ByteBuffer target, ByteSource source) throws IOException {
    return reader().read(target, source);
  }

  /** This stream's bytes; closing it closes this. */
  public final InputStream inputStream() {
    return Channels.newInputStream(this);
  }

  /** Writes to this stream, without gathering; closing it closes this. */
  public final OutputStream outputStream() {
    return Channels.newOutputStream(this);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /**
   * Closes the stream. Bytes that the caller has written to {@link #writer} are flushed first,
   * except in a cancelled coroutine, which closes without waiting. Operations of other callers that
   * wait end with {@link java.nio.channels.AsynchronousCloseException}. Closing again has no
   * effect.
   */
  @Override
  public void close() throws IOException {
    try {
      flushBeforeClose();
    } finally {
      closeNow();
    }
  }

  /** Closes the stream without a flush of {@link #writer}. */
  protected final void closeNow() throws IOException {
    open = false;
    closeHandle();
  }

  /**
   * Releases what the stream reads from and writes to. {@link #close} calls this after {@link
   * #isOpen} has become false, once for each call of close.
   */
  protected abstract void closeHandle() throws IOException;

  /**
   * What a platform of ours knows the stream by, if bytes can go to it without coming to the
   * process: for streams of the library.
   */
  protected @Nullable Object endpoint() {
    return null;
  }

  /** The {@link #endpoint} of a channel that is a stream and has one. */
  protected static @Nullable Object endpointOf(Channel channel) {
    return channel instanceof ByteStream stream ? stream.endpoint() : null;
  }

  /** How many bytes have been read ahead. */
  protected final int buffered() {
    return reader.buffered();
  }

  /** Forgets what was read ahead. */
  protected final void discardBuffered() {
    reader.discardBuffered();
  }

  /**
   * Hands on what the caller has written to {@link #writer}, as a close does first; nothing in a
   * cancelled coroutine.
   */
  protected final void flushBeforeClose() throws IOException {
    ByteWriter made = writer;
    if (made != null && isOpen()) {
      try {
        made.flushIfOwn();
      } catch (CancellationException _) {
        // a cancelled coroutine does not wait, and its close closes all the same
      }
    }
  }

  /** What was read ahead is not for those who come after the close. */
  private ByteReader reader() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    return reader;
  }
}
