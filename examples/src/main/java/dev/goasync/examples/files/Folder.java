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
 * The folder that is served. Nothing outside is reached, neither by {@code ..} nor by a link: of
 * each path all links are followed, and what they lead to must be inside. (Who may write in the
 * folder could put a link in a file's place between the look and the opening.)
 *
 * <p>The file system is asked inside {@code offload}, as its calls would block the loop; only files
 * are opened and read in the coroutine.
 */
public final class Folder {
  private static final String INDEX = "index.html";
  private static final int MAX_LISTED = 10_000;

  /** What a target leads to. */
  sealed interface Found permits FoundFile, FoundFolder, Moved {}

  /** A file as it was when it was looked at. */
  record FoundFile(Path path, Version version) implements Found {}

  /**
   * A folder without an index.
   *
   * @param names in order; those of folders end with a slash
   */
  record FoundFolder(List<String> names) implements Found {}

  /** It is a folder, whose links work only if its path ends with a slash. */
  record Moved(String link) implements Found {}

  private final Path root;

  /**
   * A folder to be served.
   *
   * @throws IOException if it is none
   */
  public Folder(Path path) throws IOException {
    root = path.toRealPath();
    if (!Files.isDirectory(root)) {
      throw new NotDirectoryException(path.toString());
    }
  }

  /**
   * Looks a target up.
   *
   * @throws HttpException if nothing is there that can be served
   */
  Found find(Target target) throws HttpException {
    return offload(() -> {
      try {
        return look(target);
      } catch (IOException | InvalidPathException failed) {
        throw asHttp(failed);
      }
    });
  }

  /**
   * Opens a file that was found.
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

  private Found look(Target target) throws IOException {
    Path path = resolve(target);
    boolean isFolder = Files.isDirectory(path);
    if (!isFolder && target.endsWithSlash()) {
      throw new NotDirectoryException(path.toString());
    }
    if (!isFolder) {
      return file(path);
    }
    if (!target.endsWithSlash()) {
      return new Moved(target.folderLink() + target.query());
    }
    Path index = path.resolve(INDEX);
    return Files.exists(index) ? file(inside(index)) : new FoundFolder(list(path));
  }

  private Path resolve(Target target) throws IOException {
    Path path = root;
    for (String name : target.names()) {
      Path next = root.getFileSystem().getPath(name);
      if (name.isEmpty()
          || next.isAbsolute()
          || next.getNameCount() != 1
          || !next.toString().equals(name)) {
        throw new NoSuchFileException(name); // perhaps a slash was escaped in it
      }
      path = path.resolve(next);
    }
    return inside(path);
  }

  /** The path with all links followed. */
  private Path inside(Path path) throws IOException {
    Path real;
    try {
      real = path.toRealPath();
    } catch (AccessDeniedException denied) {
      throw denied;
    } catch (FileSystemException _) { // too long, in a circle, through a file
      throw new NoSuchFileException(path.toString());
    }
    if (!real.startsWith(root)) {
      throw new NoSuchFileException(path.toString(), null, "it leads out of " + root);
    }
    return real;
  }

  private static FoundFile file(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new NoSuchFileException(path.toString(), null, "it is no regular file");
    }
    return new FoundFile(
        path, new Version(attributes.size(), attributes.lastModifiedTime().toInstant()));
  }

  private List<String> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
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
          new HttpException(Status.NOT_FOUND, "there is no such file");
      case AccessDeniedException _ ->
          new HttpException(Status.FORBIDDEN, "the server may not read it");
      default -> {
        System.err.println("cannot be served: " + failed);
        yield new HttpException(Status.INTERNAL_SERVER_ERROR, "it cannot be read now");
      }
    };
  }
}
