package dev.goasync.file;

import dev.goasync.GoAsync;
import dev.goasync.internal.platform.FileHandle;
import dev.goasync.internal.platform.Targets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One transfer of bytes between a file and a channel. */
final class FileTransfer {
  private static final int CHUNK = 64 * 1024;
  static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final FileHandle from;

  /** Reads a file without positions, such as a pipe; null if the file has positions. */
  private final @Nullable ReadableByteChannel sequential;

  private final long position;
  private final long count;
  private final WritableByteChannel target;

  /** The target's handle for a copy inside the kernel; null if the kernel cannot do it. */
  private @Nullable Object endpoint;

  private final LongConsumer progress;
  private long copied;
  private @Nullable CancellationException cancellation;

  /** Bytes that were read and not yet written. */
  private ByteBuffer chunk = NOTHING;

  FileTransfer(
      FileHandle from,
      ReadableByteChannel file,
      long position,
      long count,
      WritableByteChannel target,
      @Nullable Object endpoint,
      LongConsumer progress)
      throws IOException {
    this.from = from;
    this.sequential = from.isSeekable() ? null : file;
    this.position = position;
    this.count = count;
    this.target = target;
    this.endpoint = sequential == null ? endpoint : null;
    this.progress = progress;
  }

  /**
   * Limits a count to the bytes that the file has now. Pipes and the files of /proc have no size;
   * their count is not limited.
   */
  static long bounded(FileHandle from, long position, long count) throws IOException {
    long size = from.size();
    if (size == 0 && position == 0) {
      return count;
    }
    return Math.max(0, Math.min(count, size - position));
  }

  static void requireNotNegative(long value, String what) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " is negative: " + value);
    }
  }

  /** The remaining lines; failed reads throw UncheckedIOException. */
  static Stream<String> lines(AsyncFile file) {
    return Stream.iterate(nextLine(file), Objects::nonNull, _ -> nextLine(file))
        .map(Objects::requireNonNull);
  }

  private static @Nullable String nextLine(AsyncFile file) {
    try {
      return file.readLine();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Throws unless the file is open for reading and the target is open. */
  static void requireReadable(FileHandle file, Channel target) throws IOException {
    file.read(NOTHING.duplicate());
    requireOpen(target);
  }

  static void requireOpen(Channel channel) throws ClosedChannelException {
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
  }

  /** Fills buffers in their order; returns the count, or -1 at the end of the file. */
  static long scatter(AsyncFile file, ByteBuffer[] targets, int offset, int length)
      throws IOException {
    Objects.checkFromIndexSize(offset, length, targets.length);
    for (int i = offset; i < offset + length; i++) {
      Targets.requireWritable(targets[i]);
    }
    long got = 0;
    try {
      for (int i = offset; i < offset + length; i++) {
        while (targets[i].hasRemaining()) {
          int count = file.read(targets[i]);
          if (count < 0) {
            return got == 0 ? count : got;
          }
          got += count;
        }
      }
      return got;
    } catch (IOException | CancellationException ended) {
      if (got == 0) {
        throw ended;
      }
      return got; // the next read throws
    }
  }

  /** Runs the transfer and returns the number of bytes copied. */
  long run() throws IOException {
    long step;
    do {
      try {
        step = step();
      } catch (CancellationException cancelled) {
        if (copied == 0) {
          throw cancelled;
        }
        cancellation = cancelled;
        return copied;
      } catch (IOException failed) {
        throw PartialProgress.after(copied, "bytes were copied", failed);
      }
      if (step > 0) {
        copied += step;
        progress.accept(copied);
      }
    } while (step > 0 && copied < count);
    return copied;
  }

  /** Throws if {@link #run} ended early because of a cancel. */
  void checkNotCancelled() {
    if (cancellation != null) {
      throw PartialProgress.after(copied, "bytes were copied", cancellation);
    }
  }

  /** Copies some bytes; returns 0 at the end of the file or if the target accepts none. */
  private long step() throws IOException {
    Object direct = endpoint;
    if (direct != null && copied < count) {
      long step = from.transferTo(position + copied, count - copied, direct);
      if (step != FileHandle.NOT_TRANSFERRED) {
        return step;
      }
      endpoint = null;
    }
    if (!chunk.hasRemaining()) {
      int wanted = (int) Math.min(count - copied, CHUNK);
      chunk = chunk == NOTHING ? ByteBuffer.allocate(wanted) : chunk.clear();
      chunk.limit(Math.min(wanted, chunk.capacity()));
      int read = sequential == null ? from.read(chunk, position + copied) : sequential.read(chunk);
      chunk.flip();
      if (read < 0) {
        return 0;
      }
    }
    return target.write(chunk);
  }

  /** Copies bytes from a channel; what was read from it is written despite a cancel. */
  static long from(ReadableByteChannel source, AsyncFile file, long position, long count)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count, CHUNK));
    long copied = 0;
    while (copied < count) {
      chunk.clear().limit((int) Math.min(count - copied, CHUNK));
      int read;
      try {
        read = source.read(chunk);
      } catch (CancellationException cancelled) {
        if (copied == 0) {
          throw cancelled;
        }
        return copied;
      }
      if (read <= 0) {
        return copied;
      }
      long at = position + copied;
      chunk.flip();
      try {
        GoAsync.<IOException>shielded(() -> writeAll(file, chunk, at));
      } catch (IOException failed) {
        throw PartialProgress.after(copied + chunk.position(), "bytes were copied", failed);
      }
      copied += read;
    }
    return copied;
  }

  private static void writeAll(AsyncFile file, ByteBuffer chunk, long at) throws IOException {
    while (chunk.hasRemaining()) {
      file.write(chunk, at + chunk.position());
    }
  }
}
