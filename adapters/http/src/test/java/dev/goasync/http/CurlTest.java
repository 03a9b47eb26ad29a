package dev.goasync.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client of another project: curl, with both protocols, plain and by TLS. */
@Timeout(120)
final class CurlTest {
  @TempDir static Path directory;
  private static HttpServer plain;
  private static HttpServer secure;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(hasHttp2(), "curl with HTTP/2 is missing: install the package curl");
    HttpServer.Options options =
        HttpServer.with()
            .route(
                "GET",
                "/hello/{name}",
                exchange ->
                    exchange.respond(
                        200,
                        exchange.parameter("name")
                            + " "
                            + exchange.protocol()
                            + " "
                            + exchange.isSecure()))
            .route(
                "POST",
                "/echo",
                exchange -> {
                  try (OutputStream output = exchange.startResponse(200)) {
                    exchange.body().transferTo(output);
                  }
                });
    plain = options.open(0);
    secure = options.tls(TestIdentity.context(directory)).open(0);
  }

  @AfterAll
  static void stop() throws IOException {
    if (plain != null) {
      plain.close();
    }
    if (secure != null) {
      secure.close();
    }
  }

  private static boolean hasHttp2() throws InterruptedException {
    try {
      return new String(run("curl", "--version"), UTF_8).contains("HTTP2");
    } catch (IOException missing) {
      return false;
    }
  }

  private static byte[] run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    byte[] output = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).as("%s", List.of(command)).isZero();
    return output;
  }

  private static byte[] curl(boolean tls, String option, String path, String... more)
      throws Exception {
    int port = tls ? secure.port() : plain.port();
    List<String> command = new ArrayList<>(List.of("curl", "-sSk", option));
    command.addAll(List.of(more));
    command.add((tls ? "https" : "http") + "://localhost:" + port + path);
    return run(command.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "false, --http1.0, HTTP/1.0 false",
    "false, --http1.1, HTTP/1.1 false",
    "false, --http2-prior-knowledge, HTTP/2 false",
    "true, --http1.1, HTTP/1.1 true",
    "true, --http2, HTTP/2 true",
  })
  void protocols(boolean tls, String option, String expected) throws Exception {
    assertThat(curl(tls, option, "/hello/you")).asString(UTF_8).isEqualTo("you " + expected);
  }

  @ParameterizedTest
  @CsvSource({
    "false, --http1.1, ''",
    "false, --http1.1, Transfer-Encoding: chunked",
    "false, --http2-prior-knowledge, ''",
    "true, --http1.1, ''",
    "true, --http2, ''",
  })
  void largeBodiesComeBack(boolean tls, String option, String field) throws Exception {
    byte[] bytes = new byte[2_000_000];
    new Random(7).nextBytes(bytes);
    Path file = Files.write(directory.resolve("body"), bytes);
    assertThat(curl(tls, option, "/echo", "-H", field, "--data-binary", "@" + file))
        .isEqualTo(bytes);
  }
}
