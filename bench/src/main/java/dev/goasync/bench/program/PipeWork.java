package dev.goasync.bench.program;

import static dev.goasync.GoAsync.goAsync;

import dev.goasync.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.FutureTask;

/**
 * Sends bytes through a pipe: a FIFO between two coroutines, or a pipe between two virtual threads.
 */
public final class PipeWork {
  private PipeWork() {}

  /** Reads into a buffer; -1 at the end. */
  @FunctionalInterface
  private interface Source {
    int read(ByteBuffer into) throws IOException;
  }

  /** Writes some bytes of a buffer. */
  @FunctionalInterface
  private interface Sink {
    int write(ByteBuffer from) throws IOException;
  }

  /** Arguments: the peer, the case, the size of a chunk, and the milliseconds to measure. */
  public static void main(String[] args) throws Exception {
    int size = Integer.parseInt(args[2]);
    long milliseconds = Long.parseLong(args[3]);
    boolean ours = args[0].equals("goasync");
    var _ = ours ? coroutines(size, milliseconds) : threads(size, milliseconds); // warms up
    Usage before = Usage.now();
    long done = ours ? coroutines(size, milliseconds) : threads(size, milliseconds);
    Usage.print(args[1], done, before);
    Runtime.getRuntime().halt(0);
  }

  private static long coroutines(int size, long milliseconds) throws Exception {
    try (Fifo fifo = Fifo.open()) {
      Task<Long> sent = goAsync(() -> send(fifo.writer()::write, size, milliseconds));
      long received = goAsync(() -> receive(fifo.reader()::read, size)).await();
      return Math.min(received, sent.await());
    }
  }

  private static long threads(int size, long milliseconds) throws Exception {
    Pipe pipe = Pipe.open();
    try (ReadableByteChannel reader = pipe.source();
        WritableByteChannel writer = pipe.sink()) {
      FutureTask<Long> sent = new FutureTask<>(() -> send(writer::write, size, milliseconds));
      FutureTask<Long> received = new FutureTask<>(() -> receive(reader::read, size));
      Thread.startVirtualThread(sent);
      Thread.startVirtualThread(received);
      return Math.min(received.get(), sent.get());
    }
  }

  /** The first byte of a chunk marks the last one. */
  private static long send(Sink sink, int size, long milliseconds) throws IOException {
    long until = System.nanoTime() + milliseconds * 1_000_000;
    ByteBuffer chunk = ByteBuffer.allocateDirect(size);
    long count = 0;
    for (boolean last = false; !last; count++) {
      last = System.nanoTime() - until >= 0;
      chunk.clear().put(0, last ? (byte) 1 : 0);
      while (chunk.hasRemaining()) {
        sink.write(chunk);
      }
    }
    return count;
  }

  private static long receive(Source source, int size) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(size);
    long count = 0;
    for (boolean last = false; !last; count++) {
      chunk.clear();
      while (chunk.hasRemaining()) {
        source.read(chunk);
      }
      last = chunk.get(0) == 1;
    }
    return count;
  }
}
