package dev.goasync.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.file.AsyncDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Random;
import org.apache.hc.core5.http2.frame.FrameType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files by both protocols: paths, conditions, ranges (RFC 9110, 13 and 14). */
@Timeout(120)
final class StaticFilesTest {
  @TempDir static Path root;
  private static final byte[] LARGE = new byte[500_000];
  private static AsyncDirectory directory;
  private static HttpServer server;

  @BeforeAll
  static void start() throws IOException {
    new Random(1).nextBytes(LARGE);
    Path served = Files.createDirectories(root.resolve("served"));
    Files.createDirectories(served.resolve("sub dir"));
    Files.writeString(served.resolve("sub dir/index.html"), "<p>index");
    Files.writeString(served.resolve("a.txt"), "0123456789");
    Files.setLastModifiedTime(
        served.resolve("a.txt"), FileTime.from(Instant.parse("1994-11-06T08:49:37Z")));
    Files.write(served.resolve("large"), LARGE);
    Files.writeString(root.resolve("secret"), "secret");
    Files.createSymbolicLink(served.resolve("link"), root.resolve("secret"));
    Files.createSymbolicLink(served.resolve("up"), Path.of("../secret"));
    directory = AsyncDirectory.open(served);
    server = HttpServer.with().files("/f", directory).open(0);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    directory.close();
  }

  private static String get(String target, String fields) throws IOException {
    return RawClient.exchange(
        server.port(),
        "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + "\r\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/f/a.txt              | 200 | 0123456789",
        "/f/%61.txt            | 200 | 0123456789",
        "/f/sub%20dir/         | 200 | <p>index",
        "/f/sub%20dir          | 301 | Location: /f/sub%20dir/",
        "/f/sub%20dir?a=b      | 301 | Location: /f/sub%20dir/?a=b",
        "/f/                   | 404 | not found",
        "/f/none               | 404 | not found",
        "/f/a.txt/             | 404 | not found",
        "/f/../../secret       | 403 | denied",
        "/f/..%2f..%2fsecret   | 403 | denied",
        "/f/sub%20dir/../../../secret | 403 | denied",
        "/f/%2fetc/passwd      | 404 | not found",
        "/f//etc/passwd        | 404 | not found",
        "/f/link               | 403 | denied",
        "/f/up                 | 403 | denied",
        "/f/a%00.txt           | 404 | not found",
      })
  void paths(String target, int status, String found) throws IOException {
    assertThat(get(target, ""))
        .startsWith("HTTP/1.1 " + status + " ")
        .contains(found)
        .doesNotContain("\r\n\r\nsecret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT   | 304",
        "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT  | 304",
        "If-Modified-Since: Sun Nov  6 08:49:37 1994        | 304",
        "If-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT   | 200",
        "If-Modified-Since: not a date                      | 200",
        "If-Unmodified-Since: Sat, 29 Oct 1994 19:43:31 GMT | 412",
        "If-None-Match: *                                   | 304",
        "If-None-Match: \"x\"                               | 200",
        "If-Match: \"x\", \"y\"                             | 412",
        "If-Match: *                                        | 200",
        "Range: bytes=0-4                                   | 206",
        "Range: bytes=10-                                   | 416",
        "Range: bytes=5-4                                   | 200",
        "Range: bytes=0-1,3-4                               | 200",
        "Range: lines=0-1                                   | 200",
      })
  void conditions(String field, int status) throws IOException {
    assertThat(get("/f/a.txt", field + "\r\n")).startsWith("HTTP/1.1 " + status + " ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-4     | bytes 0-4/10 | 01234",
        "bytes=7-      | bytes 7-9/10 | 789",
        "bytes=-3      | bytes 7-9/10 | 789",
        "bytes=8-1000  | bytes 8-9/10 | 89",
        "bytes=-1000   | bytes 0-9/10 | 0123456789",
      })
  void ranges(String range, String content, String body) throws IOException {
    assertThat(get("/f/a.txt", "Range: " + range + "\r\n"))
        .contains("Content-Range: " + content + "\r\n")
        .endsWith("\r\n\r\n" + body);
  }

  @Test
  void tagsNameOneVersion() throws IOException {
    String tag = get("/f/a.txt", "").replaceAll("(?s).*ETag: (\"[^\"]*\").*", "$1");
    assertThat(get("/f/a.txt", "If-None-Match: W/" + tag + "\r\n")).startsWith("HTTP/1.1 304 ");
    assertThat(get("/f/a.txt", "If-Match: W/" + tag + "\r\n")).startsWith("HTTP/1.1 412 ");
    String range = "Range: bytes=0-0\r\nIf-Range: ";
    assertThat(get("/f/a.txt", range + tag + "\r\n")).startsWith("HTTP/1.1 206 ");
    assertThat(get("/f/a.txt", range + "\"x\"\r\n")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aLargeFileComesWhole() throws IOException {
    String response = get("/f/large", "");
    assertThat(response.substring(response.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1))
        .isEqualTo(LARGE);
    try (Http2Client client = new Http2Client(server.port())) {
      client.send(FrameType.SETTINGS, 0, 0, 0, 4, 0, 0x10, 0, 0);
      client.send(FrameType.WINDOW_UPDATE, 0, 0, 0, 0x10, 0, 0);
      client.get(1, "/f/large");
      assertThat(client.readBody(1).getBytes(ISO_8859_1)).isEqualTo(LARGE);
    }
  }

  @Test
  void aHeadHasTheLengthAndNoBody() throws IOException {
    String response =
        RawClient.exchange(
            server.port(), "HEAD /f/large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assertThat(response).contains("Content-Length: 500000\r\n").endsWith("\r\n\r\n");
    assertThat(response.getBytes(UTF_8).length).isLessThan(1000);
  }
}
