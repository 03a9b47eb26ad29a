package dev.goasync.internal.nio.io;

import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.platform.Targets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** One end of a pipe of the JDK; both ends are in this process. */
public final class NioPipeEnd implements PipeHandle {
  private final NioSocket socket;
  private final Pipe.@Nullable SourceChannel source;
  private final Pipe.@Nullable SinkChannel sink;

  private NioPipeEnd(Pipe.SourceChannel source) throws IOException {
    this.source = source;
    this.sink = null;
    this.socket = new NioSocket(source, "source of a pipe");
  }

  private NioPipeEnd(Pipe.SinkChannel sink) throws IOException {
    this.source = null;
    this.sink = sink;
    this.socket = new NioSocket(sink, "sink of a pipe");
  }

  /** Opens a pipe. */
  public static PipeHandle.Ends open() throws IOException {
    Pipe pipe = Pipe.open();
    return new PipeHandle.Ends(new NioPipeEnd(pipe.source()), new NioPipeEnd(pipe.sink()));
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (source == null) {
      throw new NonReadableChannelException();
    }
    Targets.requireWritable(target);
    socket.begin();
    if (!target.hasRemaining()) {
      return 0;
    }
    int limit = Transfers.limit(target);
    try {
      int count;
      while ((count = source.read(target)) == 0) {
        socket.await(SelectionKey.OP_READ);
      }
      return count;
    } catch (IOException thrown) {
      throw socket.explain(thrown, socket);
    } finally {
      target.limit(limit);
    }
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    if (sink == null) {
      throw new NonWritableChannelException();
    }
    socket.begin();
    return Transfers.write(socket, sink, bytes);
  }

  /** The JDK does not say how many bytes a pipe holds. */
  @Override
  public int available() throws IOException {
    socket.checkOpen();
    return 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  @Override
  public String toString() {
    return socket.toString();
  }
}
