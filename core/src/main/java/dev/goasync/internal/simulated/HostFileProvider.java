package dev.goasync.internal.simulated;

import dev.goasync.internal.simulated.disk.DirectoryNode;
import dev.goasync.internal.simulated.disk.Disk;
import dev.goasync.internal.simulated.disk.DiskException;
import dev.goasync.internal.simulated.disk.LinkNode;
import dev.goasync.internal.simulated.disk.Node;
import dev.goasync.internal.simulated.resource.NotSimulated;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operations of {@code java.nio.file.Files} on the disk of a simulated host. Their exceptions
 * are those of the JDK's provider for Linux.
 */
final class HostFileProvider extends FileSystemProvider {
  /** The permissions to execute, of all users. */
  private static final int EXECUTE = 0111;

  private static final Set<Class<?>> VIEWS =
      Set.of(
          BasicFileAttributeView.class, PosixFileAttributeView.class, FileOwnerAttributeView.class);

  private final HostFiles files;

  HostFileProvider(HostFiles files) {
    this.files = files;
  }

  /** An operation of the disk. */
  interface Call<R extends @Nullable Object> {
    R run(Disk disk) throws DiskException, IOException;
  }

  /** Makes a call on a path; its failure becomes an exception with the path. */
  <R extends @Nullable Object> R call(Path path, Call<R> call) throws IOException {
    return call(path, null, call);
  }

  private <R extends @Nullable Object> R call(Path path, @Nullable Path other, Call<R> call)
      throws IOException {
    files.begin(path);
    try {
      return call.run(files.disk());
    } catch (DiskException failed) {
      throw error(failed.errno(), path, other);
    }
  }

  private static FileSystemException error(int errno, Path path, @Nullable Path other) {
    if (other == null) {
      return errno == Errno.ELOOP
          ? new FileSystemException(
              path.toString(),
              null,
              Errno.describe(errno) + " or unable to access attributes of symbolic link")
          : IoErrors.ofFile(errno, path.toString());
    }
    String to = other.toString();
    return switch (errno) {
      case Errno.ENOENT -> new NoSuchFileException(path.toString(), to, null);
      case Errno.EEXIST -> new FileAlreadyExistsException(path.toString(), to, null);
      case Errno.EACCES -> new AccessDeniedException(path.toString(), to, null);
      default -> new FileSystemException(path.toString(), to, Errno.describe(errno));
    };
  }

  private String text(Path path) {
    return files.absolute(((HostPath) path).inner());
  }

  private static boolean follows(LinkOption... options) {
    return !Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS);
  }

  Node find(Disk disk, Path path, boolean follow) throws DiskException {
    return disk.find(disk.root(), text(path), follow, false);
  }

  private @Nullable Node findOrNull(Disk disk, Path path) throws DiskException {
    try {
      return find(disk, path, false);
    } catch (DiskException failed) {
      if (failed.errno() == Errno.ENOENT) {
        return null;
      }
      throw failed;
    }
  }

  // ---- contents ----

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return new HandleChannel(files.openFile(path, options, attributes));
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
    List<DirectoryNode.Entry> entries =
        call(
            path,
            disk -> {
              if (find(disk, path, true) instanceof DirectoryNode directory) {
                return directory.list();
              }
              throw new NotDirectoryException(path.toString());
            });
    List<Path> accepted = new ArrayList<>();
    for (DirectoryNode.Entry entry : entries) {
      Path found = path.resolve(entry.name());
      if (filter.accept(found)) {
        accepted.add(found);
      }
    }
    return new HostDirectoryStream(accepted);
  }

  // ---- names ----

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    int mode = HostFiles.newDirectoryMode(attributes);
    call(
        path,
        disk -> {
          disk.createDirectory(disk.root(), text(path), mode, false);
          files.trace("creates", path, 0);
          return null;
        });
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    if (attributes.length > 0) {
      throw new UnsupportedOperationException(
          "Initial file attributes not supported when creating symbolic link");
    }
    call(
        link,
        disk -> {
          disk.createLink(disk.root(), text(link), target.toString());
          return null;
        });
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    call(
        link,
        existing,
        disk -> {
          disk.link(disk.root(), text(existing), text(link));
          return null;
        });
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    return call(
        link,
        disk -> {
          if (find(disk, link, false) instanceof LinkNode found) {
            return link.getFileSystem().getPath(found.target());
          }
          throw new NotLinkException(link.toString());
        });
  }

  @Override
  public void delete(Path path) throws IOException {
    call(
        path,
        disk -> {
          delete(disk, path);
          return null;
        });
  }

  private void delete(Disk disk, Path path) throws DiskException, IOException {
    try {
      disk.delete(disk.root(), text(path), false);
    } catch (DiskException failed) {
      if (failed.errno() == Errno.ENOTEMPTY) {
        throw new DirectoryNotEmptyException(path.toString());
      }
      throw failed;
    }
    files.trace("deletes", path, 0);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    List<CopyOption> all = Arrays.asList(options);
    if (all.contains(StandardCopyOption.COPY_ATTRIBUTES)) {
      throw new UnsupportedOperationException("Unsupported option: COPY_ATTRIBUTES");
    }
    boolean atomic = all.contains(StandardCopyOption.ATOMIC_MOVE);
    if (!atomic && !makeRoom(source, target, all)) {
      return;
    }
    call(
        source,
        target,
        disk -> {
          disk.rename(disk.root(), text(source), text(target), false);
          files.trace("renames", source + " to " + target, 0);
          return null;
        });
  }

  /** Deletes the target if it may be replaced; returns false if it is the source. */
  private boolean makeRoom(Path source, Path target, List<CopyOption> options) throws IOException {
    Node moved = call(source, disk -> find(disk, source, false));
    Node replaced = call(target, disk -> findOrNull(disk, target));
    if (moved == replaced) {
      return false;
    }
    if (replaced != null) {
      if (!options.contains(StandardCopyOption.REPLACE_EXISTING)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      delete(target);
    }
    return true;
  }

  /** Copies a directory without its entries, or a link; {@code FileCopy} copies files. */
  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    List<CopyOption> all = Arrays.asList(options);
    boolean follow = !all.contains(LinkOption.NOFOLLOW_LINKS);
    Node copied = call(source, disk -> find(disk, source, follow));
    Node replaced = call(target, disk -> findOrNull(disk, target));
    if (copied == replaced) {
      return;
    }
    if (replaced != null && !all.contains(StandardCopyOption.REPLACE_EXISTING)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    if (replaced != null) {
      delete(target);
    }
    switch (copied) {
      case DirectoryNode _ -> createDirectory(target);
      case LinkNode link -> createSymbolicLink(target, Path.of(link.target()));
      default -> throw NotSimulated.exception("this copy of a file: " + source);
    }
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    return path.equals(other)
        || call(path, disk -> find(disk, path, true))
            == call(other, disk -> find(disk, other, true));
  }

  @Override
  public boolean isHidden(Path path) {
    Path name = path.getFileName();
    return name != null && name.toString().startsWith(".");
  }

  String realPath(HostPath path, LinkOption... options) throws IOException {
    return call(
        path,
        disk -> {
          if (follows(options)) {
            return disk.realPath(disk.root(), text(path));
          }
          find(disk, path, false);
          return path.inner().toAbsolutePath().normalize().toString();
        });
  }

  // ---- attributes ----

  /** As for root: only the execution of a file needs a permission, which may be anyone's. */
  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    call(
        path,
        disk -> {
          Node node = find(disk, path, true);
          boolean execute = Arrays.asList(modes).contains(AccessMode.EXECUTE);
          if (execute && !(node instanceof DirectoryNode) && (node.mode() & EXECUTE) == 0) {
            throw new AccessDeniedException(path.toString());
          }
          return null;
        });
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return VIEWS.contains(type) ? type.cast(view(path, options)) : null;
  }

  private HostAttributeView view(Path path, LinkOption... options) {
    return new HostAttributeView(this, (HostPath) path, follows(options));
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    if (type != BasicFileAttributes.class && type != PosixFileAttributes.class) {
      throw new UnsupportedOperationException();
    }
    return type.cast(view(path, options).readAttributes());
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    return view(path, options).read(names);
  }

  @Override
  public void setAttribute(
      Path path, String attribute, @Nullable Object value, LinkOption... options)
      throws IOException {
    view(path, options).set(attribute, value);
  }

  // ---- what a host does not have ----

  @Override
  public String getScheme() {
    return "goasync-simulated";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw NotSimulated.exception("URIs of files");
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw NotSimulated.exception("URIs of files");
  }

  @Override
  public Path getPath(URI uri) {
    throw NotSimulated.exception("URIs of files");
  }

  @Override
  public FileStore getFileStore(Path path) {
    throw NotSimulated.exception("file stores");
  }
}
