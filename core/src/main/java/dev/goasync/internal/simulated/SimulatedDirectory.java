package dev.goasync.internal.simulated;

import dev.goasync.internal.platform.DirectoryHandle;
import dev.goasync.internal.platform.FileHandle;
import dev.goasync.internal.simulated.disk.DirectoryNode;
import dev.goasync.internal.simulated.disk.DiskException;
import dev.goasync.internal.simulated.disk.FileNode;
import dev.goasync.internal.simulated.disk.LinkNode;
import dev.goasync.internal.simulated.disk.Node;
import dev.goasync.internal.simulated.disk.SocketNode;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.OpenFlags;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An open directory of a simulated host. */
final class SimulatedDirectory implements DirectoryHandle {
  private final HostFiles files;
  private final DirectoryNode node;
  private final Path path;
  private boolean closed;

  private SimulatedDirectory(HostFiles files, DirectoryNode node, Path path) {
    this.files = files;
    this.node = node;
    this.path = path;
  }

  static SimulatedDirectory opened(HostFiles files, DirectoryNode node, Path path) {
    SimulatedDirectory directory = new SimulatedDirectory(files, node, path);
    files.open().add(directory);
    return directory;
  }

  /** A change or question of the disk. */
  private interface Call<R extends @Nullable Object> {
    R run() throws DiskException, IOException;
  }

  private <R extends @Nullable Object> R call(String what, String relative, Call<R> call)
      throws IOException {
    return call(what, relative, full(relative), call);
  }

  private <R extends @Nullable Object> R call(
      String what, String relative, String name, Call<R> call) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    files.begin(what + path);
    try {
      return call.run();
    } catch (DiskException failed) {
      throw failed.errno() == Errno.EXDEV
          ? DirectoryHandle.leadsOut(path, relative)
          : error(failed, name);
    }
  }

  static FileSystemException error(DiskException failed, String name) {
    return switch (failed.errno()) {
      case Errno.ENOTDIR -> new NotDirectoryException(name);
      case Errno.ENOTEMPTY -> new DirectoryNotEmptyException(name);
      default -> IoErrors.ofFile(failed.errno(), name);
    };
  }

  @Override
  public FileHandle openFile(
      String relative, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    OpenFlags flags = OpenFlags.of(options);
    int mode = HostFiles.newFileMode(attributes);
    return call(
        "the opening of a path in ",
        relative,
        () -> {
          files.checkDescriptors(full(relative));
          Node opened = files.disk().open(node, relative, flags.bits(), mode, true);
          return files.opened(opened, full(relative), flags);
        });
  }

  @Override
  public DirectoryHandle openDirectory(String relative) throws IOException {
    return call(
        "the opening of a path in ",
        relative,
        () -> {
          files.checkDescriptors(full(relative));
          DirectoryNode opened = files.disk().openDirectory(node, relative, true);
          return opened(files, opened, path.resolve(relative));
        });
  }

  @Override
  public BasicFileAttributes attributes(String relative, boolean followLinks) throws IOException {
    return call(
        "the attributes of a file in ",
        relative,
        () -> HostAttributes.of(files.disk().find(node, relative, followLinks, true)));
  }

  @Override
  public List<Entry> list(String relative) throws IOException {
    return call(
        "the entries of a directory in ",
        relative,
        () ->
            files.disk().openDirectory(node, relative, true).list().stream()
                .map(entry -> new Entry(entry.name(), typeOf(entry.node())))
                .toList());
  }

  private static Type typeOf(Node node) {
    return switch (node) {
      case FileNode _ -> Type.FILE;
      case DirectoryNode _ -> Type.DIRECTORY;
      case LinkNode _ -> Type.LINK;
      case SocketNode _ -> Type.OTHER;
    };
  }

  @Override
  public void createDirectory(String relative, FileAttribute<?>... attributes) throws IOException {
    int mode = HostFiles.newDirectoryMode(attributes);
    call(
        "the creation of a directory in ",
        relative,
        () -> {
          files.disk().createDirectory(node, relative, mode, true);
          files.trace("creates", full(relative), 0);
          return null;
        });
  }

  @Override
  public void rename(String from, String to) throws IOException {
    String what = "the renaming of a file in ";
    call(
        what,
        from,
        full(from),
        () -> {
          try {
            files.disk().rename(node, from, to, true);
          } catch (DiskException failed) {
            throw renameError(failed, from, to);
          }
          files.trace("renames", full(from) + " to " + to, 0);
          return null;
        });
  }

  private IOException renameError(DiskException failed, String from, String to)
      throws DiskException {
    return switch (failed.errno()) {
      case Errno.ENOENT -> throw failed;
      case Errno.EXDEV -> DirectoryHandle.leadsOut(path, from + " -> " + to);
      default -> error(failed, full(from + " -> " + to));
    };
  }

  @Override
  public void delete(String relative) throws IOException {
    call(
        "the removal of a file in ",
        relative,
        () -> {
          files.disk().delete(node, relative, true);
          files.trace("deletes", full(relative), 0);
          return null;
        });
  }

  private String full(String relative) {
    return path + "/" + relative;
  }

  @Override
  public void close() {
    if (!closed && !files.hasCrashed()) {
      closed = true;
      files.open().remove(this);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
