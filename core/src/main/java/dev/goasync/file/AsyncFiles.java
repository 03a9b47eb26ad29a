package dev.goasync.file;

import dev.goasync.GoAsync;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The static methods of {@link Files} without blocking the event loop: reads, writes, copies,
 * moves, deletes, lists and walks files. In a coroutine an operation pauses the coroutine; on any
 * other thread it blocks the thread.
 *
 * <pre>{@code
 * for (Path path : AsyncFiles.list(Path.of("mail"))) {
 *   if (AsyncFiles.isRegularFile(path)) {
 *     System.out.println(AsyncFiles.readString(path));
 *   }
 * }
 * }</pre>
 *
 * <p>Each method has the arguments, result and exceptions of the method of the same name in {@code
 * Files}; the documentation here states differences only. File content is read and written as by
 * {@link AsyncFile}. Operations on names are made by {@code Files} itself, for a coroutine on a
 * thread of a small pool. Paths of other file systems, such as zip files, work too.
 *
 * <p><b>Cancellation.</b> An operation of a cancelled coroutine throws {@link
 * java.util.concurrent.CancellationException} if it has not started. An operation that has started
 * is awaited, and its result is returned. Reads, copies and walks consist of many operations and
 * end between two of them. A cancelled write leaves the bytes that were written; the exception
 * contains their number.
 */
public final class AsyncFiles {
  private AsyncFiles() {}

  // ---- contents ----

  /** Reads all bytes of a file. */
  public static byte[] readAllBytes(Path path) throws IOException {
    Objects.requireNonNull(path, "path");
    return FileContents.readAllBytes(path);
  }

  /** Reads all text of a file in UTF-8. */
  public static String readString(Path path) throws IOException {
    return readString(path, StandardCharsets.UTF_8);
  }

  /**
   * Reads all text of a file.
   *
   * @throws java.nio.charset.CharacterCodingException if the bytes are malformed in the charset
   */
  public static String readString(Path path, Charset charset) throws IOException {
    Objects.requireNonNull(charset, "charset");
    return charset.newDecoder().decode(ByteBuffer.wrap(readAllBytes(path))).toString();
  }

  /** Reads all lines of a file in UTF-8; for large files see {@link AsyncFile#lines}. */
  public static List<String> readAllLines(Path path) throws IOException {
    return readAllLines(path, StandardCharsets.UTF_8);
  }

  /** Reads all lines of a file. */
  public static List<String> readAllLines(Path path, Charset charset) throws IOException {
    return readString(path, charset).lines().toList();
  }

  /**
   * Returns the lines of a file, in UTF-8, as a lazy stream. Close the stream, which closes the
   * file. Failed reads and malformed bytes throw {@link UncheckedIOException}. A line ends at a
   * line feed, a carriage return or both.
   *
   * <pre>{@code
   * try (Stream<String> lines = AsyncFiles.lines(Path.of("server.log"))) {
   *   System.out.println(lines.filter(line -> line.contains("ERROR")).count());
   * }
   * }</pre>
   */
  @SuppressWarnings("StreamResourceLeak") // the caller closes it
  public static Stream<String> lines(Path path) throws IOException {
    Objects.requireNonNull(path, "path");
    return FileContents.lines(path);
  }

  /**
   * Writes bytes to a file; by default creates the file or replaces its content.
   *
   * @throws java.nio.file.FileSystemException if the write fails half-way; the message contains the
   *     number of bytes written
   */
  public static Path write(Path path, byte[] bytes, OpenOption... options) throws IOException {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(bytes, "bytes");
    FileContents.write(path, bytes, options);
    return path;
  }

  /** Writes text in UTF-8 to a file; by default creates the file or replaces its content. */
  public static Path writeString(Path path, CharSequence text, OpenOption... options)
      throws IOException {
    return writeString(path, text, StandardCharsets.UTF_8, options);
  }

  /**
   * Writes text to a file; by default creates the file or replaces its content.
   *
   * @throws java.nio.charset.CharacterCodingException if the charset cannot encode a character
   */
  public static Path writeString(
      Path path, CharSequence text, Charset charset, OpenOption... options) throws IOException {
    ByteBuffer encoded = charset.newEncoder().encode(CharBuffer.wrap(text));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return write(path, bytes, options);
  }

  /**
   * Writes lines in UTF-8 to a file, each followed by the line separator of the system; by default
   * creates the file or replaces its content.
   */
  public static Path write(Path path, Iterable<? extends CharSequence> lines, OpenOption... options)
      throws IOException {
    StringBuilder text = new StringBuilder();
    for (CharSequence line : lines) {
      text.append(line).append(System.lineSeparator());
    }
    return writeString(path, text, options);
  }

  /**
   * Copies all bytes of a stream to a file. If it fails or is cancelled, the file is deleted. A
   * read of the stream blocks the loop unless the stream is of this library, as {@link
   * dev.goasync.io.ByteStream#inputStream} is.
   *
   * @param options {@code REPLACE_EXISTING} or none
   * @return the number of bytes copied
   * @throws java.nio.file.FileAlreadyExistsException if the file exists and must not be replaced
   */
  public static long copy(InputStream source, Path target, CopyOption... options)
      throws IOException {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(target, "target");
    return FileContents.copy(source, target, options);
  }

  /**
   * Copies all bytes of a file to a stream. A write to the stream blocks the loop unless the stream
   * is of this library.
   *
   * @return the number of bytes copied
   */
  public static long copy(Path source, OutputStream target) throws IOException {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(target, "target");
    return FileContents.copy(source, target);
  }

  // ---- creating, moving, deleting ----

  /** Creates an empty file. */
  public static Path createFile(Path path, FileAttribute<?>... attributes) throws IOException {
    return PathCalls.change(path, here -> Files.createFile(here, attributes));
  }

  /** Creates a directory. */
  public static Path createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    return PathCalls.change(path, here -> Files.createDirectory(here, attributes));
  }

  /** Creates a directory and its missing parents. */
  public static Path createDirectories(Path path, FileAttribute<?>... attributes)
      throws IOException {
    return PathCalls.change(path, here -> Files.createDirectories(here, attributes));
  }

  /** Creates an empty file with a new unique name in a directory. */
  public static Path createTempFile(
      Path directory,
      @Nullable String prefix,
      @Nullable String suffix,
      FileAttribute<?>... attributes)
      throws IOException {
    return TemporaryFiles.create(Objects.requireNonNull(directory), prefix, suffix, attributes);
  }

  /** Creates an empty file with a new unique name in the directory for temporary files. */
  public static Path createTempFile(
      @Nullable String prefix, @Nullable String suffix, FileAttribute<?>... attributes)
      throws IOException {
    return TemporaryFiles.create(null, prefix, suffix, attributes);
  }

  /** Creates a directory with a new unique name in a directory. */
  public static Path createTempDirectory(
      Path directory, @Nullable String prefix, FileAttribute<?>... attributes) throws IOException {
    return TemporaryFiles.createDirectory(Objects.requireNonNull(directory), prefix, attributes);
  }

  /** Creates a directory with a new unique name in the directory for temporary files. */
  public static Path createTempDirectory(@Nullable String prefix, FileAttribute<?>... attributes)
      throws IOException {
    return TemporaryFiles.createDirectory(null, prefix, attributes);
  }

  /** Creates a symbolic link. */
  public static Path createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    Path located = PathCalls.located(target);
    return PathCalls.change(link, here -> Files.createSymbolicLink(here, located, attributes));
  }

  /** Creates a hard link: a second name of an existing file. */
  public static Path createLink(Path link, Path existing) throws IOException {
    Path located = PathCalls.located(existing);
    return PathCalls.change(link, here -> Files.createLink(here, located));
  }

  /**
   * Copies a file, without progress reports; see {@link #copy(Path, Path, LongConsumer,
   * CopyOption...)}.
   */
  public static Path copy(Path source, Path target, CopyOption... options) throws IOException {
    return copy(source, target, _ -> {}, options);
  }

  /**
   * Copies a file; of a directory only the directory itself. The content is copied inside the
   * kernel where the kernel supports it, in steps of some megabytes. If the copy fails or is
   * cancelled, an existing target is unchanged and no new file is left. With {@code
   * REPLACE_EXISTING} the copy is written to a temporary file in the directory of the target, which
   * then replaces the target atomically.
   *
   * @param progress receives the number of bytes copied so far; called by the calling coroutine or
   *     thread
   */
  public static Path copy(Path source, Path target, LongConsumer progress, CopyOption... options)
      throws IOException {
    new FileCopy(source, target, progress, options).run();
    return target;
  }

  /**
   * Moves or renames a file. A move to another file system is a copy by one worker thread, which
   * cannot be cancelled once it has started.
   */
  public static Path move(Path source, Path target, CopyOption... options) throws IOException {
    Path located = PathCalls.located(target);
    PathCalls.change(source, here -> Files.move(here, located, options));
    return target;
  }

  /** Deletes a file or an empty directory. */
  public static void delete(Path path) throws IOException {
    PathCalls.change(path, Files::delete);
  }

  /** Deletes a file or an empty directory if it exists; returns whether it existed. */
  public static boolean deleteIfExists(Path path) throws IOException {
    return PathCalls.run(path, Files::deleteIfExists);
  }

  // ---- directories ----

  /** Lists the entries of a directory, in no particular order. */
  public static List<Path> list(Path directory) throws IOException {
    return PathCalls.run(
        directory,
        here -> {
          try (Stream<Path> entries = Files.list(here)) {
            return here == directory ? entries.toList() : entries.map(PathCalls::plain).toList();
          } catch (UncheckedIOException failed) {
            throw failed.getCause();
          }
        });
  }

  /**
   * Returns all entries of a directory tree, without a limit on the depth; see {@link #walk(Path,
   * int, FileVisitOption...)}.
   */
  public static Stream<Path> walk(Path start, FileVisitOption... options) throws IOException {
    return walk(start, Integer.MAX_VALUE, options);
  }

  /**
   * Returns {@code start} and all entries below it as a lazy stream, each directory before its
   * entries. In a coroutine the entries are read in batches of some hundred. Close the stream.
   *
   * @param depth the maximum number of directory levels
   */
  @SuppressWarnings("StreamResourceLeak") // the caller closes it
  public static Stream<Path> walk(Path start, int depth, FileVisitOption... options)
      throws IOException {
    Objects.requireNonNull(start, "start");
    Path here = PathCalls.located(start);
    return GoAsync.inCoroutine() || here != start
        ? OffLoopIterator.stream(start, () -> Files.walk(here, depth, options), PathCalls::plain)
        : Files.walk(start, depth, options);
  }

  /**
   * Visits {@code start} and all entries below it with up to {@code maxConcurrency} coroutines of
   * the caller's loop, each directory before its entries. A visit that waits does not delay the
   * other coroutines. A plain thread visits one entry after another.
   *
   * <pre>{@code
   * long[] total = {0};
   * AsyncFiles.walk(Path.of("src"), 32, (path, attributes) -> {
   *   if (attributes.isRegularFile()) {
   *     total[0] += AsyncFiles.readAllBytes(path).length;    // one loop: no lock needed
   *   }
   * });
   * }</pre>
   *
   * <p>Returns when all visits have ended. The first visit that throws cancels the others; the walk
   * then throws the same exception. The walk keeps the directories in memory that it has found and
   * not read yet. Entries that are deleted during the walk are left out.
   *
   * @param maxConcurrency the maximum number of coroutines
   * @throws IllegalArgumentException if {@code maxConcurrency} is not positive
   */
  public static void walk(
      Path start, int maxConcurrency, PathVisitor visitor, FileVisitOption... options)
      throws IOException {
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(visitor, "visitor");
    if (maxConcurrency < 1) {
      throw new IllegalArgumentException("maxConcurrency must be positive: " + maxConcurrency);
    }
    TreeWalk.run(start, maxConcurrency, visitor, options);
  }

  // ---- attributes ----

  /** Returns whether a file or directory exists; false if that cannot be determined. */
  public static boolean exists(Path path, LinkOption... options) {
    return test(path, here -> Files.exists(here, options));
  }

  /** Returns whether a file certainly does not exist; not the opposite of {@link #exists}. */
  public static boolean notExists(Path path, LinkOption... options) {
    return test(path, here -> Files.notExists(here, options));
  }

  /** Returns whether the path is a regular file. */
  public static boolean isRegularFile(Path path, LinkOption... options) {
    return test(path, here -> Files.isRegularFile(here, options));
  }

  /** Returns whether the path is a directory. */
  public static boolean isDirectory(Path path, LinkOption... options) {
    return test(path, here -> Files.isDirectory(here, options));
  }

  /** Returns whether the path is a symbolic link. */
  public static boolean isSymbolicLink(Path path) {
    return test(path, here -> Files.isSymbolicLink(here));
  }

  /** Returns whether the file exists and this process may read it. */
  public static boolean isReadable(Path path) {
    return test(path, here -> Files.isReadable(here));
  }

  /** Returns whether the file exists and this process may write to it. */
  public static boolean isWritable(Path path) {
    return test(path, here -> Files.isWritable(here));
  }

  /** Returns whether the file exists and this process may execute it. */
  public static boolean isExecutable(Path path) {
    return test(path, here -> Files.isExecutable(here));
  }

  /** Returns whether two paths name the same file. */
  public static boolean isSameFile(Path path, Path other) throws IOException {
    Path located = PathCalls.located(other);
    return PathCalls.run(path, here -> Files.isSameFile(here, located));
  }

  /** Returns whether the file is hidden. */
  public static boolean isHidden(Path path) throws IOException {
    return PathCalls.run(path, here -> Files.isHidden(here));
  }

  /** Returns the size of a file in bytes. */
  public static long size(Path path) throws IOException {
    return PathCalls.run(path, here -> Files.size(here));
  }

  /** Returns the position of the first byte that differs in two files, or -1 if none differs. */
  public static long mismatch(Path path, Path other) throws IOException {
    Path located = PathCalls.located(other);
    return PathCalls.run(path, here -> Files.mismatch(here, located));
  }

  /** Returns the target of a symbolic link. */
  public static Path readSymbolicLink(Path link) throws IOException {
    return PathCalls.run(link, here -> PathCalls.plain(Files.readSymbolicLink(here)));
  }

  /** Returns the absolute path with all symbolic links resolved. */
  public static Path toRealPath(Path path, LinkOption... options) throws IOException {
    return PathCalls.run(path, here -> PathCalls.plain(here.toRealPath(options)));
  }

  /** Reads the attributes of a file (size, times, type) as a {@link BasicFileAttributes}. */
  public static <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return PathCalls.run(path, here -> Files.readAttributes(here, type, options));
  }

  /** Reads several attributes of a file by their names. */
  public static Map<String, Object> readAttributes(
      Path path, String attributes, LinkOption... options) throws IOException {
    return PathCalls.run(path, here -> Files.readAttributes(here, attributes, options));
  }

  /** Reads an attribute by its name. */
  public static @Nullable Object getAttribute(Path path, String attribute, LinkOption... options)
      throws IOException {
    return PathCalls.run(path, here -> Files.getAttribute(here, attribute, options));
  }

  /** Sets an attribute by its name. */
  public static Path setAttribute(
      Path path, String attribute, @Nullable Object value, LinkOption... options)
      throws IOException {
    return PathCalls.change(path, here -> Files.setAttribute(here, attribute, value, options));
  }

  /** Returns the time of the last modification. */
  public static FileTime getLastModifiedTime(Path path, LinkOption... options) throws IOException {
    return PathCalls.run(path, here -> Files.getLastModifiedTime(here, options));
  }

  /** Sets the time of the last modification. */
  public static Path setLastModifiedTime(Path path, FileTime time) throws IOException {
    return PathCalls.change(path, here -> Files.setLastModifiedTime(here, time));
  }

  /** Returns the POSIX permissions of a file. */
  public static Set<PosixFilePermission> getPosixFilePermissions(Path path, LinkOption... options)
      throws IOException {
    return PathCalls.run(path, here -> Files.getPosixFilePermissions(here, options));
  }

  /** Sets the POSIX permissions of a file. */
  public static Path setPosixFilePermissions(Path path, Set<PosixFilePermission> permissions)
      throws IOException {
    return PathCalls.change(path, here -> Files.setPosixFilePermissions(here, permissions));
  }

  /** Returns the owner of a file. */
  public static UserPrincipal getOwner(Path path, LinkOption... options) throws IOException {
    return PathCalls.run(path, here -> Files.getOwner(here, options));
  }

  /** Sets the owner of a file. */
  public static Path setOwner(Path path, UserPrincipal owner) throws IOException {
    return PathCalls.change(path, here -> Files.setOwner(here, owner));
  }

  private static boolean test(Path path, Predicate<Path> condition) {
    try {
      return PathCalls.run(path, condition::test);
    } catch (IOException impossible) {
      throw new AssertionError("a test of an attribute threw an IOException", impossible);
    }
  }
}
