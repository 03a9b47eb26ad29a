package dev.goasync.interop.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Amazon's S3 client on the JDK's HttpURLConnection; a stub keeps the objects. */
@Timeout(60)
final class S3Test {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static S3Client client(URI endpoint, AwsCredentialsProvider credentials) {
    return S3Client.builder()
        .httpClient(UrlConnectionHttpClient.create())
        .endpointOverride(endpoint) // only for servers that are not Amazon's
        .forcePathStyle(true)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .serviceConfiguration(settings -> settings.chunkedEncodingEnabled(false))
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(credentials)
        .build();
  }

  // guide: end

  private static int putAndGet(S3Client client, int number) {
    String key = "number" + number;
    client.putObject(
        request -> request.bucket("bucket").key(key), RequestBody.fromString("content" + number));
    assertThat(client.getObjectAsBytes(request -> request.bucket("bucket").key(key)).asUtf8String())
        .isEqualTo("content" + number);
    return number;
  }

  @Test
  void aCancelEndsTheWait() throws Exception {
    Modes.assumeFullMode("HttpURLConnection uses the JDK's sockets, which block the loop");
    var credentials =
        StaticCredentialsProvider.create(AwsBasicCredentials.create("user", "secret"));
    try (var server = new StubHttp();
        S3Client client = client(URI.create(server.url("")), credentials)) {
      one.run(() -> {
        Throwable failure =
            Rounds.withCut(
                number -> putAndGet(client, number),
                () -> client.getObjectAsBytes(request -> request.bucket("bucket").key("stall")));
        assertThat(failure).isInstanceOf(AbortedException.class);
      });
    }
  }
}
