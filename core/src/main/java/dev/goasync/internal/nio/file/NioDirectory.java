package dev.goasync.internal.nio.file;

import dev.goasync.internal.platform.DirectoryHandle;
import dev.goasync.internal.platform.FileHandle;
import dev.goasync.internal.worker.Workers;
import dev.goasync.internal.worker.Workers.Duration;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A directory over the JDK's {@link java.nio.file.SecureDirectoryStream}, or over paths where the
 * JDK has none. All operations run on {@link Workers}.
 */
public final class NioDirectory implements DirectoryHandle {
  private static final Workers WORKERS = Workers.OF_IO;

  private final Path path;
  private final NioPlace root;
  private volatile boolean closed;

  private NioDirectory(Path path, NioPlace root) {
    this.path = path;
    this.root = root;
  }

  public static NioDirectory open(Path path) throws IOException {
    if (path.getFileSystem() != FileSystems.getDefault()) {
      throw new ProviderMismatchException(path + " is not a path of the default file system");
    }
    return WORKERS.run(
        Duration.BOUNDED,
        "the opening of " + path,
        () -> {
          Path real = path.toRealPath();
          if (!Files.isDirectory(real)) {
            throw new NotDirectoryException(path.toString());
          }
          return new NioDirectory(path, NioPlace.open(real));
        });
  }

  /** A blocking call with the walk to the path of the operation. */
  private interface Call<R> {
    R run(NioWalk walk) throws IOException;
  }

  private <R> R run(Duration duration, String what, String relative, Call<R> call)
      throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    return WORKERS.run(
        duration,
        what + path,
        () -> {
          try (NioWalk walk = new NioWalk(path, root, relative)) {
            return call.run(walk);
          } catch (ClosedDirectoryStreamException closedMeanwhile) {
            throw new ClosedChannelException();
          } catch (FileSystemException failed) {
            throw withPath(failed, relative);
          }
        });
  }

  /** The JDK's exceptions name the entry only, or nothing. */
  private FileSystemException withPath(FileSystemException failed, String relative) {
    String name = path + "/" + relative;
    return switch (failed) {
      case NoSuchFileException _ -> new NoSuchFileException(name);
      case FileAlreadyExistsException _ -> new FileAlreadyExistsException(name);
      case NotDirectoryException _ -> new NotDirectoryException(name);
      case DirectoryNotEmptyException _ -> new DirectoryNotEmptyException(name);
      case AccessDeniedException denied when denied.getReason() != null -> denied;
      case AccessDeniedException _ -> new AccessDeniedException(name);
      default -> new FileSystemException(name, null, failed.getReason());
    };
  }

  @Override
  public FileHandle openFile(
      String relative, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    String what = "the opening of a path in ";
    boolean follow =
        !options.contains(LinkOption.NOFOLLOW_LINKS)
            && !options.contains(StandardOpenOption.CREATE_NEW);
    Set<OpenOption> unfollowed = new HashSet<>(options);
    unfollowed.add(LinkOption.NOFOLLOW_LINKS);
    boolean waits =
        run(
            Duration.BOUNDED,
            what,
            relative,
            walk -> {
              walk.toLast(follow);
              return walk.isPipeOrDevice();
            });
    Duration duration = waits ? Duration.UNBOUNDED : Duration.BOUNDED;
    return run(
        duration,
        what,
        relative,
        walk -> {
          walk.toLast(follow);
          FileChannel channel = walk.place().openFile(walk.name(), unfollowed, attributes);
          return NioFile.of(walk.place().path().resolve(walk.name()), duration, channel);
        });
  }

  @Override
  public DirectoryHandle openDirectory(String relative) throws IOException {
    return run(
        Duration.BOUNDED,
        "the opening of a path in ",
        relative,
        walk -> new NioDirectory(path.resolve(relative), walk.enterAll()));
  }

  @Override
  public BasicFileAttributes attributes(String relative, boolean followLinks) throws IOException {
    return run(
        Duration.BOUNDED,
        "the attributes of a file in ",
        relative,
        walk -> {
          walk.toLast(followLinks);
          return walk.place().attributes(walk.name());
        });
  }

  @Override
  public List<Entry> list(String relative) throws IOException {
    return run(
        Duration.BOUNDED,
        "the entries of a directory in ",
        relative,
        walk -> {
          try (NioPlace listed = walk.enterAll()) {
            return entries(listed);
          } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
          }
        });
  }

  private static List<Entry> entries(NioPlace listed) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> names = listed.list()) {
      for (Path each : names) {
        Path name = Objects.requireNonNull(each.getFileName());
        try {
          entries.add(new Entry(name.toString(), Type.of(listed.attributes(name))));
        } catch (NoSuchFileException deletedMeanwhile) {
          // not an entry any more
        }
      }
    }
    return entries;
  }

  @Override
  public void createDirectory(String relative, FileAttribute<?>... attributes) throws IOException {
    run(
        Duration.BOUNDED,
        "the creation of a directory in ",
        relative,
        walk -> {
          walk.toParent();
          return walk.place().createDirectory(walk.name(), attributes);
        });
  }

  @Override
  public void delete(String relative) throws IOException {
    run(
        Duration.BOUNDED,
        "the removal of a file in ",
        relative,
        walk -> {
          walk.toParent();
          walk.place().delete(walk.name());
          return true;
        });
  }

  @Override
  public void rename(String from, String to) throws IOException {
    run(
        Duration.BOUNDED,
        "the renaming of a file in ",
        from,
        walk -> {
          walk.toParent();
          try (NioWalk target = new NioWalk(path, root, to)) {
            target.toParent();
            walk.place().rename(walk.name(), target.place(), target.name());
          }
          return true;
        });
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      WORKERS.runUncancellable(
          Duration.BOUNDED,
          "the closing of " + path,
          () -> {
            root.close();
            return true;
          });
    }
  }
}
