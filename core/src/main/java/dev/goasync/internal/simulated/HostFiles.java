package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.WrappedPath;
import dev.goasync.internal.simulated.disk.Disk;
import dev.goasync.internal.simulated.disk.DiskException;
import dev.goasync.internal.simulated.disk.Node;
import dev.goasync.internal.simulated.resource.NotSimulated;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.FileModes;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.OpenFlags;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.attribute.FileAttribute;
import java.util.LinkedHashSet;
import java.util.Set;

/** The files of one life of a simulated host. Used by the coroutines of that host. */
final class HostFiles {
  private static final int NEW_FILE_MODE = 0666;
  private static final int NEW_DIRECTORY_MODE = 0777;
  private static final int UMASK = 022;

  private final HostRun run;
  private final HostFileSystem system = new HostFileSystem(this);

  /** The files and directories that are open, in the order in which they were opened. */
  private final Set<Closeable> open = new LinkedHashSet<>();

  private final FileRanges ranges = new FileRanges();

  private final Path directory;

  /**
   * @param directory the working directory, which the JVM does not know
   */
  HostFiles(HostRun run, Path directory) {
    this.run = run;
    this.directory = directory;
  }

  /** The absolute path of a path of the default file system, for the disk. */
  String absolute(Path path) {
    return directory.resolve(path).toString();
  }

  Disk disk() {
    return run.host.disk().disk();
  }

  Set<Closeable> open() {
    return open;
  }

  FileRanges ranges() {
    return ranges;
  }

  boolean hasCrashed() {
    return run.hasCrashed();
  }

  void trace(String what, Object subject, long detail) {
    run.host.world.trace(what + " " + subject, run.host, detail);
  }

  // ---- paths ----

  /** The path of {@link HostFileSystem} for a path of the caller. */
  HostPath locate(Path path) {
    return switch (path) {
      case HostPath located when located.getFileSystem() == system -> located;
      case Path plain when plain.getFileSystem() == FileSystems.getDefault() ->
          new HostPath(system, plain);
      default ->
          throw NotSimulated.exception(
              "the file system of " + path + ", which may be on the disk of this machine");
    };
  }

  private Path plain(Path path) {
    if (path instanceof WrappedPath wrapped && wrapped.getFileSystem() == system) {
      return wrapped.inner();
    }
    if (path.getFileSystem() != FileSystems.getDefault()) {
      throw new ProviderMismatchException(path + " is not a path of the default file system");
    }
    return path;
  }

  // ---- operations ----

  /**
   * Begins an operation of the calling coroutine: it may let others run first, and takes the time
   * of the disk.
   *
   * @param what the operation, as the end of a sentence that begins with "waits for"
   * @throws IllegalStateException if the caller is not a coroutine of the host
   */
  void begin(Object what) {
    Fiber fiber = caller(what);
    fiber.checkCancelled();
    if (run.host.world.schedule().yieldsFirst()) {
      fiber.yieldNow();
    }
    pause(fiber, what, run.host.disk().drawAccess());
  }

  /** As {@link #begin}, for an operation that waits for the device. */
  void beginForce(Object what) {
    Fiber fiber = caller(what);
    fiber.checkCancelled();
    pause(fiber, what, run.host.disk().drawForce());
  }

  private void pause(Fiber fiber, Object what, long nanos) {
    if (nanos > 0) {
      DiskWait.pause(run.host.world, fiber, nanos, what);
    }
  }

  private Fiber caller(Object what) {
    Fiber fiber = Fiber.currentIncludingSync();
    if (fiber == null || fiber.loop().hooks() != run) {
      throw new IllegalStateException(
          "a file of the simulated "
              + run.host
              + " can be used by coroutines of that host only: "
              + what);
    }
    return fiber;
  }

  // ---- opening ----

  SimulatedFile openFile(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    OpenFlags flags = OpenFlags.of(options);
    int mode = newFileMode(attributes);
    String absolute = absolute(plain(path));
    begin("the opening of " + path);
    checkDescriptors(path);
    try {
      Node node = disk().open(disk().root(), absolute, flags.bits(), mode, false);
      if (flags.deleteOnClose()) {
        disk().delete(disk().root(), absolute, false);
      }
      return opened(node, path, flags);
    } catch (DiskException failed) {
      throw IoErrors.ofFile(failed.errno(), path.toString());
    }
  }

  SimulatedFile opened(Node node, Object path, OpenFlags flags) {
    SimulatedFile file = new SimulatedFile(this, node, path, flags);
    open.add(file);
    return file;
  }

  static int newFileMode(FileAttribute<?>... attributes) {
    return FileModes.of(NEW_FILE_MODE, attributes) & ~UMASK;
  }

  static int newDirectoryMode(FileAttribute<?>... attributes) {
    return FileModes.of(NEW_DIRECTORY_MODE, attributes) & ~UMASK;
  }

  void checkDescriptors(Object path) throws IOException {
    run.checkDescriptors(() -> IoErrors.ofFile(Errno.EMFILE, path.toString()));
  }

  SimulatedDirectory openDirectory(Path path) throws IOException {
    String absolute = absolute(plain(path));
    begin("the opening of " + path);
    checkDescriptors(path);
    try {
      return SimulatedDirectory.opened(
          this, disk().openDirectory(disk().root(), absolute, false), path);
    } catch (DiskException failed) {
      throw SimulatedDirectory.error(failed, path.toString());
    }
  }

  /** The file system for {@code java.nio.file.Files}. */
  HostFileSystem system() {
    return system;
  }
}
