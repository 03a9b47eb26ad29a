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
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Base class of all byte streams of the library: sockets, TLS connections, files, pipes. Adds a
 * read buffer and a write buffer to a source and a sink of bytes.
 *
 * <pre>{@code
 * AsyncSocket socket = AsyncSocket.connect("localhost", 8080);
 * socket.writeAll("hello\n");
 * String response = socket.readLine();
 * }</pre>
 *
 * <p>A stream is a {@link ByteChannel} with {@linkplain #inputStream views} as {@link InputStream}
 * and {@link OutputStream}, so libraries that expect these can use it.
 *
 * <p><b>Threads.</b> One reader and one writer at a time; they can be different threads or
 * coroutines. A second reader that comes while the first one waits gets an {@link
 * IllegalStateException}.
 *
 * <p><b>Cancellation.</b> Bytes that were read before an operation fails or is cancelled stay in
 * the read buffer, and the next read starts with them.
 */
public abstract class ByteStream
    implements BufferedByteSource,
        ByteSink,
        ByteChannel,
        ScatteringByteChannel,
        GatheringByteChannel {
  private final ByteReader reader;
  private volatile @Nullable ByteWriter writer;
  private volatile boolean open = true;

  /**
   * Creates a stream with empty buffers.
   *
   * @param source where the reads take their bytes from, such as a method of the subclass
   */
  protected ByteStream(ByteSource source) {
    reader = new ByteReader(source);
  }

  @Override
  public final int read(ByteBuffer target) throws IOException {
    return reader().read(target);
  }

  /**
   * Waits for bytes and moves to {@code targets}, in their order, what is available, at most their
   * remaining space.
   *
   * @return the number of bytes, -1 at the end of the stream, or 0 if no target has remaining space
   */
  @Override
  public final long read(ByteBuffer[] targets) throws IOException {
    return read(targets, 0, targets.length);
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    return reader().read(targets, offset, length);
  }

  @Override
  public final int peek(ByteBuffer target) throws IOException {
    return reader().peek(target);
  }

  @Override
  public final String readAll() throws IOException {
    return reader().readAll();
  }

  @Override
  public final String readAll(Charset charset) throws IOException {
    return reader().readAll(charset);
  }

  @Override
  public final byte[] readAllBytes() throws IOException {
    return reader().readAllBytes();
  }

  @Override
  public final byte[] readExactly(int count) throws IOException {
    return reader().readExactly(count);
  }

  @Override
  public final @Nullable String readLine() throws IOException {
    return reader().readLine();
  }

  @Override
  public final @Nullable String readLine(int maxBytes) throws IOException {
    return reader().readLine(maxBytes);
  }

  @Override
  public final byte @Nullable [] readUntil(byte delimiter, int maxBytes) throws IOException {
    return reader().readUntil(delimiter, maxBytes);
  }

  /**
   * Waits for space and takes bytes from {@code sources}, in their order, possibly not all of them.
   *
   * @return the number of bytes taken
   */
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
   * Writes all remaining bytes of {@code sources}, in their order, such as a header and a body. If
   * the write fails or is cancelled, the buffers' positions are behind the bytes that were written.
   *
   * @throws IOException if a write fails
   */
  public final void writeAll(ByteBuffer... sources) throws IOException {
    for (ByteBuffer each : sources) {
      while (each.hasRemaining()) {
        write(sources);
      }
    }
  }

  /**
   * Returns the write buffer of this stream, always the same one. It is flushed before its last
   * writer waits for bytes of this stream, and by {@link #close}. Call {@link ByteWriter#flush}
   * before you write to the stream directly.
   *
   * <pre>{@code
   * AsyncSocket socket = AsyncSocket.connect("localhost", 8080);
   * ByteWriter out = socket.writer();
   * for (String line; (line = socket.readLine()) != null; ) {
   *   out.writeAll("you sent " + line + "\n"); // sent when no further line is buffered
   * }
   * }</pre>
   */
  public final ByteWriter writer() {
    ByteWriter made = writer;
    if (made == null) {
      synchronized (reader) {
        made = writer;
        if (made == null) {
          made = new ByteWriter(this);
          reader.flushBeforeReads(made, this::exchange);
          writer = made;
        }
      }
    }
    return made;
  }

  /**
   * Writes all of {@code output}, which the caller has written to {@link #writer}, and then reads
   * into {@code target}. A subclass overrides this if it can do both with one wait.
   *
   * @param output its position is behind the bytes that were written, also after an exception
   * @param written is run as soon as all of {@code output} is written, before the wait for bytes
   * @return as {@link #read(ByteBuffer)} returns
   */
  protected int exchange(ByteBuffer output, Runnable written, ByteBuffer target)
      throws IOException {
    writeAll(output);
    written.run();
    return reader.readSource(target);
  }

  /**
   * Takes buffered bytes; if there are none, reads from {@code source} in place of the stream's own
   * source, such as one that receives descriptors beside the bytes.
   *
   * @return as {@link #read(ByteBuffer)} returns
   */
  protected final int read(ByteBuffer target, ByteSource source) throws IOException {
    return reader().read(target, source);
  }

  /** Returns a view for reading. Closing the view closes the stream. */
  public final InputStream inputStream() {
    return Channels.newInputStream(hasPosition() ? this : new InputOnly(this));
  }

  /**
   * Whether the JDK's stream can ask for the position: it asks each seekable channel, also pipes.
   */
  private boolean hasPosition() {
    if (this instanceof SeekableByteChannel file) {
      try {
        file.position();
      } catch (IOException noPosition) {
        return false;
      }
    }
    return true;
  }

  /** Returns a view for writing, which is not buffered. Closing the view closes the stream. */
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
   * Returns the platform handle of the stream, if the kernel can transfer bytes to it without a
   * copy through the process; else null. For the library's own streams.
   */
  protected @Nullable Object endpoint() {
    return null;
  }

  /** Returns the {@link #endpoint} of a channel that is a stream and has one, else null. */
  protected static @Nullable Object endpointOf(Channel channel) {
    return channel instanceof ByteStream stream ? stream.endpoint() : null;
  }

  /** Returns the number of bytes in the read buffer. */
  protected final int buffered() {
    return reader.buffered();
  }

  /** Discards the bytes in the read buffer. */
  protected final void discardBuffered() {
    reader.discardBuffered();
  }

  /**
   * Flushes the bytes that the caller has written to {@link #writer}, as {@link #close} does first.
   * Does nothing in a cancelled coroutine.
   *
   * @throws IOException if a write fails
   */
  protected final void flushBeforeClose() throws IOException {
    ByteWriter made = writer;
    if (made != null && isOpen()) {
      try {
        made.flushOfCaller();
      } catch (CancellationException _) {
        // a cancelled coroutine cannot wait; the close follows all the same
      }
    }
  }

  /** The reader of an open stream. After a close, buffered bytes cannot be read any more. */
  private ByteReader reader() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    return reader;
  }

  /** A stream as a channel that can only be read. */
  private record InputOnly(ByteStream stream) implements ReadableByteChannel {
    @Override
    public int read(ByteBuffer target) throws IOException {
      return stream.read(target);
    }

    @Override
    public boolean isOpen() {
      return stream.isOpen();
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
