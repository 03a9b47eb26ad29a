package dev.goasync.interop.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.GoAsync;
import dev.goasync.bridge.LoopSocketFactory;
import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.SilentServer;
import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.Attributes;
import javax.naming.directory.InitialDirContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The JDK's LDAP client, which JNDI uses. */
@Timeout(60)
@SuppressWarnings({"BanJNDI", "JdkObsolete"}) // the interface that is under test
final class JndiTest {
  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static InitialDirContext connect(String host, int port) throws NamingException {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
    environment.put(Context.PROVIDER_URL, "ldap://" + host + ":" + port);
    environment.put("java.naming.ldap.factory.socket", LoopSocketFactory.class.getName());
    return new InitialDirContext(environment);
  }

  // guide: end

  private static int search(int port, int number) throws NamingException {
    InitialDirContext context = connect("127.0.0.1", port);
    try {
      Attributes found = context.getAttributes("dc=example");
      assertThat(found.get("dc").get()).isEqualTo("example");
    } finally {
      context.close();
    }
    return number;
  }

  @Test
  void manyCoroutinesSearch() throws Exception {
    try (var server = LdapTest.start()) {
      one.run(() ->
          GoAsync.awaitAll(OneLoop.startMany(number -> search(server.getListenPort(), number))));
    }
  }

  @Test
  void aCancelClosesItsConnection() throws Exception {
    Modes.assumeFullMode("a thread of the JDK reads the answers, and the wait blocks the loop");
    try (var server = LdapTest.start();
        var silent = new SilentServer()) {
      one.run(() -> {
        Throwable failure =
            Rounds.withCut(
                number -> search(server.getListenPort(), number), () -> search(silent.port(), 0));
        assertThat(failure).isInstanceOf(NamingException.class);
      });
    }
  }
}
