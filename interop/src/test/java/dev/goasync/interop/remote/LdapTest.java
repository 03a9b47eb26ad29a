package dev.goasync.interop.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchResultEntry;
import dev.goasync.bridge.LoopSocketFactory;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.SilentServer;
import java.net.InetAddress;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** UnboundID's LDAP SDK, with its server in memory. */
@Timeout(60)
final class LdapTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static LDAPConnection connect(String host, int port) throws LDAPException {
    LDAPConnectionOptions options = new LDAPConnectionOptions();
    options.setUseSynchronousMode(true); // else a thread reads the answers of each connection
    return new LDAPConnection(new LoopSocketFactory(), options, host, port);
  }

  // guide: end

  /** A server with one entry. */
  static InMemoryDirectoryServer start() throws Exception {
    var config = new InMemoryDirectoryServerConfig("dc=example");
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig(
            "ldap", InetAddress.ofLiteral("127.0.0.1"), 0, null));
    var server = new InMemoryDirectoryServer(config);
    server.add("dn: dc=example", "objectClass: top", "objectClass: domain", "dc: example");
    server.startListening();
    return server;
  }

  private static int addAndGet(int port, int number) throws Exception {
    try (LDAPConnection connection = connect("127.0.0.1", port)) {
      String name = "ou=unit" + number + ",dc=example";
      connection.add("dn: " + name, "objectClass: organizationalUnit", "ou: unit" + number);
      SearchResultEntry found = connection.getEntry(name);
      assertThat(Objects.requireNonNull(found).getAttributeValue("ou")).isEqualTo("unit" + number);
      connection.delete(name);
    }
    return number;
  }

  @Test
  void aCancelClosesItsConnection() throws Exception {
    try (var server = start();
        var silent = new SilentServer()) {
      one.run(() -> {
        Throwable failure =
            Rounds.withCut(
                number -> addAndGet(server.getListenPort(), number),
                () -> {
                  try (LDAPConnection connection = connect("127.0.0.1", silent.port())) {
                    connection.getEntry("dc=example");
                  }
                });
        assertThat(failure).isInstanceOf(LDAPException.class);
      });
    }
  }
}
