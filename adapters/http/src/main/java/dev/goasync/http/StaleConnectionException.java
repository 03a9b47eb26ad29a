package dev.goasync.http;

import java.io.IOException;
import java.io.Serial;

/** The server closed a kept connection before it sent a byte of the response. */
final class StaleConnectionException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  StaleConnectionException(String connection, IOException cause) {
    super(connection + ": the server closed the connection before it answered", cause);
  }
}
