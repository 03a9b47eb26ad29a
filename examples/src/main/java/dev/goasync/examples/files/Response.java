package dev.goasync.examples.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.goasync.examples.files.ServedDirectory.FoundFile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A response: status, headers, and a body that is text or a range of a file. */
final class Response {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final byte[] NO_TEXT = {};

  private final Status status;
  private final Map<String, String> headers = new LinkedHashMap<>();
  byte[] text = NO_TEXT;

  /** The file whose {@link #range} is the body; null if the body is {@link #text}. */
  @Nullable FoundFile file;

  ByteRange range = ByteRange.NONE;

  private Response(Status status) {
    this.status = status;
  }

  static Response html(String page) {
    return new Response(Status.OK).withText(HTML, page);
  }

  static Response moved(String link) {
    return message(Status.MOVED_PERMANENTLY, "moved to " + link).with("Location", link);
  }

  static Response message(Status status, String message) {
    Response response = new Response(status).withText(PLAIN, message + "\n");
    return status == Status.METHOD_NOT_ALLOWED ? response.with("Allow", "GET, HEAD") : response;
  }

  /** Returns the response for a file: all of it, a range, or a status, by the request's headers. */
  static Response file(Request request, FoundFile file) {
    Version version = file.version();
    long size = version.size();
    Status wanted = Preconditions.check(request, version);
    if (wanted != Status.OK) {
      return new Response(wanted).withVersion(version);
    }
    ByteRange part = null;
    String wantedRange = request.header("range");
    if (wantedRange != null && !request.isHead() && Preconditions.allowRange(request, version)) {
      part = ByteRange.parse(wantedRange, size);
    }
    if (part == null) {
      return new Response(Status.OK).withFile(file, new ByteRange(0, size));
    }
    if (part == ByteRange.NONE) {
      return message(Status.RANGE_NOT_SATISFIABLE, "the range begins beyond the end of the file")
          .with("Content-Range", "bytes */" + size);
    }
    return new Response(Status.PARTIAL_CONTENT)
        .withFile(file, part)
        .with("Content-Range", part.describe(size));
  }

  private Response with(String name, String value) {
    headers.put(name, value);
    return this;
  }

  private Response withText(String type, String body) {
    text = body.getBytes(UTF_8);
    return with("Content-Type", type).with("Content-Length", Integer.toString(text.length));
  }

  private Response withFile(FoundFile found, ByteRange part) {
    file = found;
    range = part;
    String name = Objects.requireNonNull(found.file().path().getFileName()).toString();
    return with("Content-Type", MediaTypes.of(name))
        .with("Content-Length", Long.toString(part.count()))
        .with("X-Content-Type-Options", "nosniff")
        .withVersion(found.version());
  }

  private Response withVersion(Version version) {
    return with("Accept-Ranges", "bytes")
        .with("ETag", version.tag())
        .with("Last-Modified", HttpDate.format(version.modified()));
  }

  /**
   * Returns the encoded head, including the empty line.
   *
   * @param connection the value of the header Connection; null for none
   */
  byte[] head(@Nullable String connection) {
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
    head.append("Date: ").append(HttpDate.now()).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (connection != null) {
      head.append("Connection: ").append(connection).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(US_ASCII);
  }
}
