package dev.goasync.file;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.platform.DirectoryHandle;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * An open directory whose operations cannot leave it: opens, lists, creates, renames and deletes
 * files by paths that may come from a client, an archive or another untrusted source. In a
 * coroutine an operation pauses the coroutine; on any other thread it blocks the thread.
 *
 * <pre>{@code
 * try (var uploads = AsyncDirectory.open(Path.of("/srv/uploads"));
 *     var file = uploads.openFile("2026/report.pdf")) {
 *   System.out.println(file.size());
 * }
 * }</pre>
 *
 * <p><b>Paths</b> are relative to the directory. Their names are separated by slashes; {@code "."}
 * is the directory itself. A path may contain {@code ..} and symbolic links. It throws {@link
 * AccessDeniedException}, with a reason, if it is absolute or leads out of the directory on its
 * way: by {@code ..}, by a link with an absolute target (also one that points back into the
 * directory), or by a link with too many {@code ..}. On Linux the kernel checks this while it
 * follows the path ({@code openat2}), so a program that replaces files by links at the same time
 * cannot lead an operation out either. Without that call (before Linux 5.6, or forbidden by a
 * sandbox) the library follows the path name by name with the same result.
 *
 * <p>Hard links and mounted file systems inside the directory are followed: an unprivileged program
 * cannot create one for a file that it cannot reach. A directory that another program moves out
 * during an operation is still used by that operation.
 *
 * <p><b>The directory</b> is that which existed at {@link #open}: it may be renamed later.
 *
 * <p><b>Threads.</b> Any thread or coroutine may use a directory, also several at once.
 *
 * <p><b>Errors.</b> Operations throw {@link java.nio.file.NoSuchFileException}, {@link
 * java.nio.file.FileAlreadyExistsException}, {@link AccessDeniedException}, {@link
 * java.nio.file.NotDirectoryException} or another {@link java.nio.file.FileSystemException} with
 * the path; {@link java.nio.channels.ClosedChannelException} after {@link #close}; {@link
 * IllegalArgumentException} for an empty path, and its subclass {@link InvalidPathException} for a
 * path with a NUL or a character that file names cannot contain.
 *
 * <p><b>Cancellation.</b> An operation of a cancelled coroutine throws {@link
 * java.util.concurrent.CancellationException} if it has not started. An operation that has started
 * is awaited, and its result is returned. {@link #close} always closes.
 */
public final class AsyncDirectory implements Closeable {
  private final DirectoryHandle handle;
  private final Path path;
  private volatile boolean closed;

  private AsyncDirectory(DirectoryHandle handle, Path path) {
    this.handle = handle;
    this.path = path;
  }

  /**
   * Opens a directory. Links in {@code path} itself are followed.
   *
   * @throws java.nio.file.NotDirectoryException if the path is a file of another kind
   * @throws java.nio.file.NoSuchFileException if it does not exist
   * @throws UnsupportedOperationException if no backend is available
   */
  public static AsyncDirectory open(Path path) throws IOException {
    Objects.requireNonNull(path, "path");
    return new AsyncDirectory(Backends.platform().openDirectory(path), path);
  }

  /**
   * Opens a directory beneath this one, as a directory of its own: paths cannot lead out of it into
   * this one.
   */
  public AsyncDirectory openDirectory(String path) throws IOException {
    return new AsyncDirectory(handle.openDirectory(checked(path)), this.path.resolve(path));
  }

  /**
   * Opens or creates a file.
   *
   * @param options as for {@link AsyncFile#open(Path, OpenOption...)}, except {@code
   *     DELETE_ON_CLOSE}; without options the file is opened for reading
   * @throws UnsupportedOperationException if an option is unknown or {@code DELETE_ON_CLOSE}
   */
  public AsyncFile openFile(String path, OpenOption... options) throws IOException {
    Objects.requireNonNull(path, "path");
    return openFile(path, new HashSet<>(Arrays.asList(options)));
  }

  /**
   * Opens or creates a file, and sets the attributes when it creates the file.
   *
   * @param options the options of {@link #openFile(String, OpenOption...)}
   * @throws UnsupportedOperationException if an attribute cannot be set atomically with the
   *     creation, or an option is unknown or {@code DELETE_ON_CLOSE}
   */
  public AsyncFile openFile(
      String path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    String relative = checked(path);
    for (OpenOption option : options) {
      Objects.requireNonNull(option, "option");
    }
    Objects.requireNonNull(attributes, "attributes");
    if (options.contains(StandardOpenOption.DELETE_ON_CLOSE)) {
      throw new UnsupportedOperationException(
          "DELETE_ON_CLOSE is not supported beneath a directory; call delete after openFile");
    }
    Path name = this.path.resolve(relative);
    return AsyncFile.of(handle.openFile(relative, options, attributes), name);
  }

  /**
   * Reads the attributes of a file or directory.
   *
   * @param options {@link LinkOption#NOFOLLOW_LINKS} for the attributes of a link itself
   */
  public BasicFileAttributes stat(String path, LinkOption... options) throws IOException {
    String relative = checked(path);
    boolean follow = true;
    for (LinkOption option : options) {
      follow &= Objects.requireNonNull(option, "option") != LinkOption.NOFOLLOW_LINKS;
    }
    return handle.attributes(relative, follow);
  }

  /**
   * Lists a directory.
   *
   * <pre>{@code
   * try (var directory = AsyncDirectory.open(Path.of("mail"))) {
   *   for (DirectoryEntry entry : directory.list(".")) {
   *     System.out.println(entry.name() + (entry.isDirectory() ? "/" : ""));
   *   }
   * }
   * }</pre>
   *
   * @return the entries without {@code .} and {@code ..}, in the order of the file system
   */
  public List<DirectoryEntry> list(String path) throws IOException {
    String relative = checked(path);
    List<DirectoryEntry> entries = new ArrayList<>();
    for (DirectoryHandle.Entry entry : handle.list(relative)) {
      entries.add(new DirectoryEntry(entry.name(), DirectoryEntry.Type.of(entry.type())));
    }
    return entries;
  }

  /**
   * Creates an empty file.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name exists
   */
  public void createFile(String path, FileAttribute<?>... attributes) throws IOException {
    openFile(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)
        .close();
  }

  /**
   * Creates a directory. Its parent must exist.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name exists
   */
  public void createDirectory(String path, FileAttribute<?>... attributes) throws IOException {
    String relative = checked(path);
    Objects.requireNonNull(attributes, "attributes");
    handle.createDirectory(relative, attributes);
  }

  /**
   * Renames a file, a link or a directory within this directory, atomically. A file or link at
   * {@code to} is replaced, and so is an empty directory by a directory.
   *
   * @throws java.nio.file.DirectoryNotEmptyException if {@code to} is a directory with entries
   */
  public void rename(String from, String to) throws IOException {
    handle.rename(checked(from, "from"), checked(to, "to"));
  }

  /**
   * Deletes a file, a link itself, or an empty directory.
   *
   * @throws java.nio.file.DirectoryNotEmptyException if it is a directory with entries
   */
  public void delete(String path) throws IOException {
    handle.delete(checked(path));
  }

  private String checked(String relative) throws IOException {
    return checked(relative, "path");
  }

  private String checked(String relative, String argument) throws IOException {
    Objects.requireNonNull(relative, argument);
    if (relative.isEmpty()) {
      throw new IllegalArgumentException(argument + " is empty; \".\" is the directory itself");
    }
    int nul = relative.indexOf('\0');
    if (nul >= 0) {
      throw new InvalidPathException(relative, argument + " contains a NUL", nul);
    }
    if (relative.startsWith("/")) {
      throw DirectoryHandle.leadsOut(path, relative);
    }
    return relative;
  }

  /** Closes the directory. Files and directories that were opened in it stay open. */
  @Override
  public void close() throws IOException {
    closed = true;
    handle.close();
  }

  /** Whether the directory has not been closed. */
  public boolean isOpen() {
    return !closed;
  }

  /** Returns the path that the directory was opened with. */
  public Path path() {
    return path;
  }

  @Override
  public String toString() {
    return "AsyncDirectory[" + path + (isOpen() ? "]" : ", closed]");
  }
}
