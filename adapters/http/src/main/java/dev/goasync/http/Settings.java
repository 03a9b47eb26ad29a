package dev.goasync.http;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The options of a server's connections.
 *
 * @param maxHeadBytes of the request line and the fields together
 * @param tls null for plain connections
 */
record Settings(
    List<Route> routes,
    int maxHeadBytes,
    long maxBodyBytes,
    Duration idleTimeout,
    Duration headTimeout,
    Duration stallTimeout,
    int maxStreams,
    boolean http2,
    @Nullable SSLContext tls,
    Consumer<? super Throwable> onFailure) {
  /** How many fields a head may have. */
  static final int MAX_FIELDS = 100;

  /** The length of a request line; the target can have nearly this length. */
  static final int MAX_LINE_BYTES = 8 * 1024;

  /** How long a connection that is refused is read on, so that the client gets the response. */
  static final Duration LINGER = Duration.ofSeconds(2);

  /** How much of an unused body is read to keep the connection. */
  static final int MAX_DISCARDED_BYTES = 64 * 1024;

  static final Settings DEFAULT =
      new Settings(
          List.of(),
          32 * 1024,
          16 * 1024 * 1024,
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          100,
          true,
          null,
          Settings::log);

  private static void log(Throwable failure) {
    System.getLogger("dev.goasync.http")
        .log(System.Logger.Level.ERROR, "a request handler failed", failure);
  }

  Settings withRoutes(List<Route> changed) {
    return new Settings(
        List.copyOf(changed),
        maxHeadBytes,
        maxBodyBytes,
        idleTimeout,
        headTimeout,
        stallTimeout,
        maxStreams,
        http2,
        tls,
        onFailure);
  }

  Settings withMaxHeadBytes(int changed) {
    return new Settings(
        routes,
        changed,
        maxBodyBytes,
        idleTimeout,
        headTimeout,
        stallTimeout,
        maxStreams,
        http2,
        tls,
        onFailure);
  }

  Settings withMaxBodyBytes(long changed) {
    return new Settings(
        routes,
        maxHeadBytes,
        changed,
        idleTimeout,
        headTimeout,
        stallTimeout,
        maxStreams,
        http2,
        tls,
        onFailure);
  }

  Settings withIdleTimeout(Duration changed) {
    return new Settings(
        routes,
        maxHeadBytes,
        maxBodyBytes,
        changed,
        headTimeout,
        stallTimeout,
        maxStreams,
        http2,
        tls,
        onFailure);
  }

  Settings withHeadTimeout(Duration changed) {
    return new Settings(
        routes,
        maxHeadBytes,
        maxBodyBytes,
        idleTimeout,
        changed,
        stallTimeout,
        maxStreams,
        http2,
        tls,
        onFailure);
  }

  Settings withStallTimeout(Duration changed) {
    return new Settings(
        routes,
        maxHeadBytes,
        maxBodyBytes,
        idleTimeout,
        headTimeout,
        changed,
        maxStreams,
        http2,
        tls,
        onFailure);
  }

  Settings withMaxStreams(int changed) {
    return new Settings(
        routes,
        maxHeadBytes,
        maxBodyBytes,
        idleTimeout,
        headTimeout,
        stallTimeout,
        changed,
        http2,
        tls,
        onFailure);
  }

  Settings withHttp2(boolean changed) {
    return new Settings(
        routes,
        maxHeadBytes,
        maxBodyBytes,
        idleTimeout,
        headTimeout,
        stallTimeout,
        maxStreams,
        changed,
        tls,
        onFailure);
  }

  Settings withTls(SSLContext changed) {
    return new Settings(
        routes,
        maxHeadBytes,
        maxBodyBytes,
        idleTimeout,
        headTimeout,
        stallTimeout,
        maxStreams,
        http2,
        changed,
        onFailure);
  }

  Settings withOnFailure(Consumer<? super Throwable> changed) {
    return new Settings(
        routes,
        maxHeadBytes,
        maxBodyBytes,
        idleTimeout,
        headTimeout,
        stallTimeout,
        maxStreams,
        http2,
        tls,
        changed);
  }
}
