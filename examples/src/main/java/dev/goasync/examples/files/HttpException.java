package dev.goasync.examples.files;

import java.io.IOException;
import java.io.Serial;

/** Thrown when a request cannot be served; has the response status and a readable message. */
final class HttpException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  final Status status;

  HttpException(Status status, String message) {
    super(message);
    this.status = status;
  }
}
