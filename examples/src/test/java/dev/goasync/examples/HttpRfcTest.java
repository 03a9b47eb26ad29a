package dev.goasync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code http-files} answers the examples of RFC 9110 and RFC 9112; those of ranges are also in RFC
 * 7233. The first column is the section. In requests {@code /r/n} is the end of a line, and the
 * table's requests end with an empty line.
 */
final class HttpRfcTest {
  private static final String HELLO = "Hello World! My content includes a trailing CRLF.\r\n";
  private static final String END = "/r/n";

  @TempDir static Path root;
  private static RunningExample server;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    write("hello.txt", HELLO, "2009-07-22T19:15:56Z");
    write("where", "here", "2009-07-22T19:15:56Z");
    write("pub/WWW/TheProject.html", "project", "2009-07-22T19:15:56Z");
    write("~smith/home.html", "home", "2009-07-22T19:15:56Z");
    write("1994", "dates", "1994-11-06T08:49:37Z");
    write("bytes-10000", "x".repeat(10_000), "2009-07-22T19:15:56Z");
    write("bytes-47022", "x".repeat(47_022), "1995-11-15T04:58:08Z");
    write("bytes-1234", "x".repeat(1234), "2009-07-22T19:15:56Z");
    server = RunningExample.start(HttpFiles.class, root.toString());
    port = server.awaitPort();
  }

  private static void write(String name, String content, String changed) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse(changed)));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String ask(String request) throws IOException {
    String text = request.replace(END, "\r\n");
    int lineEnd = text.indexOf("\r\n", 2); // the first line may be empty
    return Talk.toEnd(
        port,
        text.substring(0, lineEnd)
            + "\r\nConnection: close"
            + text.substring(lineEnd)
            + "\r\n\r\n");
  }

  private static void check(String request, int status, String found) throws IOException {
    String response = ask(request);
    assertThat(response).startsWith("HTTP/1.1 " + status + " ");
    assertThat(response).contains(found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "9110, 3.9     | GET /hello.txt HTTP/1.1/r/nUser-Agent: curl/7.64.1/r/nHost:"
            + " www.example.com/r/nAccept-Language: en, mi | 200 | Content-Length: 51",
        "9110, 3.9     | GET /hello.txt HTTP/1.1/r/nHost: www.example.com | 200 | Last-Modified:"
            + " Wed, 22 Jul 2009 19:15:56 GMT",
        "9110, 3.9     | GET /hello.txt HTTP/1.1/r/nHost: www.example.com | 200 | Accept-Ranges:"
            + " bytes",
        "9112, 3.2.1   | GET /where?q=now HTTP/1.1/r/nHost: www.example.org | 200 | here",
        "9112, 3.2.2   | GET http://www.example.org/pub/WWW/TheProject.html HTTP/1.1/r/nHost:"
            + " www.example.org | 200 | project",
        "9112, 3.2.3   | CONNECT www.example.com:80 HTTP/1.1/r/nHost: www.example.com | 405 |"
            + " Allow: GET, HEAD",
        "9112, 3.2.4   | OPTIONS * HTTP/1.1/r/nHost: www.example.org | 405 | Allow: GET, HEAD",
        "9110, 4.2.3   | GET http://example.com:80/~smith/home.html HTTP/1.1/r/nHost:"
            + " example.com:80 | 200 | home",
        "9110, 4.2.3   | GET http://EXAMPLE.com/%7Esmith/home.html HTTP/1.1/r/nHost: EXAMPLE.com |"
            + " 200 | home",
        "9110, 4.2.3   | GET http://EXAMPLE.com:/%7esmith/home.html HTTP/1.1/r/nHost: EXAMPLE.com:"
            + " | 200 | home",
        "9110, 9.1     | get /where HTTP/1.1/r/nHost: a | 501 | unknown",
        "9110, 10.1.1  | GET /where HTTP/1.1/r/nHost: a/r/nContent-Length: 3/r/nExpect:"
            + " 100-continue | 417 | not expected",
      })
  void targetsAndMethods(String section, String request, int status, String found)
      throws IOException {
    check(request, status, found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "9112, 2.2 empty line first     | /r/nGET /where HTTP/1.1/r/nHost: a                       "
            + "   | 200",
        "9112, 2.3 the version's case   | GET /where http/1.1/r/nHost: a                           "
            + "   | 400",
        "9112, 3   two spaces           | GET  /where HTTP/1.1/r/nHost: a                          "
            + "   | 400",
        "9112, 3.2 no Host              | GET /where HTTP/1.1/r/nAccept: */*                       "
            + "   | 400",
        "9112, 3.2 two Hosts            | GET /where HTTP/1.1/r/nHost: a/r/nHost: a                "
            + "   | 400",
        "9112, 5.1 space before a colon | GET /where HTTP/1.1/r/nHost : a                          "
            + "   | 400",
        "9112, 5.2 a folded line        | GET /where HTTP/1.1/r/nHost: a/r/nX: b/r/n c             "
            + "   | 400",
        "9112, 6.1 both lengths         | GET /where HTTP/1.1/r/nHost: a/r/nContent-Length:"
            + " 3/r/nTransfer-Encoding: chunked | 411",
        "9112, 6.3 two lengths          | GET /where HTTP/1.1/r/nHost: a/r/nContent-Length:"
            + " 1/r/nContent-Length: 2 | 400",
        "9112, 6.3 a list of lengths    | GET /where HTTP/1.1/r/nHost: a/r/nContent-Length: 1, 2   "
            + "   | 400",
        "9112, 6.3 a signed length      | GET /where HTTP/1.1/r/nHost: a/r/nContent-Length: +1     "
            + "   | 400",
        "9110, 5.5 white space around   | GET /where HTTP/1.1/r/nHost: \t a \t                     "
            + "   | 200",
      })
  void syntax(String rule, String request, int status) throws IOException {
    check(request, status, "");
  }

  /** All three formats of 9110, 5.6.7, are the same time. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT   | 304",
        "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT  | 304",
        "If-Modified-Since: Sun Nov  6 08:49:37 1994        | 304",
        "If-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT   | 200",
        "If-Unmodified-Since: Sun Nov  6 08:49:37 1994      | 200",
        "If-Unmodified-Since: Sat, 29 Oct 1994 19:43:31 GMT | 412",
        "If-None-Match: *                                   | 304",
        "If-Match: *                                        | 200",
        "If-Match: \"xyzzy\", \"r2d2xxxx\", \"c3piozzzz\"   | 412",
        "If-None-Match: W/\"xyzzy\", W/\"r2d2xxxx\"         | 200",
      })
  void datesAndConditions(String field, int status) throws IOException {
    check("GET /1994 HTTP/1.1/r/nHost: a/r/n" + field, status, "");
  }

  /** 9110, 8.8.3.2: If-Match compares strongly, If-None-Match weakly. */
  @Test
  void comparisonsOfTags() throws IOException {
    String response = ask("GET /1994 HTTP/1.1/r/nHost: a");
    String tag = response.replaceAll("(?s).*ETag: (\"[^\"]*\").*", "$1");
    String start = "GET /1994 HTTP/1.1/r/nHost: a/r/n";

    check(start + "If-Match: " + tag, 200, "dates");
    check(start + "If-Match: W/" + tag, 412, "");
    check(start + "If-None-Match: " + tag, 304, "");
    check(start + "If-None-Match: W/" + tag, 304, "");
    check(start + "If-Range: " + tag + "/r/nRange: bytes=0-0", 206, "bytes 0-0/5");
    check(start + "If-Range: W/" + tag + "/r/nRange: bytes=0-0", 200, "dates");
  }

  /** Several ranges are answered with the complete file, as 9110, 14.2, allows. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "9110, 14.1.2  | /bytes-10000 | bytes=0-499                       | 206 | bytes"
            + " 0-499/10000",
        "9110, 14.1.2  | /bytes-10000 | bytes=500-999                     | 206 | bytes"
            + " 500-999/10000",
        "9110, 14.1.2  | /bytes-10000 | bytes=-500                        | 206 | bytes"
            + " 9500-9999/10000",
        "9110, 14.1.2  | /bytes-10000 | bytes=9500-                       | 206 | bytes"
            + " 9500-9999/10000",
        "9110, 14.1.2  | /bytes-10000 | bytes=0-0,-1                      | 200 | Content-Length:"
            + " 10000",
        "9110, 14.1.2  | /bytes-10000 | bytes= 0-999, 4500-5499, -1000    | 200 | Content-Length:"
            + " 10000",
        "9110, 14.1.2  | /bytes-10000 | bytes=500-600,601-999             | 200 | Content-Length:"
            + " 10000",
        "9110, 14.4    | /bytes-1234  | bytes=42-                         | 206 | bytes"
            + " 42-1233/1234",
        "9110, 15.3.7  | /bytes-47022 | bytes=21010-47021                 | 206 | bytes"
            + " 21010-47021/47022",
        "9110, 15.3.7  | /bytes-47022 | bytes=21010-                      | 206 | Content-Length:"
            + " 26012",
        "9110, 15.5.17 | /bytes-47022 | bytes=47022-                      | 416 | bytes */47022",
      })
  void ranges(String section, String path, String range, int status, String found)
      throws IOException {
    check("GET " + path + " HTTP/1.1/r/nHost: a/r/nRange: " + range, status, found);
  }
}
