package dev.goasync.internal.nio.file;

import dev.goasync.internal.nio.io.Transfers;
import dev.goasync.internal.platform.FileHandle;
import dev.goasync.internal.worker.Workers;
import dev.goasync.internal.worker.Workers.Duration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A file by the JDK's channel. All its operations run on {@link Workers}, plain threads' too: an
 * interrupt, which may come at any time, closes a channel under an operation of the interrupted
 * thread.
 */
public final class NioFile implements FileHandle {
  private static final Workers WORKERS = Workers.OF_IO;

  /** Most bytes of one transfer: so long a cancel may have to wait, at the speed of a disk. */
  private static final long MAX_COPIED = 8 << 20;

  private final Path path;
  private final Duration duration;
  private final FileChannel input;

  /**
   * The same channel, unless the file is a pipe or a device opened to read and write: a channel
   * lets nobody write while somebody reads at its position, perhaps without end.
   */
  private final FileChannel output;

  /** By where they begin, since they don't overlap. */
  private final Map<Long, FileLock> locks = new ConcurrentHashMap<>();

  private NioFile(Path path, Duration duration, FileChannel input, FileChannel output) {
    this.path = path;
    this.duration = duration;
    this.input = input;
    this.output = output;
  }

  public static NioFile open(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    for (OpenOption option : options) {
      Objects.requireNonNull(option, "option");
    }
    if (path.getFileSystem() != FileSystems.getDefault()) {
      throw new ProviderMismatchException(path + " is no path of the machine's file system");
    }
    String what = "the opening of " + path;
    NioFile opened =
        WORKERS.run(Duration.BOUNDED, what, () -> openUnlessPipe(path, options, attributes));
    return opened != null
        ? opened
        : WORKERS.run(Duration.UNBOUNDED, what, () -> openPipe(path, options));
  }

  /** Null if the opening may wait without end, for the other end of a pipe. */
  private static @Nullable NioFile openUnlessPipe(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    if (isPipeOrDevice(path)) {
      return null;
    }
    FileChannel channel = FileChannel.open(path, options, attributes);
    return new NioFile(path, Duration.BOUNDED, channel, channel);
  }

  private static boolean isPipeOrDevice(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).isOther();
    } catch (IOException unknown) {
      return false; // the opening will say why
    }
  }

  private static NioFile openPipe(Path path, Set<? extends OpenOption> options) throws IOException {
    FileChannel channel = FileChannel.open(path, options);
    FileChannel output = channel;
    if (options.contains(StandardOpenOption.READ) && options.contains(StandardOpenOption.WRITE)) {
      try {
        output = FileChannel.open(path, StandardOpenOption.WRITE);
      } catch (IOException failed) {
        channel.close();
        throw failed;
      }
    }
    return new NioFile(path, Duration.UNBOUNDED, channel, output);
  }

  private <R extends @Nullable Object> R run(Duration howLong, String verb, Workers.Call<R> call)
      throws IOException {
    return WORKERS.run(howLong, verb + path, naming(call));
  }

  /** The channel's plain exceptions don't say which file it was. */
  private <R extends @Nullable Object> Workers.Call<R> naming(Workers.Call<R> call) {
    return () -> {
      try {
        return call.run();
      } catch (IOException thrown) {
        throw thrown.getClass() == IOException.class
            ? new FileSystemException(path.toString(), null, thrown.getMessage())
            : thrown;
      }
    };
  }

  private int read(ByteBuffer target, Workers.Call<Integer> call) throws IOException {
    if (target.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    return transfer(target, "bytes from ", call);
  }

  private int transfer(ByteBuffer buffer, String verb, Workers.Call<Integer> call)
      throws IOException {
    int limit = Transfers.limit(buffer);
    try {
      return run(duration, verb, call);
    } finally {
      buffer.limit(limit);
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return read(target, () -> input.read(target));
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    requireNotNegative(position, "position");
    return read(target, () -> input.read(target, position));
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return transfer(source, "room to write to ", () -> output.write(source));
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    requireNotNegative(position, "position");
    return transfer(source, "room to write to ", () -> output.write(source, position));
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    return run(duration, "room to write to ", () -> output.write(sources, offset, length));
  }

  @Override
  public long transferTo(long position, long count, Object target) throws IOException {
    if (!(target instanceof NioFile file) || file == this || file.duration == Duration.UNBOUNDED) {
      return NOT_TRANSFERRED;
    }
    long wanted = Math.min(count, MAX_COPIED);
    return run(
        duration,
        "the transfer to " + file.path + " of ",
        () -> input.transferTo(position, wanted, file.output));
  }

  @Override
  public boolean isSeekable() throws IOException {
    return WORKERS.runUncancellable(
        Duration.BOUNDED,
        "the position of " + path,
        () -> {
          try {
            return duration == Duration.BOUNDED && input.position() >= 0;
          } catch (ClosedChannelException closed) {
            throw closed;
          } catch (IOException hasNone) {
            return false;
          }
        });
  }

  @Override
  public long position() throws IOException {
    return WORKERS.runUncancellable(
        Duration.BOUNDED, "the position of " + path, naming(input::position));
  }

  @Override
  public void position(long newPosition) throws IOException {
    requireNotNegative(newPosition, "position");
    WORKERS.runUncancellable(
        Duration.BOUNDED, "the position of " + path, naming(() -> input.position(newPosition)));
  }

  @Override
  public long size() throws IOException {
    return run(Duration.BOUNDED, "the attributes of ", input::size);
  }

  @Override
  public void truncate(long size) throws IOException {
    requireNotNegative(size, "size");
    run(Duration.BOUNDED, "the cutting of ", () -> input.truncate(size));
  }

  /** The JDK cannot reserve space, but can write to it, behind the end at least. */
  @Override
  public void allocate(long offset, long length) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(Transfers.MAX_OF_HEAP);
    write(zeros.duplicate().limit(0), 0); // refuses what is not open for writing
    long end = offset + length;
    for (long at = Math.max(offset, size()); at < end; ) {
      at += write(zeros.clear().limit((int) Math.min(zeros.capacity(), end - at)), at);
    }
  }

  /** The JDK has no such thing. */
  @Override
  public void advise(long offset, long length, int advice) throws IOException {
    if (!input.isOpen()) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public boolean tryLock(long position, long size, boolean shared) throws IOException {
    return run(
        Duration.BOUNDED,
        "a lock of ",
        () -> {
          try {
            FileLock lock = input.tryLock(position, size, shared);
            if (lock != null) {
              locks.put(position, lock);
            }
            return lock != null;
          } catch (OverlappingFileLockException heldByAnotherChannel) {
            return false;
          }
        });
  }

  @Override
  public void unlock(long position, long size) throws IOException {
    FileLock lock = locks.remove(position);
    if (lock != null) {
      lock.release();
    }
  }

  @Override
  public void force(boolean metadata) throws IOException {
    run(
        Duration.BOUNDED,
        "the device to have ",
        () -> {
          input.force(metadata);
          return null;
        });
  }

  @Override
  public void close() throws IOException {
    if (!input.isOpen()) {
      return;
    }
    WORKERS.runUncancellable(
        Duration.BOUNDED,
        "the closing of " + path,
        () -> {
          try (input;
              output) {
            return null;
          }
        });
  }

  private static void requireNotNegative(long value, String what) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " is negative: " + value);
    }
  }
}
