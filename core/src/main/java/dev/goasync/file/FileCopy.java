package dev.goasync.file;

import dev.goasync.internal.worker.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
 * between two steps it reports progress and can be cancelled. Only regular files are copied here;
 * {@code Files} copies all other kinds.
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
    this.source = Objects.requireNonNull(source, "source");
    this.target = Objects.requireNonNull(target, "target");
    this.progress = Objects.requireNonNull(progress, "progress");
    for (CopyOption option : options) {
      this.options.add(Objects.requireNonNull(option, "option"));
    }
    boolean follows = !this.options.contains(LinkOption.NOFOLLOW_LINKS);
    this.links = follows ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
  }

  void run() throws IOException {
    List<FileAttribute<?>> attributes = Workers.offLoop(source, this::begin);
    if (attributes == null) {
      return;
    }
    Set<OpenOption> reading = new HashSet<>(List.of(links));
    reading.add(StandardOpenOption.READ);
    try (AsyncFile from = AsyncFile.open(source, reading)) {
      Set<OpenOption> writing = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      copyContent(
          from, AsyncFile.open(target, writing, attributes.toArray(FileAttribute<?>[]::new)));
    }
  }

  /**
   * Prepares the copy off the loop. Returns the attributes of the new file, or null if nothing is
   * left to do.
   */
  private @Nullable List<FileAttribute<?>> begin() throws IOException {
    boolean isDefault =
        AsyncFiles.isDefaultFileSystem(source) && AsyncFiles.isDefaultFileSystem(target);
    if (!isDefault || !KNOWN.containsAll(options)) {
      return copyByJdk(); // throws if an option is unsupported
    }
    BasicFileAttributes attributes = Files.readAttributes(source, BasicFileAttributes.class, links);
    if (!attributes.isRegularFile()) {
      return copyByJdk();
    }
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      if (isSame(attributes)) {
        return null;
      }
      if (!options.contains(StandardCopyOption.REPLACE_EXISTING)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      Files.delete(target);
    }
    if (!isPosix(source) || !isPosix(target)) {
      return List.of();
    }
    var permissions = Files.readAttributes(source, PosixFileAttributes.class, links).permissions();
    return List.of(PosixFilePermissions.asFileAttribute(permissions));
  }

  private @Nullable List<FileAttribute<?>> copyByJdk() throws IOException {
    Files.copy(source, target, options.toArray(CopyOption[]::new));
    return null;
  }

  /** Compares without following links: a link to the source is not the same file. */
  private boolean isSame(BasicFileAttributes attributes) throws IOException {
    Object key = attributes.fileKey();
    return key == null
        ? Files.isSameFile(source, target)
        : key.equals(
            Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey());
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Copies the content, and deletes the target if that fails. */
  private void copyContent(AsyncFile from, AsyncFile to) throws IOException {
    boolean complete = false;
    try {
      try (to) {
        from.transferAll(to, progress);
      }
      if (options.contains(StandardCopyOption.COPY_ATTRIBUTES)) {
        Workers.offLoop(target, this::copyAttributes);
      }
      complete = true;
    } finally {
      if (!complete) {
        Workers.offLoopInAnyCase(target, () -> Files.deleteIfExists(target));
      }
    }
  }

  /** Copies times, and all other attributes as far as this process is allowed to set them. */
  private boolean copyAttributes() throws IOException {
    if (isPosix(source) && isPosix(target)) {
      copyOwners();
    }
    copyUserDefined();
    BasicFileAttributes from = Files.readAttributes(source, BasicFileAttributes.class, links);
    Files.getFileAttributeView(target, BasicFileAttributeView.class)
        .setTimes(from.lastModifiedTime(), from.lastAccessTime(), from.creationTime());
    return true;
  }

  private void copyOwners() {
    try {
      PosixFileAttributes from = Files.readAttributes(source, PosixFileAttributes.class, links);
      PosixFileAttributeView to = Files.getFileAttributeView(target, PosixFileAttributeView.class);
      to.setPermissions(from.permissions());
      to.setGroup(from.group());
      to.setOwner(from.owner());
      to.setPermissions(from.permissions()); // chown clears the setuid and setgid bits
    } catch (IOException notAllowed) {
      // the JDK's copy ignores this too
    }
  }

  private void copyUserDefined() {
    var from = Files.getFileAttributeView(source, UserDefinedFileAttributeView.class, links);
    var to = Files.getFileAttributeView(target, UserDefinedFileAttributeView.class);
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
