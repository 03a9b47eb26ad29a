package dev.goasync.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The responses of {@code http-files}, request by request. */
final class HttpFilesTest {
  private static final String TEXT = "Hello, files";
  private static final Instant CHANGED = Instant.parse("2024-02-03T04:05:06.789Z");
  private static final String CHANGED_HTTP = "Sat, 03 Feb 2024 04:05:06 GMT";
  private static final String EARLIER_HTTP = "Sat, 03 Feb 2024 04:05:05 GMT";

  @TempDir static Path parent;
  private static RunningExample server;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    Path root = parent.resolve("root");
    Files.createDirectories(root.resolve("sub/deep"));
    Files.writeString(root.resolve("hello.txt"), TEXT);
    Files.setLastModifiedTime(root.resolve("hello.txt"), FileTime.from(CHANGED));
    Files.writeString(root.resolve("empty"), "");
    Files.writeString(root.resolve("an & <b>'100%'?#.html"), "odd");
    Files.writeString(Files.createDirectories(root.resolve("indexed")).resolve("index.html"), "I");
    Files.writeString(parent.resolve("secret"), "secret");
    Files.createSymbolicLink(root.resolve("out"), parent.resolve("secret"));
    Files.createSymbolicLink(root.resolve("outside"), parent);
    Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    Files.createSymbolicLink(root.resolve("inside"), Path.of("sub", "..", "hello.txt"));
    Files.createDirectories(root.resolve("linked"));
    Files.createSymbolicLink(root.resolve("linked/index.html"), parent.resolve("secret"));
    server = RunningExample.start(HttpFiles.class, root.toString());
    port = server.awaitPort();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String get(String path, String... headers) throws IOException {
    return ask("GET " + path + " HTTP/1.1", headers);
  }

  private static String ask(String line, String... headers) throws IOException {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return Talk.toEnd(port, line + "\r\nHost: localhost\r\nConnection: close\r\n" + more + "\r\n");
  }

  private static int status(String response) {
    assertThat(response).startsWith("HTTP/1.1 ");
    return Integer.parseInt(response.substring(9, 12));
  }

  private static String body(String response) {
    return response.substring(response.indexOf("\r\n\r\n") + 4);
  }

  private static String header(String response, String name) {
    var found = Pattern.compile("\r\n" + name + ": (.*)\r\n").matcher(response);
    return found.find() ? found.group(1) : "none";
  }

  // ---- files ----

  @Test
  void sendsAFile() throws IOException {
    String response = get("/hello.txt");
    assertThat(status(response)).isEqualTo(200);
    assertThat(body(response)).isEqualTo(TEXT);
    assertThat(header(response, "Content-Length")).isEqualTo("12");
    assertThat(header(response, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(header(response, "Last-Modified")).isEqualTo(CHANGED_HTTP);
    assertThat(header(response, "ETag")).matches("\"[0-9a-f]+-c\"");
    assertThat(header(response, "Accept-Ranges")).isEqualTo("bytes");
    assertThat(header(response, "Date"))
        .matches("\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
    assertThat(body(get("/empty"))).isEmpty();
    assertThat(header(get("/empty"), "Content-Type")).isEqualTo("application/octet-stream");
    assertThat(body(get("http://localhost:" + port + "/hello.txt?a=b"))).isEqualTo(TEXT);
  }

  @Test
  void headResponsesEqualGetResponsesWithoutABody() throws IOException {
    for (String path : new String[] {"/hello.txt", "/", "/missing", "/sub"}) {
      String head = ask("HEAD " + path + " HTTP/1.1", "Range: bytes=1-2");
      String whole = get(path);
      assertThat(body(head)).isEmpty();
      assertThat(head.replaceAll("Date: .*", ""))
          .isEqualTo(whole.substring(0, whole.indexOf("\r\n\r\n") + 4).replaceAll("Date: .*", ""));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-4      | 206 | Hello        | bytes 0-4/12",
        "bytes=7-       | 206 | files        | bytes 7-11/12",
        "bytes=-5       | 206 | files        | bytes 7-11/12",
        "bytes=-99      | 206 | Hello, files | bytes 0-11/12",
        "Bytes = 0-99   | 206 | Hello, files | bytes 0-11/12",
        "bytes=11-99999999999999999999 | 206 | s | bytes 11-11/12",
        "bytes=12-      | 416 | ''           | bytes */12",
        "bytes=99999999999999999999-   | 416 | '' | bytes */12",
        "bytes=-0       | 416 | ''           | bytes */12",
        "bytes=0-1,3-4  | 200 | Hello, files | none",
        "bytes=4-0      | 200 | Hello, files | none",
        "bytes=-        | 200 | Hello, files | none",
        "bytes=a-b      | 200 | Hello, files | none",
        "lines=0-1      | 200 | Hello, files | none",
        "bytes=0-\u0661  | 200 | Hello, files | none",
        "bytes=\u00a00-1 | 200 | Hello, files | none",
        "bytes=\u20030-1 | 200 | Hello, files | none",
        "bytes=\u000b0-1 | 400 | ''          | none",
      })
  void ranges(String range, int status, String body, String contentRange) throws IOException {
    String response = get("/hello.txt", "Range: " + utf8(range));
    assertThat(status(response)).isEqualTo(status);
    assertThat(header(response, "Content-Range")).isEqualTo(contentRange);
    if (status < 400) {
      assertThat(body(response)).isEqualTo(body);
    }
  }

  @Test
  void anEmptyFileHasNoRange() throws IOException {
    assertThat(status(get("/empty", "Range: bytes=0-"))).isEqualTo(416);
    assertThat(status(get("/empty", "Range: bytes=-1"))).isEqualTo(200);
  }

  @Test
  void conditions() throws IOException {
    String tag = header(get("/hello.txt"), "ETag");
    assertThat(with("If-None-Match: " + tag)).isEqualTo(304);
    assertThat(with("If-None-Match: W/" + tag)).isEqualTo(304);
    assertThat(with("If-None-Match: \"a,b\", " + tag)).isEqualTo(304);
    assertThat(with("If-None-Match: \"a\"\r\nIf-None-Match: " + tag)).isEqualTo(304);
    assertThat(with("If-None-Match: *")).isEqualTo(304);
    assertThat(with("If-None-Match: \"other\"")).isEqualTo(200);
    assertThat(with("If-Modified-Since: " + CHANGED_HTTP)).isEqualTo(304);
    assertThat(with("If-Modified-Since: Saturday, 03-Feb-24 04:05:06 GMT")).isEqualTo(304);
    assertThat(with("If-Modified-Since: Sat Feb  3 04:05:06 2024")).isEqualTo(304);
    assertThat(with("If-Modified-Since: " + EARLIER_HTTP)).isEqualTo(200);
    assertThat(with("If-Modified-Since: yesterday")).isEqualTo(200);
    assertThat(with("If-None-Match: \"x\"", "If-Modified-Since: " + CHANGED_HTTP)).isEqualTo(200);
    assertThat(with("If-Match: " + tag)).isEqualTo(200);
    assertThat(with("If-Match: *")).isEqualTo(200);
    assertThat(with("If-Match: W/" + tag)).isEqualTo(412);
    assertThat(with("If-Match: \"other\"")).isEqualTo(412);
    assertThat(with("If-Unmodified-Since: " + CHANGED_HTTP)).isEqualTo(200);
    assertThat(with("If-Unmodified-Since: " + EARLIER_HTTP)).isEqualTo(412);
    assertThat(with("If-Range: " + tag, "Range: bytes=0-0")).isEqualTo(206);
    assertThat(with("If-Range: W/" + tag, "Range: bytes=0-0")).isEqualTo(200);
    assertThat(with("If-Range: \"other\"", "Range: bytes=0-0")).isEqualTo(200);
    assertThat(with("If-Range: " + CHANGED_HTTP, "Range: bytes=0-0")).isEqualTo(206);
    assertThat(with("If-Range: " + EARLIER_HTTP, "Range: bytes=0-0")).isEqualTo(200);
    String unchanged = get("/hello.txt", "If-None-Match: " + tag);
    assertThat(body(unchanged)).isEmpty();
    assertThat(header(unchanged, "ETag")).isEqualTo(tag);
  }

  private static int with(String... headers) throws IOException {
    return status(get("/hello.txt", headers));
  }

  // ---- directories ----

  @Test
  void listsADirectoryInOrderAndEscaped() throws IOException {
    assertThat(body(get("/")).lines().filter(line -> line.startsWith("<li>")))
        .containsExactly(
            "<li><a href=\"an%20%26%20%3Cb%3E%27100%25%27%3F%23.html\">"
                + "an &amp; &lt;b&gt;&#39;100%&#39;?#.html</a></li>",
            "<li><a href=\"empty\">empty</a></li>",
            "<li><a href=\"hello.txt\">hello.txt</a></li>",
            "<li><a href=\"indexed/\">indexed/</a></li>",
            "<li><a href=\"inside\">inside</a></li>",
            "<li><a href=\"linked/\">linked/</a></li>",
            "<li><a href=\"sub/\">sub/</a></li>");
    assertThat(body(get("/sub/"))).contains("<li><a href=\"../\">../</a></li>", "deep/");
    assertThat(body(get("/an%20%26%20%3cb%3e'100%25'%3F%23.html"))).isEqualTo("odd");
  }

  @Test
  void namesAreUtf8() throws IOException {
    String encoding = System.getProperty("sun.jnu.encoding");
    assumeTrue("UTF-8".equals(encoding), "names of files are in " + encoding + " here, by LC_ALL");
    Files.writeString(parent.resolve("root/sub/schön"), "fine");
    String page = new String(body(get("/sub/")).getBytes(ISO_8859_1), UTF_8);
    assertThat(page).contains("<a href=\"sch%C3%B6n\">schön</a>");
    assertThat(body(get("/sub/sch%C3%B6n"))).isEqualTo("fine");
    String raw = new String("/sub/schön".getBytes(UTF_8), ISO_8859_1);
    assertThat(body(get(raw))).isEqualTo("fine");
  }

  @Test
  void redirectsDirectoriesToAPathWithASlash() throws IOException {
    assertThat(status(get("/sub?a=b"))).isEqualTo(301);
    assertThat(header(get("/sub?a=b"), "Location")).isEqualTo("/sub/?a=b");
    assertThat(body(get("/indexed/"))).isEqualTo("I");
    assertThat(status(get("/hello.txt/"))).isEqualTo(404);
    assertThat(status(get("/indexed/index.html/"))).isEqualTo(404);
  }

  // ---- errors ----

  @ParameterizedTest
  @CsvSource({
    "/../secret, 400",
    "/sub/../../secret, 400",
    "/%2e%2e/secret, 400",
    "/.%2E/secret, 400",
    "/..%2fsecret, 404",
    "/%2e%2e%2fsecret, 404",
    "/sub%2f..%2f..%2fsecret, 404",
    "//etc/passwd, 404",
    "/%2Fetc/passwd, 404",
    "/%2Fetc%2Fpasswd, 404",
    "/out, 403",
    "/outside/, 403",
    "/outside/secret, 403",
    "/outside/root/hello.txt, 403",
    "/linked/, 403",
    "/loop, 404",
    "/inside, 200",
    "/missing, 404",
    "/hello.txt/x, 404",
    "//hello.txt, 404",
    "/%00, 404",
    "/%zz, 400",
    "/%4, 400",
    "/%, 400",
    "/%ff, 400",
    "hello.txt, 400",
    "/hello.txt#x, 400",
  })
  void neverServesFilesOutsideTheDirectory(String path, int expected) throws IOException {
    String response = get(path);
    assertThat(status(response)).isEqualTo(expected);
    assertThat(response).doesNotContain("secret\r\n", "root:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "GET /",
        "GET  / HTTP/1.1",
        "GET / HTTP/1.1 x",
        "GET / http/1.1",
        "G(T / HTTP/1.1",
        "GET / HTTP/1.1\r\nHost: b", // a second one follows below
        "GET / HTTP/1.1\r\nno colon",
        "GET / HTTP/1.1\r\nspace before: colon",
        "GET / HTTP/1.1\r\n folded: line",
        "GET / HTTP/1.1\r\nContent-Length: x",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2",
      })
  void rejectsMalformedRequests(String head) throws IOException {
    assertThat(Talk.toEnd(port, head + "\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 400 ");
  }

  /** RFC 9112, 2.2 and 5; RFC 9110, 5.5 and 5.6.3. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /hello.txt\\r HTTP/1.1            | 400",
        "GET /sub?a\\rSet-Cookie:x HTTP/1.1    | 400",
        "GET /sub?a\\0b HTTP/1.1               | 400",
        "GET /sub?a\\x0bb HTTP/1.1             | 400",
        "GET /hello.txt\\tHTTP/1.1             | 400",
        "GET /hello.txt HTTP/1.1\\r\\r           | 400",
        "GET /hello.txt HTTP/1.1\\nA: b\\rc: d   | 400",
        "GET /hello.txt HTTP/1.1\\nA: b\\0c      | 400",
        "GET /hello.txt HTTP/1.1\\nA: b\\x7fc    | 400",
        "GET /hello.txt HTTP/1.1\\nA\\0: b       | 400",
        "GET /hello.txt HTTP/1.1\\nA: b\\tc      | 200",
        "GET /hello.txt HTTP/1.1\\nA:\\t b \\t   | 200",
        "GET /hello.txt HTTP/1.1\\nA:            | 200",
        "GET /hello.txt HTTP/1.1\\nA : b          | 400",
        "GET /hello.txt HTTP/1.1\\nContent-Length:\\t0 | 200",
        "GET /hello.txt HTTP/1.1\\nContent-Length: +0   | 400",
        "GET /hello.txt HTTP/1.1\\nContent-Length: \\u00a00 | 400",
        "GET /hello.txt HTTP/1.1\\nContent-Length: \\u0660 | 400",
        "GET /hello.txt HTTP/1.1\\nContent-Length: 0, 0 | 400",
      })
  void controlsAndWhiteSpace(String head, int expected) throws IOException {
    String bytes =
        head.replace("\\n", "\r\n")
            .replace("\\r", "\r")
            .replace("\\t", "\t")
            .replace("\\0", "\0")
            .replace("\\x0b", "\u000b")
            .replace("\\x7f", "\u007f")
            .replace("\\u00a0", utf8("\u00a0"))
            .replace("\\u0660", utf8("\u0660"));
    String response = Talk.toEnd(port, bytes + "\r\nHost: a\r\nConnection: close\r\n\r\n");
    assertThat(status(response)).isEqualTo(expected);
    assertThat(response).doesNotContain("Set-Cookie", "\0");
  }

  private static String utf8(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  @Test
  void aRedirectContainsOnlyAscii() throws IOException {
    assertThat(header(get("/sub?a=" + utf8("\u00e9")), "Location")).isEqualTo("/sub/?a=%C3%A9");
  }

  /** Values of repeated fields are joined; the time for it is proportional to their number. */
  @Test
  void repeatedFieldsAreJoined() throws IOException {
    String many = "If-None-Match: \"x\"\r\n".repeat(700);
    String tag = header(get("/hello.txt"), "ETag");
    assertThat(status(get("/hello.txt", many + "If-None-Match: " + tag))).isEqualTo(304);
    assertThat(status(get("/hello.txt", "a:\r\n".repeat(5_000) + "b:"))).isEqualTo(431);
  }

  @Test
  void longListingsHavePages() throws IOException {
    Path many = Files.createDirectories(parent.resolve("root/sub/many"));
    for (int i = 0; i < 2_001; i++) {
      Files.createFile(many.resolve(String.format("%05d", i)));
    }
    assertThat(body(get("/sub/many/")).lines().filter(line -> line.contains("<li>")).toList())
        .hasSize(1 + 1_000)
        .last()
        .isEqualTo("<li><a href=\"00999\">00999</a></li>");
    String last = body(get("/sub/many/?page=3"));
    assertThat(last)
        .contains(">02000<", "<a href=\"?page=2\">previous</a>", "Page 3 of 3")
        .doesNotContain(">01999<", "next");
    assertThat(body(get("/sub/many/?page=2"))).contains(">01000<", ">01999<", ">next</a>");
    assertThat(status(get("/sub/many/?page=4"))).isEqualTo(404);
    assertThat(body(get("/sub/many/?page=x"))).contains(">00000<");
  }

  @Test
  void rejectsUnsupportedRequests() throws IOException {
    assertThat(Talk.toEnd(port, "GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(status(ask("POST / HTTP/1.1", "Content-Length: 1"))).isEqualTo(405);
    assertThat(header(ask("OPTIONS * HTTP/1.1"), "Allow")).isEqualTo("GET, HEAD");
    assertThat(status(ask("BREW / HTTP/1.1"))).isEqualTo(501);
    assertThat(status(ask("GET / HTTP/2.0"))).isEqualTo(505);
    assertThat(status(ask("GET / HTTP/1.1", "Transfer-Encoding: chunked"))).isEqualTo(411);
    assertThat(status(ask("GET / HTTP/1.1", "Content-Length: 65537"))).isEqualTo(413);
    assertThat(status(ask("GET / HTTP/1.1", "Content-Length: 1" + "0".repeat(30)))).isEqualTo(413);
    assertThat(status(get("/" + "a".repeat(9_000)))).isEqualTo(414);
    assertThat(status(get("/" + "a".repeat(300)))).as("no such name").isEqualTo(404);
    assertThat(status(get("/", "A: " + "a".repeat(17_000)))).isEqualTo(431);
    assertThat(status(get("/", "A: b\r\n".repeat(5_000) + "C: d"))).isEqualTo(431);
  }

  // ---- connections ----

  @Test
  void aConnectionServesSeveralRequests() throws IOException {
    try (var socket = Talk.open(port)) {
      for (int i = 0; i < 3; i++) {
        Talk.send(socket, "GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(Talk.readThrough(socket, TEXT)).startsWith("HTTP/1.1 200 ");
        Talk.send(socket, "GET /missing HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(Talk.readThrough(socket, "not found\n")).startsWith("HTTP/1.1 404 ");
      }
      Talk.send(socket, "\r\nGET /hello.txt HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
      assertThat(Talk.readThrough(socket, TEXT)).contains("\r\nConnection: keep-alive\r\n");
      Talk.send(socket, "GET /hello.txt HTTP/1.0\r\n\r\n");
      assertThat(Talk.rest(socket)).endsWith(TEXT).contains("\r\nConnection: close\r\n");
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    String some = "GET /hello.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
    String other = "HEAD /empty HTTP/1.1\r\nHost: a\r\n\r\n";
    String last = "GET /indexed/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    String all = (some + other).repeat(20) + last;
    for (String[] pieces : new String[][] {{all}, all.split("(?<=\\G.{17})")}) {
      String responses = Talk.toEnd(port, pieces);
      assertThat(responses.split("HTTP/1.1 200 OK", -1)).hasSize(42);
      assertThat(responses.split(TEXT, -1)).hasSize(21);
      assertThat(responses).endsWith("\r\n\r\nI");
    }
  }
}
