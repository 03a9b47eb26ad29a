import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.security.Provider;
import javax.net.ssl.*;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;

/** A TLS handshake between two engines, without sockets; for the findings on TLS providers. */
class Handshake {
  static SSLContext context(Provider provider, KeyStore keys) throws Exception {
    boolean own = provider instanceof BouncyCastleJsseProvider; // it takes key managers of its own kind
    var managers = own ? KeyManagerFactory.getInstance("PKIX", provider) : KeyManagerFactory.getInstance("SunX509");
    managers.init(keys, "password".toCharArray());
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(keys);
    SSLContext context = provider == null ? SSLContext.getInstance("TLS") : SSLContext.getInstance("TLS", provider);
    context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /** Passes records between the two engines until both have finished the handshake. */
  static void handshake(SSLEngine client, SSLEngine server) throws Exception {
    ByteBuffer toServer = ByteBuffer.allocate(1 << 17), toClient = ByteBuffer.allocate(1 << 17);
    client.beginHandshake();
    server.beginHandshake();
    for (int step = 0; step < 200; step++) {
      move(client, toClient, toServer);
      move(server, toServer, toClient);
    }
  }

  static void move(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws Exception {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
          task.run();
        }
      }
      case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
      default -> {
        if (in.position() > 0) {
          in.flip();
          engine.unwrap(in, ByteBuffer.allocate(1 << 16));
          in.compact();
        }
      }
    }
  }
}
