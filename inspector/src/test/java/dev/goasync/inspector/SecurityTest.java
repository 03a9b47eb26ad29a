package dev.goasync.inspector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.goasync.EventLoop;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.inspector.HttpClientOfTest.Response;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests the inspector answers, and which it refuses. */
@Timeout(60)
final class SecurityTest {
  private Inspector inspector;
  private HttpClientOfTest client;

  @BeforeEach
  void start() throws IOException {
    inspector = Inspector.with().printUrl(false).start();
    client = new HttpClientOfTest(inspector.url());
  }

  @AfterEach
  void stop() throws IOException {
    inspector.close();
  }

  private Response request(String methodAndTarget, String... headers) throws IOException {
    return client.send(HttpClientOfTest.head(methodAndTarget, client.host(), headers));
  }

  @Test
  void theTokenOpensThePageAndBecomesACookie() throws Exception {
    Response page = client.get("/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("<title>GoAsync inspector</title>");
    String cookie = page.headers("set-cookie").getFirst();
    assertThat(cookie).contains("; HttpOnly", "; SameSite=Strict", "; Path=/");
    Response script =
        request("GET /main.js", "Cookie: other=1; " + cookie.substring(0, cookie.indexOf(';')));
    assertThat(script.status()).isEqualTo(200);
    assertThat(script.headers("content-type")).containsExactly("text/javascript; charset=utf-8");
    assertThat(script.headers("set-cookie")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/main.js", "/events", "/task?id=1", "/dump.json", "/dump.txt", "/missing"})
  void nothingIsServedWithoutTheToken(String path) throws Exception {
    assertThat(request("GET " + path).status()).isEqualTo(403);
    String separator = path.contains("?") ? "&" : "?";
    String wrong = separator + "token=" + "A".repeat(client.token().length());
    assertThat(request("GET " + path + wrong).status()).isEqualTo(403);
    assertThat(request("GET " + path, "Cookie: goasync-inspector-" + inspector.port() + "=x"))
        .extracting(Response::status)
        .isEqualTo(403);
  }

  @Test
  void tokensDiffer() throws Exception {
    try (Inspector second = Inspector.with().printUrl(false).start()) {
      String other = new HttpClientOfTest(second.url()).token();
      assertThat(other).hasSize(32).isNotEqualTo(client.token());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"example.com", "127.0.0.1.example.com", "localhost.example.com:1", "10.0.0.1", ""})
  void aHostThatIsNotOursIsRefused(String host) throws Exception {
    String request = HttpClientOfTest.head("GET /?token=" + client.token(), host);
    Response response = client.send(request);
    assertThat(response.status()).isEqualTo(403);
    assertThat(response.body()).contains("Host header");
  }

  @Test
  void aRequestWithoutAHostIsRefused() throws Exception {
    Response response = client.send("GET /?token=" + client.token() + " HTTP/1.1\r\n\r\n");
    assertThat(response.status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:9", "127.0.0.1", "[::1]:80", "LOCALHOST"})
  void aTunnelMayHaveAnotherPort(String host) throws Exception {
    String request = HttpClientOfTest.head("GET /?token=" + client.token(), host);
    assertThat(client.send(request).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://example.com", "null", "https://127.0.0.1", "http://127.0.0.1:1"})
  void aForeignOriginIsRefused(String origin) throws Exception {
    Response response = client.get("/dump.json", "Origin: " + origin);
    assertThat(response.status()).isEqualTo(403);
    assertThat(response.body()).contains("another origin");
  }

  @Test
  void theOwnOriginIsAnsweredWithoutCorsHeaders() throws Exception {
    Response response = client.get("/dump.json", "Origin: http://" + client.host());
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.head()).doesNotContainIgnoringCase("access-control");
  }

  @Test
  void aLinkOfAnotherSiteOpensThePageAndNothingElse() throws Exception {
    String[] navigation = {"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"};
    assertThat(client.get("/", navigation).status()).isEqualTo(200);
    assertThat(client.get("/dump.json", navigation).status()).isEqualTo(403);
    assertThat(client.get("/", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors").status())
        .isEqualTo(403);
    assertThat(client.get("/dump.json", "Sec-Fetch-Site: same-origin").status()).isEqualTo(200);
  }

  @Test
  void everyResponseHasTheHeadersThatProtectThePage() throws Exception {
    for (Response response : List.of(client.get("/"), client.get("/missing"), request("GET /"))) {
      assertThat(response.headers("content-security-policy").getFirst())
          .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(response.headers("x-content-type-options")).containsExactly("nosniff");
      assertThat(response.headers("cache-control")).containsExactly("no-store");
      assertThat(response.headers("referrer-policy")).containsExactly("no-referrer");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "get"})
  void onlyReadingMethodsAreSupported(String method) throws Exception {
    Response response = request(method + " /?token=" + client.token());
    assertThat(response.status()).isEqualTo(405);
    assertThat(response.headers("allow")).containsExactly("GET, HEAD");
  }

  // ---- commands ----

  private static long idOfOnlyTask(EventLoop loop) {
    return loop.goAsync(() -> loop.dump().loops().getFirst().tasks().getFirst().id()).await();
  }

  @Test
  void aTaskIsNotCancelledUnlessTheOptionsPermitIt() throws Exception {
    try (EventLoop loop = EventLoop.start("watched")) {
      Task<?> task = loop.goAsync("victim", () -> GoAsync.sleep(Duration.ofHours(1)));
      String target = "POST /cancel?id=" + idOfOnlyTask(loop) + "&token=" + client.token();
      Response refused = request(target, "Origin: http://" + client.host());
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body()).contains("allowCancel(true)");
      assertThat(client.firstEvent()).contains("\"mayCancel\":false");
      assertThat(task.isCompleted()).isFalse();
      task.cancel("the test is over");
    }
  }

  @Test
  void aPermittedCancelNeedsTheTokenAndTheOwnOrigin() throws Exception {
    try (Inspector commands = Inspector.with().allowCancel(true).printUrl(false).start();
        EventLoop loop = EventLoop.start("watched")) {
      HttpClientOfTest there = new HttpClientOfTest(commands.url());
      Task<?> task = loop.goAsync("victim", () -> GoAsync.sleep(Duration.ofHours(1)));
      String path = "/cancel?id=" + idOfOnlyTask(loop) + "&token=" + there.token();
      String origin = "Origin: http://" + there.host();
      assertThat(status(there, "POST " + path)).as("no origin").isEqualTo(403);
      assertThat(status(there, "POST " + path, "Origin: http://example.com")).isEqualTo(403);
      assertThat(status(there, "GET " + path, origin)).as("a link").isEqualTo(404);
      String noToken = path.substring(0, path.indexOf('&'));
      assertThat(status(there, "POST " + noToken, origin)).as("no token").isEqualTo(403);
      String unknown = "/cancel?id=x&token=" + there.token();
      assertThat(status(there, "POST " + unknown, origin)).isEqualTo(404);
      assertThat(task.isCompleted()).isFalse();
      assertThat(status(there, "POST " + path, origin)).isEqualTo(200);
      assertThatThrownBy(task::await).hasMessageContaining("cancelled on the page");
    }
  }

  private static int status(HttpClientOfTest there, String methodAndTarget, String... headers)
      throws IOException {
    return there.send(HttpClientOfTest.head(methodAndTarget, there.host(), headers)).status();
  }

  @Test
  void aHeadRequestHasNoBody() throws Exception {
    Response response = request("HEAD /?token=" + client.token());
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers("content-length").getFirst()).isNotEqualTo("0");
  }

  @Test
  void aHeadThatIsTooLargeIsRefused() throws Exception {
    assertThat(client.get("/", "X: " + "a".repeat(9000)).status()).isEqualTo(431);
    assertThat(client.get("/" + "a".repeat(9000)).status()).isEqualTo(431);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        "GET http://example.com/ HTTP/1.1\r\n\r\n",
        "GET /?a=%zz HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: example.com\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\n folded: yes\r\n\r\n",
        "\r\n\r\n"
      })
  void aMalformedRequestIsRefused(String request) throws Exception {
    assertThat(client.send(request).status()).isEqualTo(400);
  }

  /** The server decides when the time is over; the test waits for its answer. */
  @Test
  void aRequestThatDoesNotEndIsRefused() throws Exception {
    assertThat(client.send("GET / HTTP/1.1\r\nHost: ").status()).isEqualTo(408);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/../style.css", "/page/style.css", "/%2e%2e/style.css", "//style.css"})
  void onlyTheFilesOfThePageAreServed(String path) throws Exception {
    assertThat(client.get(path).status()).isEqualTo(404);
  }

  @Test
  void itListensOnTheLoopbackAddressOnly() throws Exception {
    Optional<InetAddress> address =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress())
            .findFirst();
    assumeTrue(address.isPresent(), "this machine has no address but the loopback address");
    assertThatThrownBy(() -> new Socket(address.orElseThrow(), inspector.port()).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void anAddressThatIsNamedIsListenedOn() throws Exception {
    InetAddress any = InetAddress.ofLiteral("0.0.0.0");
    try (Inspector open = Inspector.with().bind(any).printUrl(false).start()) {
      HttpClientOfTest there = new HttpClientOfTest(open.url());
      assertThat(there.get("/").status()).isEqualTo(200);
      String target = "GET /?token=" + there.token();
      assertThat(there.send(HttpClientOfTest.head(target, "192.0.2.1:80")).status()).isEqualTo(200);
      assertThat(there.send(HttpClientOfTest.head(target, "example.com")).status()).isEqualTo(403);
    }
  }
}
