package dev.goasync.file;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.FileHandle;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An open file. In a coroutine each operation pauses the coroutine; on any other thread it blocks
 * the thread.
 *
 * <pre>{@code
 * try (var file = AsyncFile.open(Path.of("notes.txt"))) {
 *   for (String line; (line = file.readLine()) != null; ) {
 *     System.out.println(line);
 *   }
 * }
 * }</pre>
 *
 * <p><b>Position.</b> A file has one position, in bytes from its beginning, that the operations
 * without a {@code position} argument start at and move. {@link #readLine} and the other reads of
 * text read ahead; that does not show, since {@link #position()} counts what was returned, and
 * writing, moving the position or truncating first gives back what was read ahead. What cannot go
 * back, such as a pipe, keeps it for the next read.
 *
 * <p><b>Threads.</b> Operations with a {@code position} argument may run at once, from any threads
 * and coroutines. Of those that use the file's own position, one at a time; a second reader that
 * comes meanwhile may get an {@link IllegalStateException}.
 *
 * <p><b>Errors.</b> {@link IOException} and the JDK's own subclasses, with the path in the message;
 * {@link java.nio.channels.ClosedChannelException} after {@link #close}, and {@link
 * java.nio.channels.AsynchronousCloseException} if closed meanwhile by another; {@link
 * java.nio.channels.NonReadableChannelException} and {@link
 * java.nio.channels.NonWritableChannelException} if not opened for it.
 *
 * <p><b>Cancellation.</b> An operation of a cancelled coroutine throws {@link
 * java.util.concurrent.CancellationException} when nothing has happened, and returns what has; the
 * file stays open and nothing is lost. What has begun on a disk is waited for. {@link #close}
 * always closes.
 *
 * <p><b>Other readers and writers.</b> Code for a {@link SeekableByteChannel} takes a file as it
 * is. Text of another charset is read by {@code new BufferedReader(Channels.newReader(file, cs))},
 * and binary data by {@code new DataInputStream(new BufferedInputStream(file.inputStream()))}; what
 * such a reader has read ahead, {@link #position()} does not know of.
 */
public final class AsyncFile extends ByteStream implements SeekableByteChannel {
  /**
   * What a file that was opened with {@code ExtendedOpenOption.DIRECT} asks of positions, counts
   * and buffers: that they are multiples of this many bytes. Some devices are content with less.
   */
  public static final int DIRECT_ALIGNMENT = 4096;

  private final FileHandle handle;
  private final Path path;
  private final FileLocks locks;

  private AsyncFile(FileHandle handle, Path path) {
    super(handle::read);
    this.handle = handle;
    this.path = path;
    this.locks = new FileLocks(this, handle);
  }

  /**
   * Opens or creates a file.
   *
   * @param options as {@link java.nio.channels.FileChannel#open(Path, OpenOption...)} takes them;
   *     none means to read. With {@code ExtendedOpenOption.DIRECT} whole blocks must be read and
   *     written ({@link #DIRECT_ALIGNMENT}), so no lines and texts; a heap buffer's bytes go by
   *     aligned memory that is kept for that, those of {@link #allocateAligned} go as they are
   * @throws java.nio.file.NoSuchFileException if there is none and it shall not be created
   * @throws java.nio.file.FileAlreadyExistsException if it shall be new and is not
   * @throws java.nio.file.AccessDeniedException if it may not be opened so
   * @throws java.nio.file.FileSystemException for any other reason, which it gives
   * @throws IllegalArgumentException if the options contradict each other
   * @throws UnsupportedOperationException if an option is unknown, or this machine has no way to do
   *     I/O
   */
  public static AsyncFile open(Path path, OpenOption... options) throws IOException {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(options, "options");
    Set<OpenOption> set = HashSet.newHashSet(options.length);
    for (OpenOption option : options) {
      set.add(Objects.requireNonNull(option, "option"));
    }
    return open(path, set);
  }

  /**
   * Like {@link #open(Path, OpenOption...)}, with attributes for a new file.
   *
   * <pre>{@code
   * var secret = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
   * AsyncFile.open(path, Set.of(CREATE_NEW, WRITE), secret);
   * }</pre>
   *
   * @throws UnsupportedOperationException if an attribute cannot be set at once
   */
  public static AsyncFile open(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(attributes, "attributes");
    return new AsyncFile(Backends.platform().openFile(path, options, attributes), path);
  }

  /**
   * Takes over a file, a pipe or a device that is open already: one that was handed to the program
   * when it was started, say. From now on it is closed by {@link #close}, and by nobody else. It is
   * closed when a program is started ({@code FD_CLOEXEC}).
   *
   * <pre>{@code
   * try (var file = AsyncFile.ofDescriptor(3)) {     // java ... 3< notes.txt
   *   System.out.println(file.readAll());
   * }
   * }</pre>
   *
   * <p>What others have open by the same opening, they share: the position, and whether a pipe
   * blocks, which is set as the backend needs it. {@link #path} is what the kernel calls it.
   *
   * @throws IllegalArgumentException if {@code fd} is negative, or no file; the message says what
   *     it is, and it stays open
   * @throws IOException if no such descriptor is open
   * @throws UnsupportedOperationException on a backend that knows no descriptors: {@code nio}
   */
  public static AsyncFile ofDescriptor(int fd) throws IOException {
    FileHandle handle = Backends.platform().openDescriptor(fd).toFile();
    return new AsyncFile(handle, Path.of(handle.toString()));
  }

  /**
   * A direct buffer that begins at a multiple of {@link #DIRECT_ALIGNMENT}.
   *
   * @throws IllegalArgumentException if {@code capacity} is negative
   */
  public static ByteBuffer allocateAligned(int capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException("capacity is negative: " + capacity);
    }
    ByteBuffer memory = ByteBuffer.allocateDirect(Math.addExact(capacity, DIRECT_ALIGNMENT - 1));
    int past = memory.alignmentOffset(0, DIRECT_ALIGNMENT);
    return memory.slice(past == 0 ? 0 : DIRECT_ALIGNMENT - past, capacity);
  }

  /**
   * Reads at {@code position}; the file's own stays.
   *
   * @return the count, or -1 if the file ends there or before
   * @throws IllegalArgumentException if {@code position} is negative
   */
  public int read(ByteBuffer target, long position) throws IOException {
    Objects.requireNonNull(target, "target");
    return handle.read(target, position);
  }

  /**
   * Writes at the file's position, or at its end if it was opened to append; perhaps not all.
   *
   * @return how many bytes were written
   */
  @Override
  public int write(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    giveBackReadAhead();
    return handle.write(source);
  }

  /** Writes what fits of the buffers in one go, like {@link #write(ByteBuffer)}. */
  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, sources.length);
    giveBackReadAhead();
    return handle.write(sources, offset, length);
  }

  /**
   * Writes all that remains in {@code source}, whose position tells how much was written if that
   * ends half-way. So does the exception: a {@link FileSystemException} in its message, any other
   * by a suppressed {@link InterruptedIOException}.
   */
  @Override
  public void writeAll(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    int wanted = source.remaining();
    try {
      super.writeAll(source);
    } catch (IOException failed) {
      throw PartialProgress.after(wanted - source.remaining(), "bytes were written", failed);
    } catch (CancellationException cancelled) {
      throw PartialProgress.after(wanted - source.remaining(), "bytes were written", cancelled);
    }
  }

  /**
   * Writes at {@code position}, perhaps not all; the file's own position stays. Linux appends all
   * the same if the file was opened to append.
   *
   * @return how many bytes were written
   * @throws IllegalArgumentException if {@code position} is negative
   */
  public int write(ByteBuffer source, long position) throws IOException {
    Objects.requireNonNull(source, "source");
    return handle.write(source, position);
  }

  /**
   * The lines that follow, in UTF-8, read as the stream is gone through; the file stays open behind
   * it. What fails throws {@link UncheckedIOException}.
   *
   * <pre>{@code
   * long errors = file.lines().filter(line -> line.startsWith("ERROR")).count();
   * }</pre>
   */
  public Stream<String> lines() {
    return Stream.iterate(nextLine(), Objects::nonNull, _ -> nextLine())
        .map(Objects::requireNonNull);
  }

  private @Nullable String nextLine() {
    try {
      return readLine();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * Like {@link #transferTo(long, long, WritableByteChannel, LongConsumer)}, without reports.
   *
   * @return how many bytes were moved; less than {@code count} if the file ends before
   */
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return transferTo(position, count, target, _ -> {});
  }

  /**
   * Moves bytes from {@code position} to another file, at its own position, to a socket or any
   * other channel, until so many are there or the file ends; this file's position stays. To files
   * and sockets of the library they go inside the kernel, where it has a way.
   *
   * <pre>{@code
   * file.transferTo(0, file.size(), socket, moved -> bar.show(moved));
   * }</pre>
   *
   * <p>If it is cancelled half-way, it returns what has been moved; if it fails, the exception says
   * so as that of {@link #writeAll(ByteBuffer)} does.
   *
   * @param count {@link Long#MAX_VALUE} for all to the end
   * @param progress told how many bytes have been moved so far, by the caller's coroutine or thread
   * @return how many bytes were moved
   * @throws IllegalArgumentException if {@code position} or {@code count} is negative
   * @throws java.nio.channels.NonWritableChannelException if the target was not opened for writing
   */
  public long transferTo(
      long position, long count, WritableByteChannel target, LongConsumer progress)
      throws IOException {
    requireNotNegative(position, "position");
    requireNotNegative(count, "count");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(progress, "progress");
    if (target instanceof AsyncFile file) {
      file.giveBackReadAhead();
    }
    return new FileTransfer(handle, position, count, target, endpointOf(target), progress).run();
  }

  /** Moves all bytes; if it is cancelled half-way, throws all the same. */
  void transferAll(AsyncFile target, LongConsumer progress) throws IOException {
    FileTransfer transfer =
        new FileTransfer(handle, 0, Long.MAX_VALUE, target, target.endpoint(), progress);
    transfer.run();
    transfer.checkNotCancelled();
  }

  /**
   * Moves bytes from a channel to {@code position}, until so many are there or the channel ends;
   * this file's position stays. What was taken from the channel is written, even if the coroutine
   * is cancelled meanwhile.
   *
   * @return how many bytes were moved
   * @throws IllegalArgumentException if {@code position} or {@code count} is negative
   */
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    Objects.requireNonNull(source, "source");
    requireNotNegative(position, "position");
    requireNotNegative(count, "count");
    handle.write(ByteBuffer.allocate(0), position); // refuses before anything is taken
    return FileTransfer.from(source, this, position, count);
  }

  @Override
  protected Object endpoint() {
    return handle;
  }

  /**
   * Reserves space for {@code length} bytes from {@code offset} on, so that writing them cannot
   * fail for want of it; the file grows if it ends before. Without an asynchronous form: a worker
   * does it for a coroutine.
   *
   * @throws FileSystemException if there is no such space, or the file system cannot reserve any
   * @throws IllegalArgumentException if {@code offset} is negative or {@code length} not positive
   */
  public void allocate(long offset, long length) throws IOException {
    requireNotNegative(offset, "offset");
    if (length <= 0 || offset + length < 0) {
      throw new IllegalArgumentException("length is not positive, or too large: " + length);
    }
    handle.allocate(offset, length);
  }

  /**
   * Says how a part of the file will be used, so that the system reads ahead or forgets.
   *
   * @param length 0 for all that comes
   * @throws IllegalArgumentException if {@code offset} or {@code length} is negative
   */
  public void advise(Advice advice, long offset, long length) throws IOException {
    Objects.requireNonNull(advice, "advice");
    requireNotNegative(offset, "offset");
    requireNotNegative(length, "length");
    handle.advise(offset, length, advice.number);
  }

  /** Waits for an exclusive lock of the whole file; see {@link #lock(long, long, boolean)}. */
  public AsyncFileLock lock() throws IOException {
    return lock(0, Long.MAX_VALUE, false);
  }

  /**
   * Waits for a lock of a part of the file, which keeps out other programs that lock, and others in
   * this one that have opened the same file.
   *
   * <pre>{@code
   * try (var lock = file.lock()) {
   *   file.writeAll(entry);
   * }
   * }</pre>
   *
   * <p>The wait is a look every few milliseconds: it can be cancelled, and blocks no loop.
   *
   * @param size 0 for all from {@code position} on
   * @param shared whether others may share it; else nobody
   * @throws java.nio.channels.OverlappingFileLockException if this very object holds a lock there,
   *     or waits for one
   * @throws java.nio.channels.FileLockInterruptionException if the plain thread is interrupted
   * @throws java.nio.channels.NonReadableChannelException if it is to be shared and the file was
   *     not opened for reading
   * @throws java.nio.channels.NonWritableChannelException if it is not to be shared and the file
   *     was not opened for writing
   * @throws IllegalArgumentException if {@code position} or {@code size} is negative, or their sum
   */
  public AsyncFileLock lock(long position, long size, boolean shared) throws IOException {
    return locks.lock(position, size, shared);
  }

  /** Like {@link #tryLock(long, long, boolean)}, for an exclusive lock of the whole file. */
  public @Nullable AsyncFileLock tryLock() throws IOException {
    return tryLock(0, Long.MAX_VALUE, false);
  }

  /**
   * Like {@link #lock(long, long, boolean)}, without waiting.
   *
   * @return the lock, or null if somebody else has one there
   */
  public @Nullable AsyncFileLock tryLock(long position, long size, boolean shared)
      throws IOException {
    return locks.tryLock(position, size, shared);
  }

  private static void requireNotNegative(long value, String what) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " is negative: " + value);
    }
  }

  /** The file's size in bytes. */
  @Override
  public long size() throws IOException {
    return handle.size();
  }

  /** The file's position in bytes; its size, if it was opened to append. */
  @Override
  public long position() throws IOException {
    return handle.position() - buffered();
  }

  /**
   * Moves the file's position; it may lie behind the end.
   *
   * @return this
   * @throws IllegalArgumentException if {@code newPosition} is negative
   */
  @Override
  public AsyncFile position(long newPosition) throws IOException {
    handle.position(newPosition);
    discardBuffered();
    return this;
  }

  /**
   * Cuts the file to {@code size} bytes if it is longer. A position behind that moves there.
   *
   * @return this
   * @throws IllegalArgumentException if {@code size} is negative
   */
  @Override
  public AsyncFile truncate(long size) throws IOException {
    giveBackReadAhead();
    handle.truncate(size);
    return this;
  }

  /** Forces what was written to the device, and with {@code metadata} also times and the like. */
  public void force(boolean metadata) throws IOException {
    handle.force(metadata);
  }

  private void giveBackReadAhead() throws IOException {
    int ahead = buffered();
    if (ahead > 0 && handle.isSeekable()) {
      handle.position(handle.position() - ahead);
      discardBuffered();
    }
  }

  @Override
  protected void closeHandle() throws IOException {
    handle.close();
  }

  /**
   * The path it was opened by, or where it was when it was {@linkplain #ofDescriptor taken over}.
   */
  public Path path() {
    return path;
  }

  @Override
  public String toString() {
    return "AsyncFile[" + path + (isOpen() ? "]" : ", closed]");
  }
}
