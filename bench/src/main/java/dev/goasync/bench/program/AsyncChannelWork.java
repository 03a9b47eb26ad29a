package dev.goasync.bench.program;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Random reads of a file with the JDK's asynchronous channel: each completion starts the next read.
 */
public final class AsyncChannelWork {
  private final AsynchronousFileChannel file;
  private final long blocks;
  private final long until;

  private AsyncChannelWork(AsynchronousFileChannel file, long blocks, long until) {
    this.file = file;
    this.blocks = blocks;
    this.until = until;
  }

  /** Arguments: the case, the file, the concurrency, and the milliseconds to read. */
  public static void main(String[] args) throws Exception {
    var file = AsynchronousFileChannel.open(Path.of(args[1]), FileWork.options(args[0]));
    int atOnce = Integer.parseInt(args[2]);
    long milliseconds = Long.parseLong(args[3]);
    var _ = run(file, atOnce, milliseconds); // warms up the JIT
    Usage before = Usage.now();
    Usage.print(args[0], run(file, atOnce, milliseconds), before);
    Runtime.getRuntime().halt(0);
  }

  private static long run(AsynchronousFileChannel file, int atOnce, long milliseconds)
      throws Exception {
    long until = System.nanoTime() + milliseconds * 1_000_000;
    var work = new AsyncChannelWork(file, file.size() / FileWork.BLOCK, until);
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < atOnce; i++) {
      Reader reader = work.new Reader(i);
      readers.add(reader);
      reader.readNext();
    }
    long done = 0;
    for (Reader reader : readers) {
      done += reader.all.get();
    }
    return done;
  }

  /** One of the concurrent readers; the channel calls it on one thread at a time. */
  private final class Reader implements CompletionHandler<Integer, Reader> {
    private final ByteBuffer buffer = FileWork.aligned();
    private final SplittableRandom random;
    private final CompletableFuture<Long> all = new CompletableFuture<>();
    private long done;

    Reader(int seed) {
      this.random = new SplittableRandom(seed);
    }

    void readNext() {
      file.read(buffer.rewind(), random.nextLong(blocks) * FileWork.BLOCK, this, this);
    }

    @Override
    public void completed(Integer read, Reader self) {
      done++;
      if (read != FileWork.BLOCK) {
        all.completeExceptionally(new AssertionError("read " + read + " bytes"));
      } else if (System.nanoTime() - until < 0) {
        readNext();
      } else {
        all.complete(done);
      }
    }

    @Override
    public void failed(Throwable failure, Reader self) {
      all.completeExceptionally(failure);
    }
  }
}
