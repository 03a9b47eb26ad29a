package dev.goasync.file;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.FileHandle;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

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
 * file stays open and nothing is lost. {@link #close} always closes.
 */
public final class AsyncFile extends ByteStream {
  private final FileHandle handle;
  private final Path path;
  private volatile boolean open = true;

  private AsyncFile(FileHandle handle, Path path) {
    super(handle::read);
    this.handle = handle;
    this.path = path;
  }

  /**
   * Opens or creates a file.
   *
   * @param options as {@link java.nio.channels.FileChannel#open(Path, OpenOption...)} takes them;
   *     none means to read
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
    return new AsyncFile(Backends.platform().openFile(path, set), path);
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

  /** The file's size in bytes. */
  public long size() throws IOException {
    return handle.size();
  }

  /** The file's position in bytes; its size, if it was opened to append. */
  public long position() throws IOException {
    return handle.position() - buffered();
  }

  /**
   * Moves the file's position; it may lie behind the end.
   *
   * @throws IllegalArgumentException if {@code newPosition} is negative
   */
  public void position(long newPosition) throws IOException {
    handle.position(newPosition);
    discardBuffered();
  }

  /**
   * Cuts the file to {@code size} bytes if it is longer. A position behind that moves there.
   *
   * @throws IllegalArgumentException if {@code size} is negative
   */
  public void truncate(long size) throws IOException {
    giveBackReadAhead();
    handle.truncate(size);
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
  public boolean isOpen() {
    return open;
  }

  /**
   * Closes the file; operations of others under way end with {@link
   * java.nio.channels.AsynchronousCloseException}. Closing again does nothing. Works in a cancelled
   * coroutine, too.
   */
  @Override
  public void close() throws IOException {
    try {
      flushBeforeClose();
    } finally {
      open = false;
      handle.close();
    }
  }

  /** The path it was opened by. */
  public Path path() {
    return path;
  }

  @Override
  public String toString() {
    return "AsyncFile[" + path + (open ? "]" : ", closed]");
  }
}
