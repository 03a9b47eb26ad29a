package dev.goasync.examples.replicated;

import java.util.ArrayList;
import java.util.List;

/**
 * The address of a node.
 *
 * @param host a name or an IP address
 */
public record Address(String host, int port) {
  private static final int MAX_PORT = 65_535;

  /**
   * Parses a list such as {@code "db1:7000,db2:7000,db3:7000"}.
   *
   * @throws IllegalArgumentException if it is malformed; the message has the wrong part
   */
  public static List<Address> parseAll(String text) {
    List<Address> all = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      int colon = part.lastIndexOf(':');
      String port = part.substring(colon + 1);
      if (colon < 1 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > MAX_PORT) {
        throw new IllegalArgumentException(
            "not an address such as localhost:7001: \"" + part + "\"");
      }
      all.add(new Address(part.substring(0, colon), Integer.parseInt(port)));
    }
    return all;
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
