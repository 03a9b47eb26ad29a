package dev.goasync.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies a file with the result of {@link Files#copy(Path, Path, CopyOption...)}, in many steps:
 * between two steps it reports progress and can be cancelled. {@code Files} copies directories and
 * symbolic links. Pipes and devices are copied here, since their reads may wait without a limit and
 * must not occupy a worker thread.
 */
final class FileCopy {
  private static final Set<CopyOption> KNOWN =
      Set.of(
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.COPY_ATTRIBUTES,
          LinkOption.NOFOLLOW_LINKS);

  private final Path source;
  private final Path target;
  private final Set<CopyOption> options = new HashSet<>();
  private final LinkOption[] links;
  private final LongConsumer progress;

  FileCopy(Path source, Path target, LongConsumer progress, CopyOption... options) {
    this.source = PathCalls.located(Objects.requireNonNull(source, "source"));
    this.target = PathCalls.located(Objects.requireNonNull(target, "target"));
    this.progress = Objects.requireNonNull(progress, "progress");
    for (CopyOption option : options) {
      this.options.add(Objects.requireNonNull(option, "option"));
    }
    boolean follows = !this.options.contains(LinkOption.NOFOLLOW_LINKS);
    this.links = follows ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
  }

  void run() throws IOException {
    Plan plan = PathCalls.run((Object) source, this::plan);
    if (plan == null) {
      return;
    }
    Set<OpenOption> reading = new HashSet<>(List.of(links));
    reading.add(StandardOpenOption.READ);
    try (AsyncFile from = AsyncFile.open(source, reading)) { // before the target is touched
      copyTo(plan, from);
    }
  }

  /**
   * The steps that are left after the checks.
   *
   * @param written the file to write: the target, or a temporary file beside it, which then
   *     replaces the target by a rename. So the target is complete at all times, and concurrent
   *     replacing copies do not disturb each other.
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, by the method that asked for the plan
  private record Plan(Path written, FileAttribute<?>[] attributes) {}

  /** Makes the checks; returns null if nothing is left to do. */
  private @Nullable Plan plan() throws IOException {
    boolean isDefault = PathCalls.isOfAsyncFile(source) && PathCalls.isOfAsyncFile(target);
    if (!isDefault || !KNOWN.containsAll(options)) {
      return copyByJdk(); // throws if an option is unsupported
    }
    BasicFileAttributes attributes = Files.readAttributes(source, BasicFileAttributes.class, links);
    if (attributes.isDirectory() || attributes.isSymbolicLink()) {
      return copyByJdk();
    }
    boolean replaces = options.contains(StandardCopyOption.REPLACE_EXISTING);
    BasicFileAttributes existing = attributesOfTarget();
    if (existing != null) {
      if (isSame(attributes, existing)) {
        return null;
      }
      if (!replaces) {
        throw new FileAlreadyExistsException(target.toString());
      }
      if (existing.isDirectory()) {
        checkEmpty();
      }
    }
    return new Plan(replaces ? temporaryNameBeside(target) : target, permissions());
  }

  private @Nullable BasicFileAttributes attributesOfTarget() throws IOException {
    try {
      return Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  private void checkEmpty() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(target)) {
      if (entries.iterator().hasNext()) {
        throw new DirectoryNotEmptyException(target.toString());
      }
    }
  }

  static Path temporaryNameBeside(Path target) {
    return target.resolveSibling(".goasync-" + PathCalls.newNamePart() + ".tmp");
  }

  private FileAttribute<?>[] permissions() throws IOException {
    if (!isPosix(source) || !isPosix(target)) {
      return new FileAttribute<?>[0];
    }
    var permissions = Files.readAttributes(source, PosixFileAttributes.class, links).permissions();
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
  }

  private @Nullable Plan copyByJdk() throws IOException {
    Files.copy(source, target, options.toArray(CopyOption[]::new));
    return null;
  }

  /** Compares without following links: a link to the source is not the same file. */
  private boolean isSame(BasicFileAttributes attributes, BasicFileAttributes existing)
      throws IOException {
    Object key = attributes.fileKey();
    return key == null ? Files.isSameFile(source, target) : key.equals(existing.fileKey());
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Writes the file of the plan and moves it to the target; deletes it if that fails. */
  private void copyTo(Plan plan, AsyncFile from) throws IOException {
    boolean complete = false;
    AsyncFile to = create(plan);
    try {
      try (to) {
        from.transferAll(to, progress);
      }
      PathCalls.run(target, () -> finish(plan.written));
      complete = true;
    } finally {
      if (!complete) {
        PathCalls.runUncancellable(target, () -> Files.deleteIfExists(plan.written));
      }
    }
  }

  private AsyncFile create(Plan plan) throws IOException {
    Set<OpenOption> writing = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      return AsyncFile.open(plan.written, writing, plan.attributes);
    } catch (FileSystemException failed) {
      throw plan.written.equals(target) ? failed : ofTarget(failed);
    }
  }

  /** Returns the exception with the path of the target instead of that of the temporary file. */
  private FileSystemException ofTarget(FileSystemException failed) {
    String name = target.toString();
    FileSystemException renamed =
        switch (failed) {
          case NoSuchFileException _ -> new NoSuchFileException(name);
          case AccessDeniedException _ -> new AccessDeniedException(name);
          default -> new FileSystemException(name, null, failed.getReason());
        };
    renamed.setStackTrace(failed.getStackTrace());
    return renamed;
  }

  private boolean finish(Path written) throws IOException {
    if (options.contains(StandardCopyOption.COPY_ATTRIBUTES)) {
      copyAttributes(written);
    }
    return written.equals(target) || rename(written, target);
  }

  /** Replaces the target, also an empty directory; returns true. */
  static boolean rename(Path written, Path target) throws IOException {
    if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      Files.delete(target); // a file cannot be renamed over a directory
    }
    Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  /** Copies times, and all other attributes as far as this process is allowed to set them. */
  private void copyAttributes(Path written) throws IOException {
    if (isPosix(source) && isPosix(target)) {
      copyOwners(written);
    }
    copyUserDefined(written);
    BasicFileAttributes from = Files.readAttributes(source, BasicFileAttributes.class, links);
    Files.getFileAttributeView(written, BasicFileAttributeView.class)
        .setTimes(from.lastModifiedTime(), from.lastAccessTime(), from.creationTime());
  }

  private void copyOwners(Path written) {
    try {
      PosixFileAttributes from = Files.readAttributes(source, PosixFileAttributes.class, links);
      PosixFileAttributeView to = Files.getFileAttributeView(written, PosixFileAttributeView.class);
      to.setPermissions(from.permissions());
      to.setGroup(from.group());
      to.setOwner(from.owner());
      to.setPermissions(from.permissions()); // chown clears the setuid and setgid bits
    } catch (IOException notAllowed) {
      // the JDK's copy ignores this too
    }
  }

  private void copyUserDefined(Path written) {
    var from = Files.getFileAttributeView(source, UserDefinedFileAttributeView.class, links);
    var to = Files.getFileAttributeView(written, UserDefinedFileAttributeView.class);
    if (from == null || to == null) {
      return;
    }
    try {
      for (String name : from.list()) {
        ByteBuffer value = ByteBuffer.allocate(from.size(name));
        from.read(name, value);
        to.write(name, value.flip());
      }
    } catch (IOException notSupported) {
      // the JDK's copy ignores this too
    }
  }
}
