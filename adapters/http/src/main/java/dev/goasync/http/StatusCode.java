package dev.goasync.http;

import java.io.IOException;
import java.net.ProtocolException;

/**
 * The status line of a response (RFC 9112, 4).
 *
 * @param isOld whether the version is HTTP/1.0
 */
record StatusCode(int status, boolean isOld) {
  private static final int VERSION_LENGTH = 8;
  private static final int LENGTH = 12;

  static StatusCode parse(String line) throws IOException {
    boolean old = line.startsWith("HTTP/1.0 ");
    if (line.length() < LENGTH
        || !(old || line.startsWith("HTTP/1.1 "))
        || !FieldRules.isDigits(line.substring(VERSION_LENGTH + 1, LENGTH))
        || (line.length() > LENGTH && line.charAt(LENGTH) != ' ')
        || line.charAt(VERSION_LENGTH + 1) == '0') {
      throw new ProtocolException("the status line is malformed: " + line);
    }
    return new StatusCode(Integer.parseInt(line, VERSION_LENGTH + 1, LENGTH, 10), old);
  }
}
