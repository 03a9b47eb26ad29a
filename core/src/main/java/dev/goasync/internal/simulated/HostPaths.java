package dev.goasync.internal.simulated;

import dev.goasync.internal.simulated.disk.Disk;
import dev.goasync.internal.simulated.disk.DiskException;
import dev.goasync.internal.sys.Errno;
import java.nio.file.Path;

/**
 * The directories with which the disk of a host begins. They have the names of this JVM's working
 * directory, home directory and directory for temporary files, so that a relative path, and what a
 * program makes of it by {@link Path#toAbsolutePath}, name the same file.
 */
final class HostPaths {
  private static final int MODE = 0755;

  private HostPaths() {}

  static void createDirectories(Disk disk) {
    for (String property : new String[] {"user.dir", "user.home", "java.io.tmpdir"}) {
      Path path = Path.of(System.getProperty(property)).toAbsolutePath().normalize();
      for (int count = 1; count <= path.getNameCount(); count++) {
        create(disk, "/" + path.subpath(0, count));
      }
    }
    disk.storeAll();
  }

  private static void create(Disk disk, String path) {
    try {
      disk.createDirectory(disk.root(), path, MODE, false);
    } catch (DiskException failed) {
      if (failed.errno() != Errno.EEXIST) {
        throw new AssertionError(path, failed);
      }
    }
  }
}
