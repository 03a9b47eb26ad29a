package dev.goasync.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * A response that an {@link HttpClient} has received: its head, and its body as a stream. Close it,
 * or read the body to its end, so that the connection can be used again.
 *
 * <pre>{@code
 * try (HttpClient client = HttpClient.create();
 *     HttpResponse response = client.request("GET", "http://localhost:8080/").send()) {
 *   System.out.println(response.status() + " " + response.readText());
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> One reader at a time. A response of HTTP/2 belongs to the loop of the
 * coroutine that sent the request.
 *
 * <p><b>Errors.</b> Reads throw {@link IOException} if the connection ends before the body, or the
 * body is malformed.
 *
 * <p><b>Cancellation.</b> A cancelled read loses no byte; close the response afterwards.
 */
public final class HttpResponse implements AutoCloseable {
  /** Ends the use of the connection. */
  @FunctionalInterface
  interface Release {
    void run() throws IOException;
  }

  private final int status;
  private final String protocol;
  private final Headers headers;
  private final InputStream body;
  private final Release release;

  HttpResponse(int status, String protocol, Headers headers, InputStream body, Release release) {
    this.status = status;
    this.protocol = protocol;
    this.headers = headers;
    this.body = body;
    this.release = release;
  }

  /** Returns the status, in 200..999. */
  public int status() {
    return status;
  }

  /** Returns "HTTP/1.0", "HTTP/1.1" or "HTTP/2". */
  public String protocol() {
    return protocol;
  }

  /** Returns the header fields. */
  public Headers headers() {
    return headers;
  }

  /** Returns the body, always the same stream. Closing it closes the response. */
  public InputStream body() {
    return body;
  }

  /**
   * Reads the rest of the body. Its length is not limited; read {@link #body} in parts if the
   * server is not trusted.
   */
  public byte[] readBody() throws IOException {
    return body.readAllBytes();
  }

  /** Reads the rest of the body as UTF-8; malformed bytes become U+FFFD. */
  public String readText() throws IOException {
    return new String(readBody(), StandardCharsets.UTF_8);
  }

  /** Ends the response. What is left of a short body is read, so that the connection stays open. */
  @Override
  public void close() throws IOException {
    release.run();
  }

  @Override
  public String toString() {
    return "HttpResponse[" + protocol + " " + status + "]";
  }
}
