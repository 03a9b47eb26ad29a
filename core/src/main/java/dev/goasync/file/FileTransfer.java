package dev.goasync.file;

import dev.goasync.GoAsync;
import dev.goasync.internal.platform.FileHandle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One way of bytes between a file and a channel. */
final class FileTransfer {
  private static final int CHUNK = 64 * 1024;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final FileHandle from;
  private final long position;
  private final long count;
  private final WritableByteChannel target;

  /** Null when there is no way inside the kernel, or none any more. */
  private @Nullable Object endpoint;

  private final LongConsumer progress;
  private long moved;
  private @Nullable CancellationException cut;

  /** Bytes that were read and not written yet. */
  private ByteBuffer chunk = NOTHING;

  FileTransfer(
      FileHandle from,
      long position,
      long count,
      WritableByteChannel target,
      @Nullable Object endpoint,
      LongConsumer progress) {
    this.from = from;
    this.position = position;
    this.count = count;
    this.target = target;
    this.endpoint = endpoint;
    this.progress = progress;
  }

  /** Returns how many bytes were moved. */
  long run() throws IOException {
    long step;
    do {
      try {
        step = step();
      } catch (CancellationException cancelled) {
        if (moved == 0) {
          throw cancelled;
        }
        cut = cancelled;
        return moved;
      } catch (IOException failed) {
        throw PartialProgress.after(moved, "bytes had been moved", failed);
      }
      if (step > 0) {
        moved += step;
        progress.accept(moved);
      }
    } while (step > 0 && moved < count);
    return moved;
  }

  /** Throws if {@link #run} returned early since it was cancelled. */
  void checkNotCancelled() {
    if (cut != null) {
      throw PartialProgress.after(moved, "bytes had been moved", cut);
    }
  }

  /** Moves some; 0 if the file ends, or the target takes nothing now. */
  private long step() throws IOException {
    Object direct = endpoint;
    if (direct != null && moved < count) {
      long step = from.transferTo(position + moved, count - moved, direct);
      if (step != FileHandle.NOT_TRANSFERRED) {
        return step;
      }
      endpoint = null;
    }
    if (!chunk.hasRemaining()) {
      int wanted = (int) Math.min(count - moved, CHUNK);
      chunk = chunk == NOTHING ? ByteBuffer.allocate(wanted) : chunk.clear();
      chunk.limit(Math.min(wanted, chunk.capacity()));
      int read = from.read(chunk, position + moved);
      chunk.flip();
      if (read < 0) {
        return 0;
      }
    }
    return target.write(chunk);
  }

  /** Moves bytes from a channel, which gives each of them once. */
  static long from(ReadableByteChannel source, AsyncFile file, long position, long count)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count, CHUNK));
    long moved = 0;
    while (moved < count) {
      chunk.clear().limit((int) Math.min(count - moved, CHUNK));
      int read;
      try {
        read = source.read(chunk);
      } catch (CancellationException cancelled) {
        if (moved == 0) {
          throw cancelled;
        }
        return moved;
      }
      if (read <= 0) {
        return moved;
      }
      long at = position + moved;
      chunk.flip();
      try {
        GoAsync.<IOException>shielded(() -> writeAll(file, chunk, at));
      } catch (IOException failed) {
        throw PartialProgress.after(moved + chunk.position(), "bytes had been moved", failed);
      }
      moved += read;
    }
    return moved;
  }

  private static void writeAll(AsyncFile file, ByteBuffer chunk, long at) throws IOException {
    while (chunk.hasRemaining()) {
      file.write(chunk, at + chunk.position());
    }
  }
}
