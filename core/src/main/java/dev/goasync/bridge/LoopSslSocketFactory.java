package dev.goasync.bridge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * Creates TLS sockets for libraries: those of the JDK, or of another provider, layered on sockets
 * of {@link LoopSocketFactory}.
 *
 * <pre>{@code
 * SSLSocketFactory factory = new LoopSslSocketFactory(SSLContext.getDefault());
 * }</pre>
 *
 * <p>Most libraries connect a socket and then layer TLS on it. They need only {@link
 * LoopSocketFactory}, beside the TLS factory that they use anyway. This class is for libraries that
 * connect through the TLS factory. It cannot create unconnected sockets: {@link #createSocket()}
 * throws the exception of the JDK's factories that cannot either, so that a caller connects a plain
 * socket itself.
 *
 * <p>The calling coroutine computes the handshake, on its loop's thread.
 */
public final class LoopSslSocketFactory extends SSLSocketFactory {
  private final SSLSocketFactory layers;
  private final LoopSocketFactory sockets = new LoopSocketFactory();

  /**
   * Creates a factory with the JDK's default context, for libraries that create a factory by the
   * name of the class.
   *
   * @throws IllegalStateException if the JDK has no default context
   */
  public LoopSslSocketFactory() {
    this(defaultContext());
  }

  /**
   * Returns a factory with the JDK's default context, for libraries that call this static method by
   * reflection, as JNDI does for {@code java.naming.ldap.factory.socket}.
   *
   * @throws IllegalStateException if the JDK has no default context
   */
  public static SocketFactory getDefault() {
    return new LoopSslSocketFactory();
  }

  private static SSLContext defaultContext() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException broken) {
      throw new IllegalStateException("the JDK has no default TLS context", broken);
    }
  }

  /** Creates a factory with a context's keys, trust and protocols. */
  public LoopSslSocketFactory(SSLContext context) {
    this(context.getSocketFactory());
  }

  /**
   * Creates a factory that layers the TLS of another factory.
   *
   * @param layers its {@link SSLSocketFactory#createSocket(Socket, String, int, boolean)} is called
   */
  public LoopSslSocketFactory(SSLSocketFactory layers) {
    this.layers = Objects.requireNonNull(layers, "layers");
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return layers.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return layers.getSupportedCipherSuites();
  }

  /** Layers TLS on a connected socket of any kind. */
  @Override
  public Socket createSocket(Socket connected, String host, int port, boolean autoClose)
      throws IOException {
    return layers.createSocket(connected, host, port, autoClose);
  }

  /** Creates a connected socket; its first use makes the handshake. */
  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return layered(sockets.createSocket(host, port), host);
  }

  /** Creates a socket that is connected from a local address; its first use makes the handshake. */
  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return layered(sockets.createSocket(host, port, localHost, localPort), host);
  }

  /** Creates a connected socket; its first use makes the handshake. */
  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return layered(sockets.createSocket(host, port), host.getHostAddress());
  }

  /** Creates a socket that is connected from a local address; its first use makes the handshake. */
  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return layered(sockets.createSocket(host, port, localHost, localPort), host.getHostAddress());
  }

  /**
   * @param host the name that the peer's certificate must be for
   */
  private Socket layered(Socket connected, String host) throws IOException {
    boolean layered = false;
    try {
      Socket tls = layers.createSocket(connected, host, connected.getPort(), true);
      layered = true;
      return tls;
    } finally {
      if (!layered) {
        connected.close();
      }
    }
  }
}
