package dev.goasync.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The implementation of a socket outside coroutines after {@link LoopSockets#install}: the socket
 * of a {@link SocketChannel}. The JDK's own implementation cannot be had once a factory is set.
 */
final class ChannelEndpoint extends SocketImpl {
  private volatile @Nullable Socket socket;

  private Socket socket() throws SocketException {
    Socket created = socket;
    if (created == null) {
      throw new SocketException("Socket not created");
    }
    return created;
  }

  @Override
  protected void create(boolean isStream) throws IOException {
    if (!isStream) {
      throw new IOException("a datagram socket is created by DatagramSocket");
    }
    socket = SocketChannel.open().socket();
  }

  @Override
  protected void close() throws IOException {
    Socket created = socket;
    if (created != null) {
      created.close();
    }
  }

  // ---- connecting ----

  @Override
  protected void bind(InetAddress host, int localPort) throws IOException {
    Socket unbound = socket();
    unbound.bind(new InetSocketAddress(host, localPort));
    localport = unbound.getLocalPort();
  }

  @Override
  protected void connect(String host, int remotePort) throws IOException {
    connect(new InetSocketAddress(host, remotePort), 0);
  }

  @Override
  protected void connect(InetAddress host, int remotePort) throws IOException {
    connect(new InetSocketAddress(host, remotePort), 0);
  }

  @Override
  protected void connect(SocketAddress remote, int millis) throws IOException {
    Socket unconnected = socket();
    unconnected.connect(remote, millis);
    address = unconnected.getInetAddress();
    port = unconnected.getPort();
    localport = unconnected.getLocalPort();
  }

  @Override
  protected void listen(int backlog) throws IOException {
    throw new SocketException("a Socket cannot listen; use a ServerSocket");
  }

  @Override
  protected void accept(SocketImpl accepted) throws IOException {
    throw new SocketException("a Socket cannot accept; use a ServerSocket");
  }

  // ---- bytes ----

  @Override
  protected InputStream getInputStream() throws IOException {
    return socket().getInputStream();
  }

  @Override
  protected OutputStream getOutputStream() throws IOException {
    return socket().getOutputStream();
  }

  @Override
  protected int available() throws IOException {
    return socket().getInputStream().available();
  }

  @Override
  protected void shutdownInput() throws IOException {
    socket().shutdownInput();
  }

  @Override
  protected void shutdownOutput() throws IOException {
    socket().shutdownOutput();
  }

  @Override
  protected boolean supportsUrgentData() {
    return true;
  }

  @Override
  protected void sendUrgentData(int data) throws IOException {
    socket().sendUrgentData(data);
  }

  // ---- options ----

  @Override
  protected Set<SocketOption<?>> supportedOptions() {
    return JdkOptions.OF_SOCKETS;
  }

  @Override
  protected <T> void setOption(SocketOption<T> option, T value) throws IOException {
    var _ = socket().setOption(option, value);
  }

  @Override
  protected <T> T getOption(SocketOption<T> option) throws IOException {
    return socket().getOption(option);
  }

  /** Sets an option by its number. The JDK passes false to turn {@code SO_LINGER} off. */
  @Override
  public void setOption(int number, Object value) throws SocketException {
    Socket target = socket();
    switch (number) {
      case SocketOptions.SO_TIMEOUT -> target.setSoTimeout((Integer) value);
      case SocketOptions.SO_LINGER ->
          target.setSoLinger(value instanceof Integer, value instanceof Integer time ? time : 0);
      case SocketOptions.TCP_NODELAY -> target.setTcpNoDelay((Boolean) value);
      case SocketOptions.SO_KEEPALIVE -> target.setKeepAlive((Boolean) value);
      case SocketOptions.SO_REUSEADDR -> target.setReuseAddress((Boolean) value);
      case SocketOptions.SO_OOBINLINE -> target.setOOBInline((Boolean) value);
      case SocketOptions.SO_SNDBUF -> target.setSendBufferSize((Integer) value);
      case SocketOptions.SO_RCVBUF -> target.setReceiveBufferSize((Integer) value);
      case SocketOptions.IP_TOS -> target.setTrafficClass((Integer) value);
      default -> throw new SocketException("Unknown option " + number);
    }
  }

  @Override
  public Object getOption(int number) throws SocketException {
    Socket source = socket();
    return switch (number) {
      case SocketOptions.SO_TIMEOUT -> source.getSoTimeout();
      case SocketOptions.SO_LINGER -> linger(source.getSoLinger());
      case SocketOptions.TCP_NODELAY -> source.getTcpNoDelay();
      case SocketOptions.SO_KEEPALIVE -> source.getKeepAlive();
      case SocketOptions.SO_REUSEADDR -> source.getReuseAddress();
      case SocketOptions.SO_OOBINLINE -> source.getOOBInline();
      case SocketOptions.SO_SNDBUF -> source.getSendBufferSize();
      case SocketOptions.SO_RCVBUF -> source.getReceiveBufferSize();
      case SocketOptions.IP_TOS -> source.getTrafficClass();
      case SocketOptions.SO_BINDADDR -> source.getLocalAddress();
      default -> throw new SocketException("Unknown option " + number);
    };
  }

  private static Object linger(int seconds) {
    if (seconds < 0) {
      return false;
    }
    return seconds;
  }
}
