package dev.goasync.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Creates files and directories with a new unique name: by {@link Files}, or in a simulation with a
 * name that depends on the seed.
 */
final class TemporaryFiles {
  private static final FileAttribute<?> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final FileAttribute<?> PRIVATE_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private TemporaryFiles() {}

  /**
   * Creates a file.
   *
   * @param directory null for the directory for temporary files
   */
  static Path create(
      @Nullable Path directory,
      @Nullable String prefix,
      @Nullable String suffix,
      FileAttribute<?>... attributes)
      throws IOException {
    if (PathCalls.isSimulated()) {
      Path path = newPath(directory, prefix, suffix == null ? ".tmp" : suffix);
      return AsyncFiles.createFile(path, orDefault(PRIVATE_FILE, attributes));
    }
    return directory == null
        ? PathCalls.run("a temporary file", () -> Files.createTempFile(prefix, suffix, attributes))
        : PathCalls.run(directory, here -> Files.createTempFile(here, prefix, suffix, attributes));
  }

  /**
   * Creates a directory.
   *
   * @param directory null for the directory for temporary files
   */
  static Path createDirectory(
      @Nullable Path directory, @Nullable String prefix, FileAttribute<?>... attributes)
      throws IOException {
    if (PathCalls.isSimulated()) {
      Path path = newPath(directory, prefix, "");
      return AsyncFiles.createDirectory(path, orDefault(PRIVATE_DIRECTORY, attributes));
    }
    return directory == null
        ? PathCalls.run(
            "a temporary directory", () -> Files.createTempDirectory(prefix, attributes))
        : PathCalls.run(directory, here -> Files.createTempDirectory(here, prefix, attributes));
  }

  private static Path newPath(@Nullable Path directory, @Nullable String prefix, String suffix) {
    Path name = Path.of((prefix == null ? "" : prefix) + PathCalls.newNamePart() + suffix);
    if (name.getParent() != null) {
      throw new IllegalArgumentException("Invalid prefix or suffix");
    }
    Path parent = directory == null ? Path.of(System.getProperty("java.io.tmpdir")) : directory;
    return parent.resolve(name);
  }

  private static FileAttribute<?>[] orDefault(
      FileAttribute<?> permissions, FileAttribute<?>... attributes) {
    return attributes.length == 0 ? new FileAttribute<?>[] {permissions} : attributes;
  }
}
