package dev.goasync.system;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.io.ByteStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * An anonymous pipe of this process: bytes that are written to its {@link #sink} can be read from
 * its {@link #source}. For code that needs a descriptor or a stream where the program has none, and
 * for bytes between coroutines and threads.
 *
 * <pre>{@code
 * try (AsyncPipe pipe = AsyncPipe.open()) {
 *   pipe.sink().writeAll("hello\n");
 *   System.out.println(pipe.source().readLine());
 * }
 * }</pre>
 *
 * <p>The kernel holds the bytes, 64 KiB by default; a write waits while the pipe is full. A read
 * returns the end of the stream when the sink is closed and all bytes are read. A write to a pipe
 * whose source is closed throws {@link IOException}. A cancelled operation leaves the pipe open.
 *
 * <p><b>Threads.</b> As {@link ByteStream}: one reader of the source and one writer of the sink at
 * a time, which can be different coroutines or threads.
 */
public final class AsyncPipe implements Closeable {
  private final End source;
  private final End sink;

  private AsyncPipe(PipeHandle.Ends ends) {
    this.source = new End(ends.source());
    this.sink = new End(ends.sink());
  }

  /**
   * Opens a pipe.
   *
   * @throws IOException if the process has no descriptors left
   */
  public static AsyncPipe open() throws IOException {
    return new AsyncPipe(Backends.platform().openPipe());
  }

  /**
   * The end for reading; writes throw {@link java.nio.channels.NonWritableChannelException}. Close
   * it to make writes fail.
   */
  public ByteStream source() {
    return source;
  }

  /**
   * The end for writing; reads throw {@link java.nio.channels.NonReadableChannelException}. Close
   * it to let the reader see the end.
   */
  public ByteStream sink() {
    return sink;
  }

  /**
   * The number of the descriptor of {@link #source}, for native code and {@code /proc/self/fd}. The
   * pipe keeps the descriptor: the number is valid until the source is closed.
   *
   * @throws java.nio.channels.ClosedChannelException if the source is closed
   * @throws UnsupportedOperationException on the nio backend, where the JDK hides the number
   */
  public int sourceDescriptor() throws IOException {
    return source.handle.descriptorNumber();
  }

  /**
   * The number of the descriptor of {@link #sink}; see {@link #sourceDescriptor}.
   *
   * @throws java.nio.channels.ClosedChannelException if the sink is closed
   * @throws UnsupportedOperationException on the nio backend, where the JDK hides the number
   */
  public int sinkDescriptor() throws IOException {
    return sink.handle.descriptorNumber();
  }

  /** Closes both ends: the sink, then the source. Bytes that were not read are lost. */
  @Override
  public void close() throws IOException {
    try {
      sink.close();
    } finally {
      source.close();
    }
  }

  @Override
  public String toString() {
    return "AsyncPipe[source " + state(source) + ", sink " + state(sink) + "]";
  }

  private static String state(End end) {
    return end.isOpen() ? "open" : "closed";
  }

  private static final class End extends ByteStream {
    private final PipeHandle handle;

    End(PipeHandle handle) {
      super(handle::read);
      this.handle = handle;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      return handle.write(Objects.requireNonNull(source, "source"));
    }

    @Override
    protected void closeHandle() throws IOException {
      handle.close();
    }

    @Override
    public String toString() {
      return handle.toString();
    }
  }
}
