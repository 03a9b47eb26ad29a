package dev.goasync.http;

import java.io.IOException;
import java.io.Serial;

/**
 * Ends a request with a status: the server answers with it and with the message as text, if no
 * response has been started. The library throws it for requests that it refuses, such as a body
 * that is too large, and a handler may throw it.
 *
 * <pre>{@code
 * HttpHandler handler = exchange -> {
 *   if (exchange.query("q") == null) {
 *     throw new StatusException(400, "the parameter q is missing");
 *   }
 *   exchange.respond(200, "found");
 * };
 * }</pre>
 */
public final class StatusException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  private static final int MIN_STATUS = 400;
  private static final int MAX_STATUS = 599;

  private final int status;

  /**
   * Creates an exception.
   *
   * @param status in 400..599
   * @param message the text of the response
   * @throws IllegalArgumentException if {@code status} is not in 400..599
   */
  public StatusException(int status, String message) {
    super(message);
    if (status < MIN_STATUS || status > MAX_STATUS) {
      throw new IllegalArgumentException("status must be in 400..599: " + status);
    }
    this.status = status;
  }

  /** Returns the status, in 400..599. */
  public int status() {
    return status;
  }
}
