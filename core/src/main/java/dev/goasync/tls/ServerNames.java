package dev.goasync.tls;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;

/** The host name that a client sends to a server: SNI (RFC 6066, 3). */
final class ServerNames {
  private ServerNames() {}

  /**
   * Returns a host's name as a server name, also one without a dot, which the JDK does not send by
   * itself; empty for an address literal and for a name that SNI does not allow.
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
