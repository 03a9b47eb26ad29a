package dev.goasync.internal.nio.file;

import dev.goasync.internal.nio.io.Transfers;
import dev.goasync.internal.platform.FileHandle;
import dev.goasync.internal.worker.Workers;
import dev.goasync.internal.worker.Workers.Duration;
import java.io.IOException;
import java.nio.ByteBuffer;
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
 * A file over a JDK {@link FileChannel}. All operations run on {@link Workers}, also those of plain
 * threads: an interrupt of a thread inside a channel operation would close the channel.
 */
public final class NioFile implements FileHandle {
  private static final Workers WORKERS = Workers.OF_IO;

  /** The maximum of one transfer: a cancel may have to wait until a disk has written as much. */
  private static final long MAX_COPIED = 8 << 20;

  private final Path path;
  private final Duration duration;
  private final FileChannel input;

  /**
   * The same channel, or a second one for a pipe or device that was opened to read and write: a
   * channel blocks writers while a reader waits at its position.
   */
  private final FileChannel output;

  /** By their position, which is unique since locks do not overlap. */
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
      throw new ProviderMismatchException(path + " is not a path of the default file system");
    }
    String what = "the opening of " + path;
    NioFile opened =
        WORKERS.run(Duration.BOUNDED, what, () -> openUnlessPipe(path, options, attributes));
    return opened != null
        ? opened
        : WORKERS.run(Duration.UNBOUNDED, what, () -> openPipe(path, options));
  }

  /**
   * Wraps an open channel.
   *
   * @param duration how long a read may take
   */
  static NioFile of(Path path, Duration duration, FileChannel channel) {
    return new NioFile(path, duration, channel, channel);
  }

  /** Returns null for a pipe or device, whose opening may wait without a limit for a peer. */
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
      return false; // opening the file throws the reason
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

  private <R extends @Nullable Object> R run(Duration length, String verb, Workers.Call<R> call)
      throws IOException {
    return WORKERS.run(length, verb + path, withPath(call));
  }

  /** Adds the path to the channel's plain IOExceptions. */
  private <R extends @Nullable Object> Workers.Call<R> withPath(Workers.Call<R> call) {
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
    return transfer(target, "bytes from ", () -> input.read(target));
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    requireNotNegative(position, "position");
    return transfer(target, "bytes from ", () -> input.read(target, position));
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
        Duration.BOUNDED, "the position of " + path, withPath(input::position));
  }

  @Override
  public void position(long newPosition) throws IOException {
    checkOpen();
    requireNotNegative(newPosition, "position");
    WORKERS.runUncancellable(
        Duration.BOUNDED, "the position of " + path, withPath(() -> input.position(newPosition)));
  }

  @Override
  public long size() throws IOException {
    return run(Duration.BOUNDED, "the attributes of ", input::size);
  }

  /** Those of the path, since the JDK cannot ask for those of an open file. */
  @Override
  public BasicFileAttributes attributes() throws IOException {
    if (!input.isOpen()) {
      throw new ClosedChannelException();
    }
    return run(
        Duration.BOUNDED,
        "the attributes of ",
        () -> Files.readAttributes(path, BasicFileAttributes.class));
  }

  @Override
  public void truncate(long size) throws IOException {
    checkOpen();
    requireNotNegative(size, "size");
    run(Duration.BOUNDED, "the truncation of ", () -> input.truncate(size));
  }

  /** Writes zeros beyond the end, since the JDK cannot reserve space. */
  @Override
  public void allocate(long offset, long length) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(Transfers.MAX_OF_HEAP);
    write(zeros.duplicate().limit(0), 0); // throws if the file is not open for writing
    long end = offset + length;
    for (long at = Math.max(offset, size()); at < end; ) {
      at += write(zeros.clear().limit((int) Math.min(zeros.capacity(), end - at)), at);
    }
  }

  /** Does nothing: the JDK has no such call. */
  @Override
  public void advise(long offset, long length, int advice) throws IOException {
    checkOpen();
  }

  private void checkOpen() throws ClosedChannelException {
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
        "the device to store ",
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
