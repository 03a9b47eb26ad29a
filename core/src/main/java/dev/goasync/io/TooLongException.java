package dev.goasync.io;

import java.io.IOException;
import java.io.Serial;

/** Thrown if a line or another part of the input is longer than the maximum of its reader. */
public final class TooLongException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /** Creates an exception with a message that names the maximum. */
  public TooLongException(String message) {
    super(message);
  }
}
