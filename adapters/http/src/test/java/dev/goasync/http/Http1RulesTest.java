package dev.goasync.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The syntax and the framing of requests by RFC 9110 and RFC 9112. In the tables {@code ~} is CR
 * and LF, {@code /r} a CR, {@code /n} a LF, {@code /0} a NUL, {@code /t} a tab, {@code /s} a space
 * and {@code /x} the octet 0x7f.
 */
@Timeout(120)
final class Http1RulesTest {
  private static HttpServer server;

  /** The targets of the requests that reached the handler. */
  private static final List<String> HANDLED = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void start() throws IOException {
    HttpHandler handler =
        exchange -> {
          HANDLED.add(exchange.path());
          String body = exchange.readText();
          exchange.respond(200, exchange.authority() + "|" + exchange.header("X") + "|" + body);
        };
    server =
        HttpServer.with()
            .route("*", "/{path...}", handler)
            .maxHeadBytes(8000)
            .maxBodyBytes(1000)
            .open(0);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static String bytes(String text) {
    return text.replace("~", "\r\n")
        .replace("/r", "\r")
        .replace("/n", "\n")
        .replace("/0", "\0")
        .replace("/t", "\t")
        .replace("/s", " ")
        .replace("/x", "\177");
  }

  /** Sends a request that the server answers before it closes, and then a second one. */
  private static void check(String request, int status, String found) throws IOException {
    HANDLED.clear();
    String second = "GET /second HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n";
    String response = RawClient.exchange(server.port(), bytes(request) + second);
    assertThat(response).startsWith("HTTP/1.1 " + status + " ").contains(found);
    if (status == 200) {
      assertThat(HANDLED).hasSize(2).contains("/second");
    } else {
      assertThat(response).contains("Connection: close\r\n");
      assertThat(HANDLED).doesNotContain("/second");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "9112, 2.2 an empty line first      | ~GET / HTTP/1.1~Host: a~~                       |"
            + " 200",
        "9112, 2.2 a lone LF ends a line    | GET / HTTP/1.1/nHost: a/n/n                     |"
            + " 200",
        "9112, 2.2 a lone CR in a value     | GET / HTTP/1.1~Host: a~X: b/rc~~                |"
            + " 400",
        "9112, 2.2 a lone CR in the line    | GET //rx HTTP/1.1~Host: a~~                     |"
            + " 400",
        "9112, 2.2 two CRs before the LF    | GET / HTTP/1.1~Host: a/r~~                      |"
            + " 400",
        "9112, 2.2 white space first        | GET / HTTP/1.1~/sX: b~Host: a~~                 |"
            + " 400",
        "9112, 2.3 the version's case       | GET / http/1.1~Host: a~~                        |"
            + " 400",
        "9112, 2.3 a long version           | GET / HTTP/1.10~Host: a~~                       |"
            + " 400",
        "9112, 2.3 a later minor version    | GET / HTTP/1.2~Host: a~~                        |"
            + " 200",
        "9110, 2.5 another major version    | GET / HTTP/3.0~Host: a~~                        |"
            + " 505",
        "9112, 3   two spaces               | GET  / HTTP/1.1~Host: a~~                       |"
            + " 400",
        "9112, 3   a space at the end       | GET / HTTP/1.1/s~Host: a~~                      |"
            + " 400",
        "9112, 3   a tab for a space        | GET/t/ HTTP/1.1~Host: a~~                       |"
            + " 400",
        "9112, 3   no version               | GET /~Host: a~~                                 |"
            + " 400",
        "9112, 3   a space in the target    | GET /a b HTTP/1.1~Host: a~~                     |"
            + " 400",
        "9112, 3.1 a method is a token      | GE(T / HTTP/1.1~Host: a~~                       |"
            + " 400",
        "9110, 9.1 an unknown method        | BREW / HTTP/1.1~Host: a~~                       |"
            + " 200",
        "9112, 3.2 no Host                  | GET / HTTP/1.1~Accept: */*~~                    |"
            + " 400",
        "9112, 3.2 two Hosts                | GET / HTTP/1.1~Host: a~Host: a~~                |"
            + " 400",
        "9112, 3.2 a Host with a path       | GET / HTTP/1.1~Host: a/b~~                      |"
            + " 400",
        "9112, 3.2 a Host with a user       | GET / HTTP/1.1~Host: u@a~~                      |"
            + " 400",
        "9112, 3.2 an empty Host            | GET / HTTP/1.1~Host:~~                          |"
            + " 200",
        "9112, 3.2 a fragment               | GET /#a HTTP/1.1~Host: a~~                      |"
            + " 400",
        "9112, 3.2 an octet above ASCII     | GET /\u00e4 HTTP/1.1~Host: a~~                  |"
            + " 400",
        "9112, 3.2 a relative target        | GET a HTTP/1.1~Host: a~~                        |"
            + " 400",
        "9112, 3.2.3 the authority form     | CONNECT a:80 HTTP/1.1~Host: a~~                 |"
            + " 501",
        "9112, 5.1 space before the colon   | GET / HTTP/1.1~Host: a~X : b~~                  |"
            + " 400",
        "9112, 5.1 no colon                 | GET / HTTP/1.1~Host: a~X~~                      |"
            + " 400",
        "9112, 5.1 no name                  | GET / HTTP/1.1~Host: a~: b~~                    |"
            + " 400",
        "9110, 5.1 a name is a token        | GET / HTTP/1.1~Host: a~X[]: b~~                 |"
            + " 400",
        "9110, 5.5 a NUL in a value         | GET / HTTP/1.1~Host: a~X: b/0~~                 |"
            + " 400",
        "9110, 5.5 a control in a value     | GET / HTTP/1.1~Host: a~X: b/xc~~                |"
            + " 400",
        "9112, 5.2 a folded line            | GET / HTTP/1.1~Host: a~X: b~ c~~                |"
            + " 400",
        "9112, 6.1 both lengths             | POST / HTTP/1.1~Host: a~Content-Length:"
            + " 3~Transfer-Encoding: chunked~~0~~ | 400",
        "9112, 6.1 an unknown coding        | POST / HTTP/1.1~Host: a~Transfer-Encoding: gzip,"
            + " chunked~~0~~ | 501",
        "9112, 6.1 chunked is not last      | POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked,"
            + " gzip~~0~~ | 400",
        "9112, 6.1 chunked twice            | POST / HTTP/1.1~Host: a~Transfer-Encoding:"
            + " chunked~Transfer-Encoding: chunked~~0~~ | 400",
        "9112, 6.1 a quoted coding          | POST / HTTP/1.1~Host: a~Transfer-Encoding:"
            + " \"chunked\"~~0~~ | 400",
        "9112, 6.1 a coding in HTTP/1.0     | POST / HTTP/1.0~Host: a~Transfer-Encoding:"
            + " chunked~~0~~ | 400",
        "9112, 6.3 two lengths              | POST / HTTP/1.1~Host: a~Content-Length:"
            + " 1~Content-Length: 1~~x | 400",
        "9112, 6.3 a list of lengths        | POST / HTTP/1.1~Host: a~Content-Length: 1, 1~~x |"
            + " 400",
        "9112, 6.3 a signed length          | POST / HTTP/1.1~Host: a~Content-Length: +1~~x   |"
            + " 400",
        "9112, 6.3 a hexadecimal length     | POST / HTTP/1.1~Host: a~Content-Length: 0x1~~x  |"
            + " 400",
        "9112, 6.3 an empty length          | POST / HTTP/1.1~Host: a~Content-Length:~~       |"
            + " 400",
        "9110, 15.5.14 a long body          | POST / HTTP/1.1~Host: a~Content-Length: 1001~~x |"
            + " 413",
        "9110, 8.6 a length beyond a long   | POST / HTTP/1.1~Host: a~Content-Length:"
            + " 18446744073709551617~~x | 413",
        "9110, 10.1.1 another expectation   | POST / HTTP/1.1~Host: a~Content-Length: 1~Expect:"
            + " 200-ok~~x | 417",
      })
  void heads(String rule, String request, int status) throws IOException {
    check(request, status, "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chunks                         | 3~abc~2~de~0~~            | 200 | abcde",
        "upper and lower case           | a~0123456789~A~0123456789~0~~ | 200 |"
            + " 01234567890123456789",
        "zeros before the size          | 0003~abc~000~~            | 200 | abc",
        "an extension                   | 3;a=b~abc~0;c~~           | 200 | abc",
        "white space before it          | 3/s;a~abc~0~~             | 200 | abc",
        "a trailer                      | 3~abc~0~X: y~~            | 200 | abc",
        "white space behind the size    | 3/s~abc~0~~               | 400 | malformed",
        "a sign                         | +3~abc~0~~                | 400 | malformed",
        "a negative size                | -3~abc~0~~                | 400 | malformed",
        "a prefix                       | 0x3~abc~0~~               | 400 | malformed",
        "no size                        | ~abc~0~~                  | 400 | malformed",
        "not a number                   | xyz~abc~0~~               | 400 | malformed",
        "a size beyond a long           | fffffffffffffffff~abc~0~~ | 400 | malformed",
        "a lone LF behind the size      | 3/nabc~0~~                | 400 | CR and LF",
        "a lone LF behind the data      | 3~abc/n0~~                | 400 | CR and LF",
        "a lone CR in an extension      | 3;a/rb~abc~0~~            | 400 | control",
        "data longer than the size      | 3~abcd~0~~                | 400 | longer",
        "a malformed trailer            | 3~abc~0~X : y~~           | 400 | trailer",
        "a folded trailer               | 3~abc~0~X: y~/sz~~        | 400 | white space",
        "a body that is too long        | 3e9~                      | 413 | longer than 1000",
      })
  void chunkedBodies(String rule, String body, int status, String found) throws IOException {
    String filled = body.equals("3e9~") ? body + "x".repeat(1001) + "~0~~" : body;
    check("POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~" + filled, status, found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "9110, 5.5 white space around a value | GET / HTTP/1.1~Host: a~X: /tb c/t~~ | a|b c|",
        "9110, 5.5 octets above ASCII         | GET / HTTP/1.1~Host: a~X: \u00e4~~  | a|?|",
        "9112, 3.2.2 the absolute form        | GET http://b/y HTTP/1.1~Host: a~~   | b|null|",
        "9112, 6.3 a length                   | POST / HTTP/1.1~Host: a~Content-Length: 03~~xyz |"
            + " a|null|xyz",
      },
      quoteCharacter = '`')
  void accepted(String rule, String request, String host, String field, String body)
      throws IOException {
    check(request, 200, host + "|");
    check(request, 200, "|" + (body == null ? "" : body));
  }

  /** The end of such a request is known, so the connection goes on. */
  @ParameterizedTest
  @CsvSource({"/%g0", "/%0", "/%", "/%ff", "/%c3%28"})
  void malformedEscapes(String target) throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 400 ");
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.readResponse()).startsWith("HTTP/1.1 200 ");
    }
  }

  @ParameterizedTest
  @CsvSource({"9000, 0, 414", "10, 9000, 431", "10, 7000, 200", "10, 7999, 431"})
  void longHeads(int target, int field, int status) throws IOException {
    String value =
        field < 8000
            ? "b".repeat(field / 2) + "\r\nY: " + "b".repeat(field / 2)
            : "b".repeat(field);
    check("GET /" + "a".repeat(target) + " HTTP/1.1~Host: a~X: " + value + "~~", status, "");
  }

  @ParameterizedTest
  @CsvSource({"99, 200", "100, 431"})
  void manyFields(int count, int status) throws IOException {
    check("GET / HTTP/1.1~Host: a~" + "X: b~".repeat(count) + "~", status, "");
  }

  /** A head or a body that the end of the connection cuts off never reaches the program. */
  @ParameterizedTest
  @CsvSource({
    "GET / HTTP/1.1~Host: a",
    "GET / HTTP/1.1~Host: a~",
    "GET / HT",
  })
  void aHeadThatIsCutOffIsNoRequest(String request) throws IOException {
    HANDLED.clear();
    try (RawClient client = new RawClient(server.port())) {
      client.send(bytes(request));
      client.socket.shutdownOutput();
      assertThat(client.readToEnd()).isEmpty();
    }
    assertThat(HANDLED).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "POST / HTTP/1.1~Host: a~Content-Length: 3~~ab",
    "POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~3~ab",
    "POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~3~abc~0~",
  })
  void aBodyThatIsCutOffIsNotReadToItsEnd(String request) throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      client.send(bytes(request));
      client.socket.shutdownOutput();
      assertThat(client.readToEnd()).isEmpty();
    }
  }
}
