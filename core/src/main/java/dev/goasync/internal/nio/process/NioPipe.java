package dev.goasync.internal.nio.process;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.FutureWait;
import dev.goasync.internal.loop.Poller;
import dev.goasync.internal.nio.io.Transfers;
import dev.goasync.internal.platform.PipeHandle;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Our end of a pipe to a child process, by the JDK's streams. Those block, and nothing ends that:
 * so each transfer is done by a thread of a pool, and who waits for it may leave. Then the next
 * caller finds what it brought.
 */
public final class NioPipe implements PipeHandle {
  private static final int CAPACITY = 8192;

  /** How long the thread that brings bytes may take to deliver what has come. */
  private static final long DELIVERY_NANOS = 100_000_000;

  private static final Executor THREADS =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("goasync-pipe-", 1).factory());

  private interface Transfer {
    int run() throws IOException;
  }

  private final String name;
  private final @Nullable InputStream input;
  private final @Nullable OutputStream output;

  // Guarded by this.
  private final ByteBuffer bytes = ByteBuffer.allocate(CAPACITY).limit(0);
  private @Nullable CompletableFuture<Integer> transfer;
  private boolean closed;

  public NioPipe(InputStream input, String name) {
    this.name = name;
    this.input = input;
    this.output = null;
  }

  public NioPipe(OutputStream output, String name) {
    this.name = name;
    this.input = null;
    this.output = output;
  }

  // ---- reading ----

  @Override
  public int read(ByteBuffer target) throws IOException {
    while (awaitBytes(target.hasRemaining())) {
      synchronized (this) {
        checkOpen();
        if (bytes.hasRemaining() || !target.hasRemaining()) { // else another was faster
          return take(target);
        }
      }
    }
    return -1;
  }

  /** Waits, unless that is not wanted, until there are bytes; returns false at the end. */
  private boolean awaitBytes(boolean wanted) throws IOException {
    InputStream from = input();
    Fiber fiber = Fiber.current();
    if (fiber != null) {
      fiber.checkCancelled();
    }
    CompletableFuture<Integer> brought;
    synchronized (this) {
      checkOpen();
      if (bytes.hasRemaining() || !wanted) {
        return true;
      }
      brought = transfer != null ? transfer : begin(() -> from.read(bytes.array()));
    }
    FutureWait.await(brought, Poller.FOREVER, "bytes from " + name);
    return arrived(brought) >= 0;
  }

  /** Waits until a read would not. */
  public void awaitReadable() throws IOException {
    awaitBytes(true);
  }

  /** Whether a read would not wait: also one that finds the end, which was met before. */
  public boolean isReadable() throws IOException {
    InputStream from = input();
    synchronized (this) {
      checkOpen();
      return bytes.hasRemaining() || (transfer != null ? transfer.isDone() : from.available() > 0);
    }
  }

  private InputStream input() throws ClosedChannelException {
    if (input == null) {
      synchronized (this) {
        checkOpen();
      }
      throw new NonReadableChannelException();
    }
    return input;
  }

  private int take(ByteBuffer target) {
    int count = Math.min(bytes.remaining(), target.remaining());
    target.put(target.position(), bytes, bytes.position(), count);
    target.position(target.position() + count);
    bytes.position(bytes.position() + count);
    return count;
  }

  /** The result of a transfer that is over; what it brought is there to take. */
  private synchronized int arrived(CompletableFuture<Integer> over) throws IOException {
    int count = result(over);
    if (transfer == over && count >= 0) { // an end stays, for those who come later
      transfer = null;
      bytes.position(0).limit(count);
    }
    return count;
  }

  /**
   * The thread that brings bytes may be about to deliver what has come, and is given a moment: only
   * if it waits in vain, since somebody has the other end open and does not write, is that moment
   * waited through.
   */
  @Override
  public int available() throws IOException {
    InputStream from = input();
    CompletableFuture<Integer> brought;
    synchronized (this) {
      checkOpen();
      brought = transfer;
    }
    if (brought != null) {
      if (!FutureWait.await(brought, DELIVERY_NANOS, "bytes from " + name)
          || arrived(brought) < 0) {
        return 0;
      }
    }
    synchronized (this) {
      checkOpen();
      return bytes.remaining() + (transfer == null ? from.available() : 0);
    }
  }

  /** Our end's stream, for who goes on with it instead of us. */
  InputStream takeOverInput() throws IOException {
    InputStream taken = input();
    takeOver();
    return taken;
  }

  /** Our end's stream, for who goes on with it instead of us. */
  OutputStream takeOverOutput() throws IOException {
    OutputStream taken = output();
    takeOver();
    return taken;
  }

  private synchronized void takeOver() throws ClosedChannelException {
    checkOpen();
    if (transfer != null || bytes.hasRemaining()) {
      throw new IllegalStateException("somebody is using " + name);
    }
    closed = true;
  }

  // ---- writing ----

  @Override
  public int write(ByteBuffer source) throws IOException {
    OutputStream to = output();
    Fiber fiber = Fiber.current();
    if (fiber != null) {
      fiber.checkCancelled();
    }
    if (!source.hasRemaining()) {
      return 0;
    }
    awaitEarlierWrite();
    byte[] taken = new byte[Math.min(source.remaining(), Transfers.MAX_OF_HEAP)];
    CompletableFuture<Integer> written;
    synchronized (this) {
      checkOpen();
      source.get(taken);
      written =
          begin(
              () -> {
                to.write(taken);
                to.flush();
                return taken.length;
              });
    }
    try {
      FutureWait.await(written, Poller.FOREVER, "room at " + name);
    } catch (CancellationException | InterruptedIOException left) {
      return taken.length; // the thread has them
    }
    finishWrite(written);
    return taken.length;
  }

  private OutputStream output() throws ClosedChannelException {
    if (output == null) {
      synchronized (this) {
        checkOpen();
      }
      throw new NonWritableChannelException();
    }
    return output;
  }

  /** Waits until a write would not wait for an earlier one; it may for who reads. */
  public void awaitWritable() throws IOException {
    output();
    awaitEarlierWrite();
  }

  public boolean isWritable() throws IOException {
    output();
    synchronized (this) {
      checkOpen();
      return transfer == null || transfer.isDone();
    }
  }

  private void awaitEarlierWrite() throws IOException {
    CompletableFuture<Integer> earlier;
    synchronized (this) {
      checkOpen();
      earlier = transfer;
    }
    if (earlier != null) {
      FutureWait.await(earlier, Poller.FOREVER, "room at " + name);
      finishWrite(earlier);
    }
  }

  private synchronized void finishWrite(CompletableFuture<Integer> over) throws IOException {
    if (transfer == over) {
      transfer = null;
    }
    result(over);
  }

  // ---- both ----

  private CompletableFuture<Integer> begin(Transfer work) {
    CompletableFuture<Integer> begun = new CompletableFuture<>();
    transfer = begun;
    THREADS.execute(
        () -> {
          try {
            begun.complete(work.run());
          } catch (Throwable failed) {
            begun.completeExceptionally(failed);
          }
        });
    return begun;
  }

  private int result(CompletableFuture<Integer> over) throws IOException {
    return switch (over.state()) {
      case SUCCESS -> over.resultNow();
      case FAILED -> throw failure(over.exceptionNow());
      default -> throw new IllegalStateException("not over");
    };
  }

  /** The JDK closes its end for writing when the process ends, and says so and no more. */
  private IOException failure(Throwable thrown) {
    if (thrown instanceof AsynchronousCloseException) {
      return new AsynchronousCloseException();
    }
    String reason = output != null ? "Broken pipe" : thrown.getMessage();
    IOException failed = new FileSystemException(name, null, reason);
    failed.initCause(thrown);
    return failed;
  }

  private void checkOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  /** The stream's own close may have to wait for a write that blocks; then a thread does that. */
  @Override
  public void close() throws IOException {
    CompletableFuture<Integer> left;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      left = transfer;
    }
    Closeable stream = Objects.requireNonNull(input != null ? input : output);
    if (left == null || left.isDone()) {
      closeQuietly(stream);
    } else {
      left.completeExceptionally(new AsynchronousCloseException());
      THREADS.execute(() -> closeQuietly(stream));
    }
  }

  /** All has been flushed; what else may fail is that the other end is gone. */
  private static void closeQuietly(Closeable stream) {
    try {
      stream.close();
    } catch (IOException otherEndGone) {
      // nothing is lost but what nobody reads
    }
  }

  /** Copies {@code from} to {@code to} until either ends, on a thread of its own. */
  static void copyInBackground(InputStream from, OutputStream to) {
    THREADS.execute(
        () -> {
          byte[] some = new byte[CAPACITY];
          try (from;
              to) {
            for (int count; (count = from.read(some)) >= 0; ) {
              to.write(some, 0, count);
              to.flush();
            }
          } catch (IOException otherEndGone) {
            // the writer will notice
          }
        });
  }

  @Override
  public String toString() {
    return name;
  }
}
