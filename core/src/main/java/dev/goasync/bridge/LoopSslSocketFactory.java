package dev.goasync.bridge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * Makes TLS sockets for libraries: those of the JDK, or of another provider, on top of sockets as
 * {@link LoopSocketFactory} makes them.
 *
 * <pre>{@code
 * SSLSocketFactory factory = new LoopSslSocketFactory(SSLContext.getDefault());
 * }</pre>
 *
 * <p>Most libraries connect first and then put TLS on top of a socket that they have. They need
 * only {@link LoopSocketFactory}, besides the TLS factory that they use anyway; this class is for
 * those which have the TLS factory connect. It has no unconnected sockets: {@link #createSocket()}
 * throws what the JDK's factories throw that have none, by which callers know that they can connect
 * a socket by themselves.
 *
 * <p>The handshake's computations are made by the calling coroutine.
 */
public final class LoopSslSocketFactory extends SSLSocketFactory {
  private final SSLSocketFactory layers;
  private final LoopSocketFactory sockets = new LoopSocketFactory();

  /** Uses a context's keys, trust and protocols. */
  public LoopSslSocketFactory(SSLContext context) {
    this(context.getSocketFactory());
  }

  /**
   * Puts another factory's TLS on our sockets.
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

  /** TLS on top of a connected socket, whichever that is. */
  @Override
  public Socket createSocket(Socket connected, String host, int port, boolean autoClose)
      throws IOException {
    return layers.createSocket(connected, host, port, autoClose);
  }

  /** A connected socket; the handshake is made when it is first used. */
  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return layered(sockets.createSocket(host, port), host);
  }

  /** Like the other, from an address of ours. */
  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return layered(sockets.createSocket(host, port, localHost, localPort), host);
  }

  /** Like the other. */
  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return layered(sockets.createSocket(host, port), host.getHostAddress());
  }

  /** Like the other, from an address of ours. */
  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return layered(sockets.createSocket(host, port, localHost, localPort), host.getHostAddress());
  }

  /**
   * @param host the name that the peer's certificate is for
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
