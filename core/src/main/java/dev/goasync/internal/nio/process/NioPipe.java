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
 * This process's end of a pipe to or from a child process, by the JDK's blocking streams. A blocked
 * call on these streams cannot be interrupted, so a pool thread makes each transfer and the caller
 * waits for its future; a cancelled caller leaves the transfer running.
 *
 * <p>At most one transfer is in progress, held in {@code transfer}:
 *
 * <ul>
 *   <li>null → future: a reader that finds no buffered bytes, or a writer, starts a transfer.
 *   <li>future → null: the first caller that finds the future completed. For a read it publishes
 *       the bytes in {@code bytes}; at the end of the stream the future stays, so that later
 *       readers see the end too.
 *   <li>{@link #close} completes a pending future exceptionally, and a pool thread closes the
 *       stream.
 * </ul>
 */
public final class NioPipe implements PipeHandle {
  private static final int CAPACITY = 8192;

  /** How long {@link #available} waits for a transfer to deliver bytes that have arrived. */
  private static final long MAX_DELIVERY_NANOS = 100_000_000;

  /**
   * How many jobs of other pool threads {@link #available} waits for after that. The kernel has
   * made the transfer's thread ready before them, so on a loaded machine they take longer, too.
   */
  private static final int LATER_JOBS = 20;

  private static final Executor THREADS =
      Executors.newCachedThreadPool(
          Thread.ofPlatform()
              .daemon()
              .inheritInheritableThreadLocals(false)
              .name("goasync-pipe-", 1)
              .factory());

  private interface Transfer {
    int run() throws IOException;
  }

  private final String name;
  private final @Nullable InputStream input;
  private final @Nullable OutputStream output;
  private final Executor threads;

  // Guarded by this.
  private final ByteBuffer bytes = ByteBuffer.allocate(CAPACITY).limit(0);
  private @Nullable CompletableFuture<Integer> transfer;
  private boolean closed;

  public NioPipe(InputStream input, String name) {
    this(input, name, THREADS);
  }

  NioPipe(InputStream input, String name, Executor threads) {
    this.name = name;
    this.input = input;
    this.output = null;
    this.threads = threads;
  }

  public NioPipe(OutputStream output, String name) {
    this.name = name;
    this.input = null;
    this.output = output;
    this.threads = THREADS;
  }

  // ---- reading ----

  @Override
  public int read(ByteBuffer target) throws IOException {
    while (awaitBytes(target.hasRemaining())) {
      synchronized (this) {
        checkOpen();
        if (bytes.hasRemaining() || !target.hasRemaining()) { // else another reader was faster
          return take(target);
        }
      }
    }
    return -1;
  }

  /** Waits, if {@code wanted}, until there are bytes; returns false at the end of the stream. */
  private boolean awaitBytes(boolean wanted) throws IOException {
    InputStream from = input();
    Fiber fiber = Fiber.current();
    if (fiber != null) {
      fiber.checkCancelled();
    }
    CompletableFuture<Integer> received;
    synchronized (this) {
      checkOpen();
      if (bytes.hasRemaining() || !wanted) {
        return true;
      }
      received = transfer != null ? transfer : begin(() -> from.read(bytes.array()));
    }
    FutureWait.await(received, Poller.FOREVER, "bytes from " + name);
    return arrived(received) >= 0;
  }

  /** Waits until a read would not wait. */
  public void awaitReadable() throws IOException {
    awaitBytes(true);
  }

  /** Returns whether a read would not wait: bytes are buffered, or the end was reached. */
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

  /** Takes over the result of a completed read, whose bytes are available from now on. */
  private synchronized int arrived(CompletableFuture<Integer> over) throws IOException {
    int count = result(over);
    if (transfer == over && count >= 0) { // the end stays, for later readers
      transfer = null;
      bytes.position(0).limit(count);
    }
    return count;
  }

  /**
   * A transfer may be about to deliver bytes that have arrived, so this waits for it. The full time
   * passes only if another process has the pipe open and does not write.
   */
  @Override
  public int available() throws IOException {
    InputStream from = input();
    CompletableFuture<Integer> received;
    synchronized (this) {
      checkOpen();
      received = transfer;
    }
    if (received != null) {
      if (!isDelivered(received) || arrived(received) < 0) {
        return 0;
      }
    }
    synchronized (this) {
      checkOpen();
      return bytes.remaining() + (transfer == null ? from.available() : 0);
    }
  }

  private boolean isDelivered(CompletableFuture<Integer> received) throws IOException {
    String what = "bytes from " + name;
    boolean delivered = FutureWait.await(received, MAX_DELIVERY_NANOS, what);
    for (int i = 0; i < LATER_JOBS && !delivered; i++) {
      FutureWait.await(CompletableFuture.runAsync(() -> {}, threads), Poller.FOREVER, what);
      delivered = received.isDone();
    }
    return delivered;
  }

  /** Returns the stream and closes this pipe: a copying thread uses the stream from now on. */
  InputStream takeOverInput() throws IOException {
    InputStream taken = input();
    takeOver();
    return taken;
  }

  /** Returns the stream and closes this pipe: a copying thread uses the stream from now on. */
  OutputStream takeOverOutput() throws IOException {
    OutputStream taken = output();
    takeOver();
    return taken;
  }

  private synchronized void takeOver() throws ClosedChannelException {
    checkOpen();
    if (transfer != null || bytes.hasRemaining()) {
      throw new IllegalStateException(
          name + " is in use or has buffered bytes; redirect it before the first read or write");
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
          begin(() -> {
            to.write(taken);
            to.flush();
            return taken.length;
          });
    }
    try {
      FutureWait.await(written, Poller.FOREVER, "room at " + name);
    } catch (CancellationException | InterruptedIOException left) {
      return taken.length; // the pool thread writes them
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

  /**
   * Waits until the previous write is complete. A write may still wait until the other process
   * reads.
   */
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
    threads.execute(() -> {
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
      default -> throw new IllegalStateException("the transfer is not complete");
    };
  }

  /** The JDK closes the output when the process ends, and reports only a closed stream. */
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

  /** Closing the stream may wait for a blocked write, so a pool thread does it then. */
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
      threads.execute(() -> closeQuietly(stream));
    }
  }

  /** All bytes were flushed, so the only possible failure is that the reader has ended. */
  private static void closeQuietly(Closeable stream) {
    try {
      stream.close();
    } catch (IOException otherEndGone) {
      // no process reads the bytes that are lost
    }
  }

  /** Copies {@code from} to {@code to} on a pool thread until either end is closed. */
  static void copyInBackground(InputStream from, OutputStream to) {
    THREADS.execute(() -> {
      byte[] some = new byte[CAPACITY];
      try (from;
          to) {
        for (int count; (count = from.read(some)) >= 0; ) {
          to.write(some, 0, count);
          to.flush();
        }
      } catch (IOException otherEndGone) {
        // the writing process gets a broken pipe
      }
    });
  }

  @Override
  public String toString() {
    return name;
  }
}
