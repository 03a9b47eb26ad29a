package dev.goasync.interop.http;

import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;

/** The clients of this package's tests, for tests of other packages. */
public final class Clients {
  private Clients() {}

  /** Apache's client with a pool of {@code connections}. */
  public static CloseableHttpClient apache(int connections) {
    return ApacheTest.client(connections);
  }
}
