package dev.goasync.http;

/** Answers a request, in the coroutine of its connection (HTTP/1.1) or stream (HTTP/2). */
@FunctionalInterface
public interface HttpHandler {
  /**
   * Answers a request. If it returns without a response, the server answers 204 (No Content). The
   * coroutine is cancelled when the client has gone, has reset the stream, does not take the
   * response for the {@linkplain HttpServer.Options#stallTimeout stall timeout}, or when the grace
   * of a stopped server is over.
   *
   * @throws Exception a {@link StatusException} is answered with its status, another exception with
   *     500 and passed to {@link HttpServer.Options#onFailure}; if the response has been started,
   *     it is broken off instead
   */
  void handle(HttpExchange exchange) throws Exception;
}
