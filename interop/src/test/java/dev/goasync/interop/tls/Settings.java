package dev.goasync.interop.tls;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one end of a connection offers and requires.
 *
 * @param version the only protocol version that is enabled
 * @param host the name of the server, as the client expects it in the certificate
 * @param applicationProtocols offered by ALPN; empty for none
 * @param clientAuth whether the server requests a certificate of the client
 * @param own the key of this end; null for a client without a certificate
 * @param trusted whose certificate this end trusts
 */
record Settings(
    String version,
    String host,
    List<String> applicationProtocols,
    ClientAuth clientAuth,
    @Nullable Identity own,
    Identity trusted) {

  enum ClientAuth {
    NONE,
    WANTED,
    NEEDED
  }

  static Settings client(String version) {
    return new Settings(version, "localhost", List.of(), ClientAuth.NONE, null, Identity.SERVER);
  }

  static Settings server(String version) {
    return new Settings(
        version, "localhost", List.of(), ClientAuth.NONE, Identity.SERVER, Identity.CLIENT);
  }

  Settings host(String name) {
    return new Settings(version, name, applicationProtocols, clientAuth, own, trusted);
  }

  Settings protocols(String... names) {
    return new Settings(version, host, Arrays.asList(names), clientAuth, own, trusted);
  }

  Settings clientAuth(ClientAuth required) {
    return new Settings(version, host, applicationProtocols, required, own, trusted);
  }

  Settings own(Identity identity) {
    return new Settings(version, host, applicationProtocols, clientAuth, identity, trusted);
  }

  Settings trusted(Identity identity) {
    return new Settings(version, host, applicationProtocols, clientAuth, own, identity);
  }
}
