package dev.goasync.examples.files;

import java.io.IOException;
import java.io.Serial;

/** A request that cannot be served, with the status that tells so; the message is for people. */
final class HttpException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  final Status status;

  HttpException(Status status, String message) {
    super(message);
    this.status = status;
  }
}
