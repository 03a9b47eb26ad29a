package dev.goasync.io;

import java.io.IOException;
import java.io.Serial;

/** What was to be read, such as a line, is longer than its reader allows. */
public final class TooLongException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /** With a message that tells the limit. */
  public TooLongException(String message) {
    super(message);
  }
}
