package dev.goasync.file;

import static dev.goasync.file.FileTransfer.requireNotNegative;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.FileHandle;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An open file that is read and written without blocking the event loop. In a coroutine an
 * operation pauses the coroutine; on any other thread it blocks the thread.
 *
 * <pre>{@code
 * try (var file = AsyncFile.open(Path.of("notes.txt"))) {
 *   for (String line; (line = file.readLine()) != null; ) {
 *     System.out.println(line);
 *   }
 * }
 * }</pre>
 *
 * <p><b>Position.</b> A file has one position, in bytes from its beginning. Operations without a
 * {@code position} argument start there and move it. {@link #readLine} and the other text reads
 * fill a read buffer. The buffer is invisible to the caller: {@link #position()} counts returned
 * bytes only, and a write, a truncation or a new position first drops the buffer and moves the file
 * position back. A pipe or terminal has no position; its buffered bytes stay for the next read.
 *
 * <p><b>Threads.</b> Operations with a {@code position} argument may run concurrently, from any
 * threads and coroutines. Operations at the file's own position run one at a time; a concurrent
 * second reader may get an {@link IllegalStateException}.
 *
 * <p><b>Errors.</b> Operations throw {@link IOException} or the JDK's subclasses of it, with the
 * path in the message; {@link java.nio.channels.ClosedChannelException} after {@link #close};
 * {@link java.nio.channels.AsynchronousCloseException} if the file is closed during the operation;
 * {@link java.nio.channels.NonReadableChannelException} and {@link
 * java.nio.channels.NonWritableChannelException} if the file was not opened for reading or writing.
 *
 * <p><b>Cancellation.</b> An operation of a cancelled coroutine throws {@link
 * java.util.concurrent.CancellationException} if it has transferred nothing, else it returns the
 * partial result. The file stays open, and no byte is lost. An operation that a device has started
 * is awaited. {@link #close} always closes.
 *
 * <p><b>Other readers.</b> Read text in another charset with {@code Channels.newReader(file,
 * charset)}, and binary data from {@link #inputStream}.
 */
public final class AsyncFile extends ByteStream implements SeekableByteChannel {
  /**
   * Alignment, in bytes, of positions, counts and buffer addresses for a file that was opened with
   * {@code ExtendedOpenOption.DIRECT}. Some devices accept a smaller alignment.
   */
  public static final int DIRECT_ALIGNMENT = 4096;

  private final FileHandle handle;
  private final Path path;
  private final FileLocks locks;

  AsyncFile(FileHandle handle, Path path) {
    super(handle::read);
    this.handle = handle;
    this.path = path;
    this.locks = new FileLocks(this, handle);
  }

  /**
   * Opens or creates a file.
   *
   * @param options the options of {@link java.nio.channels.FileChannel#open(Path, OpenOption...)};
   *     without options the file is opened for reading. With {@code ExtendedOpenOption.DIRECT} only
   *     whole blocks can be read and written ({@link #DIRECT_ALIGNMENT}), so lines and text cannot;
   *     heap buffers are copied through aligned memory, buffers of {@link #allocateAligned} are not
   * @throws java.nio.file.NoSuchFileException if the file does not exist and no option creates it
   * @throws java.nio.file.FileAlreadyExistsException if the file exists and {@code CREATE_NEW} is
   *     given
   * @throws java.nio.file.AccessDeniedException if the permissions forbid it
   * @throws java.nio.file.FileSystemException if opening fails for another reason, which is in the
   *     message
   * @throws IllegalArgumentException if the options contradict each other
   * @throws UnsupportedOperationException if an option is unknown, or no backend is available
   */
  public static AsyncFile open(Path path, OpenOption... options) throws IOException {
    Objects.requireNonNull(path, "path");
    return open(path, new HashSet<>(Arrays.asList(options)));
  }

  /**
   * Opens or creates a file, and sets the attributes when it creates the file.
   *
   * @param options the options of {@link #open(Path, OpenOption...)}
   * @throws UnsupportedOperationException if an attribute cannot be set atomically with the
   *     creation, an option is unknown, or no backend is available
   * @throws IllegalArgumentException if the options contradict each other
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
   * Takes ownership of an open descriptor of a file, a pipe or a device, such as one inherited from
   * the parent process. From now on only {@link #close} may close it. The descriptor gets {@code
   * FD_CLOEXEC}: child processes do not inherit it.
   *
   * <pre>{@code
   * try (var file = AsyncFile.ofDescriptor(3)) {     // java Program.java 3< notes.txt
   *   System.out.println(file.readAll());
   * }
   * }</pre>
   *
   * <p>Duplicates of the descriptor share the position and the non-blocking mode, which is set as
   * the backend needs it. {@link #path} returns the kernel's name of the file.
   *
   * @throws IllegalArgumentException if {@code fd} is negative or is not a file; the message gives
   *     the kind of the descriptor, which stays open
   * @throws IOException if the descriptor is not open
   * @throws UnsupportedOperationException if the backend does not support descriptors ({@code nio})
   */
  public static AsyncFile ofDescriptor(int fd) throws IOException {
    FileHandle handle = Backends.platform().openDescriptor(fd).toFile();
    return new AsyncFile(handle, Path.of(handle.toString()));
  }

  /**
   * Allocates a direct buffer whose address is a multiple of {@link #DIRECT_ALIGNMENT}.
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
   * Reads at {@code position} and leaves the file's own position unchanged.
   *
   * @return the number of bytes read, or -1 if {@code position} is at or beyond the end
   * @throws IllegalArgumentException if {@code position} is negative
   */
  public int read(ByteBuffer target, long position) throws IOException {
    Objects.requireNonNull(target, "target");
    requireNotNegative(position, "position");
    return handle.read(target, position);
  }

  /**
   * Fills {@code targets} in their order, until the end of the file. From a pipe or terminal it
   * reads what is available, as other streams do.
   */
  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    FileTransfer.requireReadable(handle, this);
    return handle.isSeekable()
        ? FileTransfer.scatter(this, targets, offset, length)
        : super.read(targets, offset, length);
  }

  /**
   * Writes at the file's position, or at the end if the file was opened with {@code APPEND}. May
   * write fewer bytes than remain.
   *
   * @return the number of bytes written
   */
  @Override
  public int write(ByteBuffer source) throws IOException {
    Objects.requireNonNull(source, "source");
    dropReadBuffer();
    return handle.write(source);
  }

  /**
   * Writes several buffers in order, with one system call where possible. May write fewer bytes
   * than remain.
   *
   * @return the number of bytes written
   */
  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, sources.length);
    dropReadBuffer();
    return handle.write(sources, offset, length);
  }

  /**
   * Writes all remaining bytes of {@code source}. If the write fails or is cancelled half-way, the
   * buffer's position is behind the last written byte, and the exception contains the count: a
   * {@link FileSystemException} in its message, any other exception in a suppressed {@link
   * InterruptedIOException}.
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
   * Writes at {@code position} and leaves the file's own position unchanged. May write fewer bytes
   * than remain. On Linux, a file opened with {@code APPEND} ignores {@code position} and appends.
   *
   * @return the number of bytes written
   * @throws IllegalArgumentException if {@code position} is negative
   */
  public int write(ByteBuffer source, long position) throws IOException {
    Objects.requireNonNull(source, "source");
    requireNotNegative(position, "position");
    return handle.write(source, position);
  }

  /**
   * Returns the remaining lines, in UTF-8, as a lazy stream. The stream does not close the file.
   * Failed reads throw {@link java.io.UncheckedIOException}.
   */
  public Stream<String> lines() {
    return FileTransfer.lines(this);
  }

  /** Copies as {@link #transferTo(long, long, WritableByteChannel, LongConsumer)} does. */
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return transferTo(position, count, target, _ -> {});
  }

  /**
   * Copies bytes from {@code position} to another channel, until {@code count} bytes are copied or
   * the end is reached that the file has at the call. This file's own position is unchanged; a
   * target file is written at its own position. To files and sockets of this library the kernel
   * copies, where it can. A pipe or terminal is read at {@code position} 0, until its end.
   *
   * <p>If the call is cancelled half-way, it returns the number of bytes copied so far. If it fails
   * half-way, the exception contains that number, as with {@link #writeAll(ByteBuffer)}.
   *
   * @param count {@link Long#MAX_VALUE} for all bytes to the end
   * @param progress receives the number of bytes copied so far; called by the calling coroutine or
   *     thread
   * @return the number of bytes copied
   * @throws IllegalArgumentException if {@code position} or {@code count} is negative
   * @throws java.nio.channels.NonWritableChannelException if the target was not opened for writing
   */
  public long transferTo(
      long position, long count, WritableByteChannel target, LongConsumer progress)
      throws IOException {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(progress, "progress");
    FileTransfer.requireReadable(handle, target);
    requireNotNegative(position, "position");
    requireNotNegative(count, "count");
    if (target instanceof AsyncFile file) {
      file.dropReadBuffer();
    }
    long bounded = FileTransfer.bounded(handle, position, count);
    return new FileTransfer(handle, this, position, bounded, target, endpointOf(target), progress)
        .run();
  }

  /** Copies all bytes; if it is cancelled half-way, it throws. */
  void transferAll(AsyncFile target, LongConsumer progress) throws IOException {
    FileTransfer transfer =
        new FileTransfer(handle, this, 0, Long.MAX_VALUE, target, target.endpoint(), progress);
    transfer.run();
    transfer.checkNotCancelled();
  }

  /**
   * Copies bytes from a channel to {@code position}, until {@code count} bytes are copied or the
   * channel ends. This file's own position is unchanged. Bytes that were read from the channel are
   * written even if the coroutine is cancelled in between, so none are lost.
   *
   * @return the number of bytes copied
   * @throws IllegalArgumentException if {@code position} or {@code count} is negative
   */
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    Objects.requireNonNull(source, "source");
    handle.write(FileTransfer.NOTHING.duplicate(), 0); // throws unless open for writing
    FileTransfer.requireOpen(source);
    requireNotNegative(position, "position");
    requireNotNegative(count, "count");
    return FileTransfer.from(source, this, position, count);
  }

  @Override
  protected Object endpoint() {
    return handle;
  }

  /**
   * Reserves disk space for {@code length} bytes from {@code offset} on, so that writing them
   * cannot fail for lack of space. The file grows if it ends before. For a coroutine, a worker
   * thread makes the system call.
   *
   * @throws FileSystemException if the space is not available, or the file system cannot reserve
   *     space
   * @throws IllegalArgumentException if {@code offset} is negative, {@code length} is not positive,
   *     or their sum overflows
   */
  public void allocate(long offset, long length) throws IOException {
    requireNotNegative(offset, "offset");
    if (length <= 0) {
      throw new IllegalArgumentException("length must be positive: " + length);
    }
    if (offset + length < 0) {
      throw new IllegalArgumentException("offset + length overflows: " + offset + " + " + length);
    }
    handle.allocate(offset, length);
  }

  /**
   * Announces how a part of the file will be used, so that the kernel can read it in advance or
   * drop it from the page cache. Does nothing where the backend has no such call ({@code nio}).
   *
   * @param length in bytes; 0 for all bytes to the end
   * @throws IllegalArgumentException if {@code offset} or {@code length} is negative
   */
  public void advise(Advice advice, long offset, long length) throws IOException {
    Objects.requireNonNull(advice, "advice");
    requireNotNegative(offset, "offset");
    requireNotNegative(length, "length");
    handle.advise(offset, length, advice.number);
  }

  /** Waits for an exclusive lock on the whole file. */
  public AsyncFileLock lock() throws IOException {
    return lock(0, Long.MAX_VALUE, false);
  }

  /**
   * Waits for a lock on a part of the file. The lock excludes locks of other processes, and of
   * other {@code AsyncFile} objects for the same file in this process.
   *
   * <pre>{@code
   * Path path = Path.of("journal");
   * try (var file = AsyncFile.open(path, StandardOpenOption.APPEND);
   *     var lock = file.lock()) {
   *   file.writeAll("entry\n");
   * }
   * }</pre>
   *
   * <p>The wait polls every 1 to 16 ms. It can be cancelled and does not block the loop.
   *
   * @param size in bytes; 0 for all bytes from {@code position} on
   * @param shared whether the lock is shared; an exclusive lock conflicts with all others
   * @throws java.nio.channels.OverlappingFileLockException if this object holds or awaits an
   *     overlapping lock
   * @throws java.nio.channels.FileLockInterruptionException if the plain thread is interrupted
   * @throws java.nio.channels.NonReadableChannelException if the lock is shared and the file was
   *     not opened for reading
   * @throws java.nio.channels.NonWritableChannelException if the lock is exclusive and the file was
   *     not opened for writing
   * @throws IllegalArgumentException if {@code position} or {@code size} is negative, or their sum
   *     overflows
   */
  public AsyncFileLock lock(long position, long size, boolean shared) throws IOException {
    return locks.lock(position, size, shared);
  }

  /**
   * Acquires an exclusive lock on the whole file if no conflicting lock exists; does not wait.
   *
   * @return the lock, or null if a conflicting lock exists
   */
  public @Nullable AsyncFileLock tryLock() throws IOException {
    return tryLock(0, Long.MAX_VALUE, false);
  }

  /**
   * Acquires a lock on a part of the file if no conflicting lock exists; does not wait. Arguments
   * and errors are those of {@link #lock(long, long, boolean)}.
   *
   * @return the lock, or null if a conflicting lock exists
   */
  public @Nullable AsyncFileLock tryLock(long position, long size, boolean shared)
      throws IOException {
    return locks.tryLock(position, size, shared);
  }

  /** Returns the file's size in bytes. */
  @Override
  public long size() throws IOException {
    return handle.size();
  }

  /** Returns the attributes of the open file; on {@code nio} those of its path. */
  public BasicFileAttributes attributes() throws IOException {
    return handle.attributes();
  }

  /** Returns the file's position in bytes; its size if the file was opened with {@code APPEND}. */
  @Override
  public long position() throws IOException {
    return handle.position() - buffered();
  }

  /**
   * Sets the file's position, in bytes from the beginning; it may lie beyond the end.
   *
   * @throws IllegalArgumentException if {@code newPosition} is negative
   */
  @Override
  public AsyncFile position(long newPosition) throws IOException {
    handle.position(newPosition);
    discardBuffered();
    return this;
  }

  /**
   * Truncates the file to {@code size} bytes if it is longer. A position beyond {@code size} is set
   * to {@code size}.
   *
   * @throws IllegalArgumentException if {@code size} is negative
   */
  @Override
  public AsyncFile truncate(long size) throws IOException {
    dropReadBuffer();
    handle.truncate(size);
    return this;
  }

  /**
   * Writes all modified content to the storage device ({@code fsync}).
   *
   * @param metadata whether times and other attributes are written too
   */
  public void force(boolean metadata) throws IOException {
    handle.force(metadata);
  }

  boolean isSeekable() throws IOException {
    return handle.isSeekable();
  }

  private void dropReadBuffer() throws IOException {
    int unread = buffered();
    if (unread > 0 && handle.isSeekable()) {
      handle.position(handle.position() - unread);
      discardBuffered();
    }
  }

  @Override
  protected void closeHandle() throws IOException {
    handle.close();
  }

  /**
   * Returns the path that the file was opened with; for a file of {@link #ofDescriptor}, the path
   * that the kernel reported then.
   */
  public Path path() {
    return path;
  }

  @Override
  public String toString() {
    return "AsyncFile[" + path + (isOpen() ? "]" : ", closed]");
  }
}
