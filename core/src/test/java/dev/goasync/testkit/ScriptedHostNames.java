package dev.goasync.testkit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.net.spi.InetAddressResolverProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The resolver of the JVMs that run our tests, found as a service: names that a test has scripted
 * are answered, or not, by its script, and all others by the JDK's own resolver.
 */
public final class ScriptedHostNames extends InetAddressResolverProvider {
  /** What the resolver does when it is asked for a name; may block. */
  @FunctionalInterface
  public interface Script {
    Stream<InetAddress> run() throws Exception;
  }

  private static final Map<String, Script> SCRIPTS = new ConcurrentHashMap<>();

  /** For the JDK. */
  public ScriptedHostNames() {}

  /**
   * From now on the name is looked up by a script.
   *
   * @param host a name that no other test uses, since the JDK caches lookups
   */
  public static void script(String host, Script script) {
    SCRIPTS.put(host, script);
  }

  @Override
  public InetAddressResolver get(Configuration configuration) {
    InetAddressResolver ofJdk = configuration.builtinResolver();
    return new InetAddressResolver() {
      @Override
      public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
          throws UnknownHostException {
        Script script = SCRIPTS.get(host);
        return script == null ? ofJdk.lookupByName(host, policy) : ScriptedHostNames.run(script);
      }

      @Override
      public String lookupByAddress(byte[] address) throws UnknownHostException {
        return ofJdk.lookupByAddress(address);
      }
    };
  }

  private static Stream<InetAddress> run(Script script) throws UnknownHostException {
    try {
      return script.run();
    } catch (UnknownHostException | RuntimeException thrown) {
      throw thrown;
    } catch (Exception thrown) {
      throw new IllegalStateException(thrown);
    }
  }

  @Override
  public String name() {
    return "scripts of the tests";
  }
}
