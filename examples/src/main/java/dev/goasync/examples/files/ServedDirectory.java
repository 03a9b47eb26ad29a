package dev.goasync.examples.files;

import static dev.goasync.GoAsync.offload;

import dev.goasync.file.AsyncFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directory that the server publishes. Files outside it cannot be reached, neither with {@code
 * ..} nor with a symbolic link: all links of a path are resolved, and the result must be inside. (A
 * user with write access could still replace a file by a link between the check and the opening.)
 *
 * <p>File-system calls that would block the loop run inside {@code offload}; files are opened and
 * read in the coroutine.
 */
public final class ServedDirectory {
  private static final String INDEX = "index.html";
  private static final int MAX_LISTED = 10_000;

  /** The result of a look-up. */
  sealed interface Found permits FoundFile, FoundDirectory, Moved {}

  /** A regular file, with its version at the time of the look-up. */
  record FoundFile(Path path, Version version) implements Found {}

  /**
   * A directory without an index page.
   *
   * @param names in order; names of directories end with a slash
   */
  record FoundDirectory(List<String> names) implements Found {}

  /** A directory whose path lacks the slash at the end, without which relative links fail. */
  record Moved(String link) implements Found {}

  private final Path root;

  /**
   * Creates a served directory.
   *
   * @throws IOException if {@code path} is not a directory
   */
  public ServedDirectory(Path path) throws IOException {
    root = path.toRealPath();
    if (!Files.isDirectory(root)) {
      throw new NotDirectoryException(path.toString());
    }
  }

  /**
   * Looks a target up.
   *
   * @throws HttpException if the target does not exist or must not be served
   */
  Found find(Target target) throws HttpException {
    return offload(() -> {
      try {
        return lookUp(target);
      } catch (IOException | InvalidPathException failed) {
        throw asHttp(failed);
      }
    });
  }

  /**
   * Opens a file that was looked up.
   *
   * @throws HttpException if it cannot be opened any more
   */
  static AsyncFile open(FoundFile file) throws HttpException {
    try {
      return AsyncFile.open(file.path);
    } catch (IOException failed) {
      throw asHttp(failed);
    }
  }

  private Found lookUp(Target target) throws IOException {
    Path path = resolve(target);
    boolean isDirectory = Files.isDirectory(path);
    if (!isDirectory && target.endsWithSlash()) {
      throw new NotDirectoryException(path.toString());
    }
    if (!isDirectory) {
      return file(path);
    }
    if (!target.endsWithSlash()) {
      return new Moved(target.directoryLink() + target.query());
    }
    Path index = path.resolve(INDEX);
    return Files.exists(index) ? file(inside(index)) : new FoundDirectory(list(path));
  }

  private Path resolve(Target target) throws IOException {
    Path path = root;
    for (String name : target.names()) {
      Path next = root.getFileSystem().getPath(name);
      if (name.isEmpty()
          || next.isAbsolute()
          || next.getNameCount() != 1
          || !next.toString().equals(name)) {
        throw new NoSuchFileException(name); // for instance with an escaped slash
      }
      path = path.resolve(next);
    }
    return inside(path);
  }

  /** Returns the path with all links resolved; throws if it is outside the root. */
  private Path inside(Path path) throws IOException {
    Path real;
    try {
      real = path.toRealPath();
    } catch (AccessDeniedException denied) {
      throw denied;
    } catch (FileSystemException _) { // too long, a loop of links, or below a file
      throw new NoSuchFileException(path.toString());
    }
    if (!real.startsWith(root)) {
      throw new NoSuchFileException(path.toString(), null, "the path is outside " + root);
    }
    return real;
  }

  private static FoundFile file(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new NoSuchFileException(path.toString(), null, "not a regular file");
    }
    return new FoundFile(
        path, new Version(attributes.size(), attributes.lastModifiedTime().toInstant()));
  }

  private List<String> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .limit(MAX_LISTED)
          .filter(this::canBeServed)
          .map(entry -> entry.getFileName() + (Files.isDirectory(entry) ? "/" : ""))
          .sorted()
          .toList();
    }
  }

  private boolean canBeServed(Path entry) {
    try {
      Path real = Files.isSymbolicLink(entry) ? inside(entry) : entry;
      return Files.isRegularFile(real) || Files.isDirectory(real);
    } catch (IOException leadsNowhere) {
      return false;
    }
  }

  private static HttpException asHttp(Exception failed) {
    return switch (failed) {
      case NoSuchFileException _, NotDirectoryException _, InvalidPathException _ ->
          new HttpException(Status.NOT_FOUND, "file not found");
      case AccessDeniedException _ -> new HttpException(Status.FORBIDDEN, "access denied");
      default -> {
        System.err.println("cannot serve: " + failed);
        yield new HttpException(Status.INTERNAL_SERVER_ERROR, "the file cannot be read");
      }
    };
  }
}
