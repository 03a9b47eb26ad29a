package dev.goasync.examples.files;

import dev.goasync.file.AsyncDirectory;
import dev.goasync.file.AsyncFile;
import dev.goasync.file.DirectoryEntry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The directory that the server publishes. Files outside it cannot be reached, neither with {@code
 * ..} nor with a symbolic link, since {@link AsyncDirectory} does not leave its directory.
 */
public final class ServedDirectory {
  private static final String INDEX = "index.html";

  /** The maximum number of entries on one page of a listing. */
  static final int PAGE_ENTRIES = 1000;

  /** The result of a look-up. */
  sealed interface Found extends Closeable permits FoundFile, FoundDirectory, Moved {
    @Override
    default void close() throws IOException {}
  }

  /** An open regular file, with its version when it was opened. */
  record FoundFile(AsyncFile file, Version version) implements Found {
    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /**
   * A directory without an index page: one page of its entries.
   *
   * @param names in order; names of directories end with a slash
   * @param page the number of the page, from 1 on
   * @param pages the number of pages
   */
  record FoundDirectory(List<String> names, int page, int pages) implements Found {}

  /** A directory whose path lacks the slash at the end, without which relative links fail. */
  record Moved(String link) implements Found {}

  private final AsyncDirectory root;

  /**
   * Creates a served directory, which stays open to the end of the program.
   *
   * @throws IOException if {@code path} is not a directory
   */
  public ServedDirectory(Path path) throws IOException {
    root = AsyncDirectory.open(path);
  }

  /**
   * Looks a target up; the caller closes the result.
   *
   * @throws HttpException if the target does not exist or must not be served
   */
  Found find(Target target) throws HttpException {
    try {
      String path = path(target);
      if (!target.endsWithSlash()) {
        return open(path, target);
      }
      Found index = openIndex(path, target);
      return index != null ? index : list(path, target.page());
    } catch (InvalidPathException notEncodable) {
      throw notFound();
    } catch (IOException failed) {
      throw asHttp(failed);
    }
  }

  private @Nullable Found openIndex(String path, Target target) throws IOException {
    try {
      return open(path + "/" + INDEX, target) instanceof FoundFile file ? file : null;
    } catch (NoSuchFileException hasNone) {
      return null;
    }
  }

  private static String path(Target target) throws IOException {
    for (String name : target.names()) {
      if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
        throw new NoSuchFileException(name); // for instance with an escaped slash
      }
    }
    return target.names().isEmpty() ? "." : String.join("/", target.names());
  }

  private Found open(String path, Target target) throws IOException {
    AsyncFile file = root.openFile(path);
    boolean found = false;
    try {
      BasicFileAttributes attributes = file.attributes();
      if (attributes.isDirectory()) {
        return new Moved(target.directoryLink() + target.query());
      }
      if (!attributes.isRegularFile()) {
        throw new NoSuchFileException(path, null, "not a regular file");
      }
      found = true;
      return new FoundFile(
          file, new Version(attributes.size(), attributes.lastModifiedTime().toInstant()));
    } finally {
      if (!found) {
        file.close();
      }
    }
  }

  /** Sorts all names, and looks only at the links of one page. */
  private FoundDirectory list(String path, int page) throws IOException {
    List<DirectoryEntry> entries = root.list(path);
    entries.removeIf(entry -> entry.type() == DirectoryEntry.Type.OTHER);
    entries.sort(Comparator.comparing(DirectoryEntry::name));
    int pages = Math.max(1, Math.ceilDiv(entries.size(), PAGE_ENTRIES));
    if (page > pages) {
      throw new NoSuchFileException(path, null, "the listing has " + pages + " pages");
    }
    int from = (page - 1) * PAGE_ENTRIES;
    int to = Math.min(from + PAGE_ENTRIES, entries.size());
    List<String> names = new ArrayList<>();
    for (DirectoryEntry entry : entries.subList(from, to)) {
      if (entry.isSymbolicLink()) {
        addLink(path, entry.name(), names);
      } else {
        names.add(entry.name() + (entry.isDirectory() ? "/" : ""));
      }
    }
    return new FoundDirectory(names, page, pages);
  }

  private void addLink(String path, String name, List<String> names) {
    try {
      BasicFileAttributes target = root.stat(path + "/" + name);
      if (target.isRegularFile() || target.isDirectory()) {
        names.add(name + (target.isDirectory() ? "/" : ""));
      }
    } catch (IOException leadsNowhere) {
      // not listed
    }
  }

  private static HttpException asHttp(IOException failed) {
    return switch (failed) {
      case NoSuchFileException _, NotDirectoryException _ -> notFound();
      case AccessDeniedException _ -> new HttpException(Status.FORBIDDEN, "access denied");
      case FileSystemException named when isUnusable(named) -> notFound();
      default -> {
        System.err.println("cannot serve: " + failed);
        yield new HttpException(Status.INTERNAL_SERVER_ERROR, "the file cannot be read");
      }
    };
  }

  private static HttpException notFound() {
    return new HttpException(Status.NOT_FOUND, "file not found");
  }

  /** Whether the name is too long, or a loop of links. */
  private static boolean isUnusable(FileSystemException failed) {
    String reason = String.valueOf(failed.getReason());
    return reason.startsWith("File name too long") || reason.startsWith("Too many levels");
  }
}
