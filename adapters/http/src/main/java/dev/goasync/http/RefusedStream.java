package dev.goasync.http;

import org.apache.hc.core5.http.nio.support.BasicResponseProducer;
import org.apache.hc.core5.http.nio.support.ImmediateResponseExchangeHandler;

/** Makes the streams of requests that are refused before they reach a handler. */
final class RefusedStream {
  private RefusedStream() {}

  static ImmediateResponseExchangeHandler of(StatusException refused) {
    return new ImmediateResponseExchangeHandler(
        new BasicResponseProducer(refused.status(), refused.getMessage() + "\n"));
  }
}
