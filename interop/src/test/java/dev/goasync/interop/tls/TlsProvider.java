package dev.goasync.interop.tls;

import dev.goasync.tls.TlsStream;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.ByteChannel;
import java.security.Provider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/** Makes TLS streams over the engines of one provider. */
enum TlsProvider {
  JDK,
  CONSCRYPT {
    @Override
    Provider provider() {
      return Conscrypt.newProvider();
    }
  },
  BOUNCY_CASTLE {
    @Override
    Provider provider() {
      BOUNCY_CASTLE_LOG.setLevel(Level.OFF); // it logs each connection
      return new BouncyCastleJsseProvider(new BouncyCastleProvider());
    }
  },
  NETTY {
    @Override
    TlsStream client(ByteChannel channel, Settings settings) throws Exception {
      return TlsStream.over(channel, clientEngine(settings));
    }

    @Override
    TlsStream server(ByteChannel channel, Settings settings) throws Exception {
      return TlsStream.over(channel, serverEngine(settings));
    }

    @Override
    SSLEngine clientEngine(Settings settings) throws Exception {
      return NettyContexts.of(settings, true)
          .newEngine(ByteBufAllocator.DEFAULT, settings.host(), PORT);
    }

    @Override
    SSLEngine serverEngine(Settings settings) throws Exception {
      return NettyContexts.of(settings, false).newEngine(ByteBufAllocator.DEFAULT);
    }
  };

  static {
    Identity.values(); // keytool runs before the first test, outside its timeout and its loop
  }

  private static final int PORT = 443;
  private static final Logger BOUNCY_CASTLE_LOG = Logger.getLogger("org.bouncycastle.jsse");

  @SuppressWarnings("ImmutableEnumChecker") // a cache
  private final Map<Object, SSLContext> contexts = new ConcurrentHashMap<>();

  /** The provider; null for the JDK's. */
  @Nullable Provider provider() {
    return null;
  }

  TlsStream client(ByteChannel channel, Settings settings) throws Exception {
    return TlsStream.client(channel, context(settings), settings.host(), PORT, apply(settings));
  }

  TlsStream server(ByteChannel channel, Settings settings) throws Exception {
    return TlsStream.server(channel, context(settings), apply(settings));
  }

  /** An engine alone, for tests that call it beside the stream. */
  SSLEngine clientEngine(Settings settings) throws Exception {
    SSLEngine engine = context(settings).createSSLEngine(settings.host(), PORT);
    engine.setUseClientMode(true);
    return applied(engine, settings);
  }

  /** An engine alone, for tests that call it beside the stream. */
  SSLEngine serverEngine(Settings settings) throws Exception {
    SSLEngine engine = context(settings).createSSLEngine();
    engine.setUseClientMode(false);
    return applied(engine, settings);
  }

  /** A blocking socket of the JDK over a connected one. */
  SSLSocket socket(Socket connected, Settings settings, boolean client) throws IOException {
    var socket =
        (SSLSocket)
            context(settings)
                .getSocketFactory()
                .createSocket(connected, settings.host(), connected.getPort(), true);
    socket.setUseClientMode(client);
    SSLParameters parameters = socket.getSSLParameters();
    apply(settings).accept(parameters);
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static SSLEngine applied(SSLEngine engine, Settings settings) {
    SSLParameters parameters = engine.getSSLParameters();
    apply(settings).accept(parameters);
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static Consumer<SSLParameters> apply(Settings settings) {
    return parameters -> {
      parameters.setProtocols(new String[] {settings.version()});
      if (!settings.applicationProtocols().isEmpty()) {
        parameters.setApplicationProtocols(settings.applicationProtocols().toArray(String[]::new));
      }
      switch (settings.clientAuth()) {
        case NEEDED -> parameters.setNeedClientAuth(true);
        case WANTED -> parameters.setWantClientAuth(true);
        case NONE -> {}
      }
    };
  }

  /** One context for equal keys and trust, so that sessions can be resumed. */
  private SSLContext context(Settings settings) {
    return contexts.computeIfAbsent(
        java.util.Arrays.asList(settings.own(), settings.trusted()), _ -> newContext(settings));
  }

  private SSLContext newContext(Settings settings) {
    try {
      Provider provider = provider();
      boolean ofProvider = provider instanceof BouncyCastleJsseProvider;
      TrustManagerFactory trust =
          ofProvider
              ? TrustManagerFactory.getInstance("PKIX", provider)
              : TrustManagerFactory.getInstance("PKIX");
      trust.init(settings.trusted().trust());
      KeyManagerFactory keys =
          ofProvider
              ? KeyManagerFactory.getInstance("PKIX", provider)
              : KeyManagerFactory.getInstance("SunX509");
      SSLContext context =
          provider == null
              ? SSLContext.getInstance("TLS")
              : SSLContext.getInstance("TLS", provider);
      context.init(keyManagers(keys, settings.own()), trust.getTrustManagers(), null);
      return context;
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static KeyManager @Nullable [] keyManagers(
      KeyManagerFactory factory, @Nullable Identity own) throws Exception {
    if (own == null) {
      return null;
    }
    own.init(factory);
    return factory.getKeyManagers();
  }

  /** The contexts of netty, which hold what SSLParameters hold elsewhere. */
  private static final class NettyContexts {
    private record Key(Settings settings, boolean client) {}

    private static final Map<Key, SslContext> CONTEXTS = new ConcurrentHashMap<>();

    private NettyContexts() {}

    static SslContext of(Settings settings, boolean client) {
      return CONTEXTS.computeIfAbsent(new Key(settings, client), _ -> make(settings, client));
    }

    private static SslContext make(Settings settings, boolean client) {
      try {
        Identity own = settings.own();
        SslContextBuilder builder;
        if (client) {
          // Netty sends a name without a dot only if it is set.
          builder = SslContextBuilder.forClient().serverName(new SNIHostName(settings.host()));
          if (own != null) {
            builder.keyManager(own.privateKey(), own.certificate());
          }
        } else if (own != null) {
          builder = SslContextBuilder.forServer(own.privateKey(), own.certificate());
        } else {
          throw new IllegalArgumentException("a server needs a key");
        }
        builder
            .sslProvider(SslProvider.OPENSSL)
            .trustManager(settings.trusted().certificate())
            .protocols(settings.version());
        if (!settings.applicationProtocols().isEmpty()) {
          builder.applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  settings.applicationProtocols()));
        }
        builder.clientAuth(
            switch (settings.clientAuth()) {
              case NEEDED -> io.netty.handler.ssl.ClientAuth.REQUIRE;
              case WANTED -> io.netty.handler.ssl.ClientAuth.OPTIONAL;
              case NONE -> io.netty.handler.ssl.ClientAuth.NONE;
            });
        return builder.build();
      } catch (Exception failed) {
        throw new IllegalStateException(failed);
      }
    }
  }
}
