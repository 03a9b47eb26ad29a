package dev.goasync.tls;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;

/** The name of a host as a client tells it to a server (RFC 6066, 3). */
final class ServerNames {
  private ServerNames() {}

  /**
   * A host's name, also one without a dot, of which the JDK tells nothing by itself; none for an
   * address, and for what cannot be told.
   */
  static Optional<List<SNIServerName>> of(String host) {
    if (isAddress(host)) {
      return Optional.empty();
    }
    try {
      return Optional.of(List.of(new SNIHostName(host)));
    } catch (IllegalArgumentException noDomainName) {
      return Optional.empty();
    }
  }

  private static boolean isAddress(String host) {
    try {
      InetAddress.ofLiteral(host);
      return true;
    } catch (IllegalArgumentException name) {
      return false;
    }
  }
}
