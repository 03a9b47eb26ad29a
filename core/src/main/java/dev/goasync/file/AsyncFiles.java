package dev.goasync.file;

import dev.goasync.GoAsync;
import dev.goasync.internal.worker.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Files} does, without blocking a loop: in a coroutine each operation pauses the
 * coroutine; on any other thread it blocks the thread.
 *
 * <pre>{@code
 * for (Path path : AsyncFiles.list(folder)) {
 *   if (AsyncFiles.isRegularFile(path)) {
 *     handle(AsyncFiles.readString(path));
 *   }
 * }
 * }</pre>
 *
 * <p>Each method takes, returns and throws what the one of the same name in {@code Files} does;
 * said here is only what differs. Contents are read and written as {@link AsyncFile} does it. What
 * works on names is done by {@code Files} itself, for a coroutine on a thread of a small pool.
 * Paths of other file systems than the machine's may be given.
 *
 * <p><b>Cancellation.</b> A cancelled coroutine's operation throws {@link
 * java.util.concurrent.CancellationException} if it has not begun; one that has is waited for and
 * its result counts, so that it is known what happened. Contents and walks are many operations:
 * reading, copying and walking end between two of them; writing leaves what was written, and says
 * how much that is.
 */
public final class AsyncFiles {
  private static final Set<OpenOption> NEW_CONTENT =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);

  /** The largest array that every JVM makes. */
  private static final long MOST = Integer.MAX_VALUE - 8;

  private AsyncFiles() {}

  // ---- contents ----

  /** All bytes of a file. */
  public static byte[] readAllBytes(Path path) throws IOException {
    Objects.requireNonNull(path, "path");
    return GoAsync.inCoroutine() && isOfMachine(path)
        ? readByOurs(path)
        : off(path, () -> Files.readAllBytes(path));
  }

  /** A file's text in UTF-8. */
  public static String readString(Path path) throws IOException {
    return readString(path, StandardCharsets.UTF_8);
  }

  /**
   * A file's text.
   *
   * @throws java.nio.charset.CharacterCodingException if it is not text of that charset
   */
  public static String readString(Path path, Charset charset) throws IOException {
    Objects.requireNonNull(charset, "charset");
    return charset.newDecoder().decode(ByteBuffer.wrap(readAllBytes(path))).toString();
  }

  /** A file's lines in UTF-8; for long files see {@link AsyncFile#lines}. */
  public static List<String> readAllLines(Path path) throws IOException {
    return readAllLines(path, StandardCharsets.UTF_8);
  }

  /** A file's lines. */
  public static List<String> readAllLines(Path path, Charset charset) throws IOException {
    return readString(path, charset).lines().toList();
  }

  /**
   * Writes all bytes, by default to a new file or in place of what is there.
   *
   * @throws java.nio.file.FileSystemException if it fails half-way; the message says how much was
   *     written
   */
  public static Path write(Path path, byte[] bytes, OpenOption... options) throws IOException {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(bytes, "bytes");
    if (!isOfMachine(path)) {
      return off(path, () -> Files.write(path, bytes, options));
    }
    Set<OpenOption> asked = options.length == 0 ? NEW_CONTENT : writing(options);
    try (AsyncFile file = AsyncFile.open(path, asked)) {
      file.writeAll(bytes);
    }
    return path;
  }

  /** Writes text in UTF-8, like {@link #write}. */
  public static Path writeString(Path path, CharSequence text, OpenOption... options)
      throws IOException {
    return writeString(path, text, StandardCharsets.UTF_8, options);
  }

  /**
   * Writes text, like {@link #write}.
   *
   * @throws java.nio.charset.CharacterCodingException if the charset lacks a character of it
   */
  public static Path writeString(
      Path path, CharSequence text, Charset charset, OpenOption... options) throws IOException {
    ByteBuffer encoded = charset.newEncoder().encode(CharBuffer.wrap(text));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return write(path, bytes, options);
  }

  private static Set<OpenOption> writing(OpenOption... options) {
    Set<OpenOption> asked = new HashSet<>(Arrays.asList(options));
    if (asked.contains(StandardOpenOption.READ)) {
      throw new IllegalArgumentException("READ not allowed");
    }
    asked.add(StandardOpenOption.WRITE);
    return asked;
  }

  static boolean isOfMachine(Path path) {
    return path.getFileSystem() == FileSystems.getDefault();
  }

  private static byte[] readByOurs(Path path) throws IOException {
    try (AsyncFile file = AsyncFile.open(path)) {
      long size = file.size();
      if (size == 0 || size > MOST) { // a file of the kernel's, or one that is too large
        return file.readAllBytes();
      }
      byte[] content = new byte[(int) size];
      ByteBuffer room = ByteBuffer.wrap(content);
      while (room.hasRemaining()) {
        if (file.read(room) < 0) {
          return Arrays.copyOf(content, room.position());
        }
      }
      byte[] more = file.readAllBytes();
      return more.length == 0 ? content : joined(content, more);
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, Math.addExact(first.length, second.length));
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  // ---- making, moving, removing ----

  /** Makes an empty file. */
  public static Path createFile(Path path, FileAttribute<?>... attributes) throws IOException {
    return off(path, () -> Files.createFile(path, attributes));
  }

  /** Makes a folder. */
  public static Path createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    return off(path, () -> Files.createDirectory(path, attributes));
  }

  /** Makes a folder and those above it that do not exist. */
  public static Path createDirectories(Path path, FileAttribute<?>... attributes)
      throws IOException {
    return off(path, () -> Files.createDirectories(path, attributes));
  }

  /** Makes an empty file with a new name in a folder. */
  public static Path createTempFile(
      Path folder, @Nullable String prefix, @Nullable String suffix, FileAttribute<?>... attributes)
      throws IOException {
    return off(folder, () -> Files.createTempFile(folder, prefix, suffix, attributes));
  }

  /** Makes an empty file with a new name in the system's folder for such. */
  public static Path createTempFile(
      @Nullable String prefix, @Nullable String suffix, FileAttribute<?>... attributes)
      throws IOException {
    return off("a temporary file", () -> Files.createTempFile(prefix, suffix, attributes));
  }

  /** Makes a folder with a new name in another. */
  public static Path createTempDirectory(
      Path folder, @Nullable String prefix, FileAttribute<?>... attributes) throws IOException {
    return off(folder, () -> Files.createTempDirectory(folder, prefix, attributes));
  }

  /** Makes a folder with a new name in the system's folder for such. */
  public static Path createTempDirectory(@Nullable String prefix, FileAttribute<?>... attributes)
      throws IOException {
    return off("a temporary folder", () -> Files.createTempDirectory(prefix, attributes));
  }

  /** Makes a symbolic link. */
  public static Path createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    return off(link, () -> Files.createSymbolicLink(link, target, attributes));
  }

  /** Gives a file a second name. */
  public static Path createLink(Path link, Path existing) throws IOException {
    return off(link, () -> Files.createLink(link, existing));
  }

  /** Like {@link #copy(Path, Path, LongConsumer, CopyOption...)}, without reports. */
  public static Path copy(Path source, Path target, CopyOption... options) throws IOException {
    return copy(source, target, _ -> {}, options);
  }

  /**
   * Copies a file; of a folder only itself. The bytes go from file to file inside the kernel, where
   * it has a way, in steps of some megabytes. If it fails or is cancelled, the target is removed.
   *
   * @param progress told how many bytes have been copied so far, by the caller's coroutine or
   *     thread
   */
  public static Path copy(Path source, Path target, LongConsumer progress, CopyOption... options)
      throws IOException {
    new FileCopy(source, target, progress, options).run();
    return target;
  }

  /**
   * Moves or renames. To another file system that is a copy, by one thread in one go, which cannot
   * be cancelled once it has begun.
   */
  public static Path move(Path source, Path target, CopyOption... options) throws IOException {
    return off(source, () -> Files.move(source, target, options));
  }

  /** Removes a file or an empty folder. */
  public static void delete(Path path) throws IOException {
    off(
        path,
        () -> {
          Files.delete(path);
          return null;
        });
  }

  /** Removes a file or an empty folder, if there is one; returns whether there was. */
  public static boolean deleteIfExists(Path path) throws IOException {
    return off(path, () -> Files.deleteIfExists(path));
  }

  // ---- folders ----

  /** What is in a folder, in no particular order. */
  public static List<Path> list(Path folder) throws IOException {
    return off(
        folder,
        () -> {
          try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
          } catch (UncheckedIOException failed) {
            throw failed.getCause();
          }
        });
  }

  /** Like {@link #walk(Path, int, FileVisitOption...)}, however deep it goes. */
  public static Stream<Path> walk(Path start, FileVisitOption... options) throws IOException {
    return walk(start, Integer.MAX_VALUE, options);
  }

  /**
   * All that is below {@code start}, and itself, one after the other and each folder before what is
   * in it, read some hundred at a time as the stream is gone through. The stream must be closed.
   */
  @SuppressWarnings("StreamResourceLeak") // the caller closes it
  public static Stream<Path> walk(Path start, int depth, FileVisitOption... options)
      throws IOException {
    Objects.requireNonNull(start, "start");
    return GoAsync.inCoroutine()
        ? OffLoopIterator.stream(start, () -> Files.walk(start, depth, options))
        : Files.walk(start, depth, options);
  }

  /**
   * Visits all that is below {@code start}, and itself, each folder before what is in it, by up to
   * {@code atOnce} coroutines of the caller's loop, so that what one of them waits for holds up no
   * other. A plain thread visits one after the other.
   *
   * <pre>{@code
   * AsyncFiles.walk(folder, 32, (path, attributes) -> {
   *   if (attributes.isRegularFile()) {
   *     total[0] += count(AsyncFiles.readAllBytes(path));    // one loop: no lock
   *   }
   * });
   * }</pre>
   *
   * <p>Returns when all visits have ended. The first that throws cancels the others and ends the
   * walk, which throws the same. Memory is needed for the folders that were met and not read yet.
   *
   * @param atOnce most coroutines
   * @throws IllegalArgumentException if {@code atOnce} is not positive
   */
  public static void walk(Path start, int atOnce, PathVisitor visitor, FileVisitOption... options)
      throws IOException {
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(visitor, "visitor");
    if (atOnce < 1) {
      throw new IllegalArgumentException("atOnce is not positive: " + atOnce);
    }
    TreeWalk.run(start, atOnce, visitor, options);
  }

  // ---- attributes ----

  /** Whether there is such a file or folder, as far as that can be known. */
  public static boolean exists(Path path, LinkOption... options) {
    return ask(path, () -> Files.exists(path, options));
  }

  /** Whether it is known that there is none; not the opposite of {@link #exists}. */
  public static boolean notExists(Path path, LinkOption... options) {
    return ask(path, () -> Files.notExists(path, options));
  }

  /** Whether it is a file with content. */
  public static boolean isRegularFile(Path path, LinkOption... options) {
    return ask(path, () -> Files.isRegularFile(path, options));
  }

  /** Whether it is a folder. */
  public static boolean isDirectory(Path path, LinkOption... options) {
    return ask(path, () -> Files.isDirectory(path, options));
  }

  /** Whether it is a symbolic link. */
  public static boolean isSymbolicLink(Path path) {
    return ask(path, () -> Files.isSymbolicLink(path));
  }

  /** Whether it exists and may be read. */
  public static boolean isReadable(Path path) {
    return ask(path, () -> Files.isReadable(path));
  }

  /** Whether it exists and may be written to. */
  public static boolean isWritable(Path path) {
    return ask(path, () -> Files.isWritable(path));
  }

  /** Whether it exists and may be executed. */
  public static boolean isExecutable(Path path) {
    return ask(path, () -> Files.isExecutable(path));
  }

  /** Whether two paths lead to the same file. */
  public static boolean isSameFile(Path path, Path other) throws IOException {
    return off(path, () -> Files.isSameFile(path, other));
  }

  /** Whether it is one that the system does not show. */
  public static boolean isHidden(Path path) throws IOException {
    return off(path, () -> Files.isHidden(path));
  }

  /** The size of a file in bytes. */
  public static long size(Path path) throws IOException {
    return off(path, () -> Files.size(path));
  }

  /** Where two files begin to differ, or -1. */
  public static long mismatch(Path path, Path other) throws IOException {
    return off(path, () -> Files.mismatch(path, other));
  }

  /** Where a symbolic link leads. */
  public static Path readSymbolicLink(Path link) throws IOException {
    return off(link, () -> Files.readSymbolicLink(link));
  }

  /** The absolute path without links and detours. */
  public static Path toRealPath(Path path, LinkOption... options) throws IOException {
    return off(path, () -> path.toRealPath(options));
  }

  /** A file's attributes: size, times, kind; {@link BasicFileAttributes} or a subtype. */
  public static <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return off(path, () -> Files.readAttributes(path, type, options));
  }

  /** A file's attributes by their names. */
  public static Map<String, Object> readAttributes(
      Path path, String attributes, LinkOption... options) throws IOException {
    return off(path, () -> Files.readAttributes(path, attributes, options));
  }

  /** An attribute by its name. */
  public static @Nullable Object getAttribute(Path path, String attribute, LinkOption... options)
      throws IOException {
    return off(path, () -> Files.getAttribute(path, attribute, options));
  }

  /** Sets an attribute by its name. */
  public static Path setAttribute(
      Path path, String attribute, @Nullable Object value, LinkOption... options)
      throws IOException {
    return off(path, () -> Files.setAttribute(path, attribute, value, options));
  }

  /** When its content was last changed. */
  public static FileTime getLastModifiedTime(Path path, LinkOption... options) throws IOException {
    return off(path, () -> Files.getLastModifiedTime(path, options));
  }

  /** Sets when its content was last changed. */
  public static Path setLastModifiedTime(Path path, FileTime time) throws IOException {
    return off(path, () -> Files.setLastModifiedTime(path, time));
  }

  /** Who may do what with it. */
  public static Set<PosixFilePermission> getPosixFilePermissions(Path path, LinkOption... options)
      throws IOException {
    return off(path, () -> Files.getPosixFilePermissions(path, options));
  }

  /** Sets who may do what with it. */
  public static Path setPosixFilePermissions(Path path, Set<PosixFilePermission> permissions)
      throws IOException {
    return off(path, () -> Files.setPosixFilePermissions(path, permissions));
  }

  /** Who owns it. */
  public static UserPrincipal getOwner(Path path, LinkOption... options) throws IOException {
    return off(path, () -> Files.getOwner(path, options));
  }

  /** Sets who owns it. */
  public static Path setOwner(Path path, UserPrincipal owner) throws IOException {
    return off(path, () -> Files.setOwner(path, owner));
  }

  private static <R extends @Nullable Object> R off(Object what, Workers.Call<R> call)
      throws IOException {
    return Workers.offLoop(what, call);
  }

  private static boolean ask(Path path, BooleanSupplier question) {
    try {
      return off(path, question::getAsBoolean);
    } catch (IOException impossible) {
      throw new AssertionError("a question has no error", impossible);
    }
  }
}
