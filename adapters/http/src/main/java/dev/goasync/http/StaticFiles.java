package dev.goasync.http;

import dev.goasync.file.AsyncDirectory;
import dev.goasync.file.AsyncFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves the files of a directory, which no path can leave: with ranges, entity tags, conditions,
 * and {@code index.html} for directories.
 *
 * @param name the name of the pattern's rest, which is the path below the directory
 */
record StaticFiles(AsyncDirectory directory, String name) implements HttpHandler {
  private static final String INDEX = "index.html";

  @Override
  public void handle(HttpExchange exchange) throws Exception {
    String path = exchange.parameter(name);
    if (path.contains("\0") || path.startsWith("/")) {
      throw notFound();
    }
    try {
      serve(exchange, path);
    } catch (NoSuchFileException | NotDirectoryException | InvalidPathException missing) {
      throw notFound();
    } catch (AccessDeniedException denied) {
      throw new StatusException(403, "access denied");
    } catch (FileSystemException failed) {
      throw isUnusable(failed) ? notFound() : failed;
    }
  }

  private static StatusException notFound() {
    return new StatusException(404, "file not found");
  }

  /** Whether the name is too long, or a loop of links. */
  private static boolean isUnusable(FileSystemException failed) {
    String reason = String.valueOf(failed.getReason());
    return reason.startsWith("File name too long") || reason.startsWith("Too many levels");
  }

  private void serve(HttpExchange exchange, String path) throws IOException {
    String found = path.isEmpty() || path.endsWith("/") ? path + INDEX : path;
    if (directory.stat(found).isDirectory()) {
      redirect(exchange);
      return;
    }
    try (AsyncFile file = directory.openFile(found)) {
      BasicFileAttributes attributes = file.attributes();
      if (!attributes.isRegularFile()) {
        throw notFound();
      }
      send(exchange, file, found, attributes);
    }
  }

  private static void redirect(HttpExchange exchange) throws IOException {
    String query = exchange.head.target().query();
    // Without the slashes at the start a browser would take the path for another host.
    String path = "/" + exchange.path().replaceFirst("^/+", "");
    exchange.setHeader("Location", path + "/" + (query == null ? "" : "?" + query));
    exchange.respond(301, "the directory has a slash at its end\n");
  }

  private static void send(
      HttpExchange exchange, AsyncFile file, String path, BasicFileAttributes attributes)
      throws IOException {
    long size = attributes.size();
    Instant exact = attributes.lastModifiedTime().toInstant();
    Instant modified = exact.truncatedTo(ChronoUnit.SECONDS);
    String tag =
        "\""
            + Long.toHexString(size)
            + "-"
            + Long.toHexString(exact.getEpochSecond())
            + Integer.toHexString(exact.getNano())
            + "\"";
    exchange.setHeader("Accept-Ranges", "bytes");
    exchange.setHeader("ETag", tag);
    exchange.setHeader("Last-Modified", HttpDates.format(modified));
    int status = Preconditions.check(exchange.headers(), tag, modified);
    if (status != Preconditions.MET) {
      exchange.respond(status);
      return;
    }
    exchange.setHeader("Content-Type", MediaTypes.of(path));
    exchange.setHeader("X-Content-Type-Options", "nosniff");
    ByteRange range = range(exchange, tag, modified, size);
    if (range == null) {
      exchange.sendFile(200, file, 0, size);
    } else if (range.count() == 0) {
      exchange.setHeader("Content-Range", "bytes */" + size);
      exchange.respond(416, "text/plain; charset=utf-8", new byte[0]);
    } else {
      exchange.setHeader("Content-Range", range.describe(size));
      exchange.sendFile(206, file, range.from(), range.count());
    }
  }

  private static @Nullable ByteRange range(
      HttpExchange exchange, String tag, Instant modified, long size) {
    String wanted = exchange.header("Range");
    return wanted != null
            && exchange.method().equals("GET")
            && Preconditions.allowRange(exchange.headers(), tag, modified)
        ? ByteRange.parse(wanted, size)
        : null;
  }
}
