package dev.goasync.bridge;

import dev.goasync.internal.backend.Backends;
import dev.goasync.internal.loop.FifoLock;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.Pollable;
import dev.goasync.internal.platform.Pollable.Direction;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.platform.UnconnectedHandle;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The implementation of a listening socket. A cancelled {@link #accept} throws the
 * CancellationException and leaves the socket open, because no connection is in use.
 */
final class ListenerEndpoint extends Endpoint {

  private static final String NOT_FOR_LISTENERS = "a listening socket cannot do this; use a Socket";

  /** Held from the wait for readiness to the accept, so that no other caller accepts between. */
  private final FifoLock accepting = new FifoLock("the end of another accept");

  private volatile @Nullable ListenerHandle listener;

  @Override
  protected void create(boolean isStream) throws IOException {
    setHandle(Backends.platform().openTcp(true));
  }

  private UnconnectedHandle unbound() throws SocketException {
    if (handle() instanceof UnconnectedHandle unbound) {
      return unbound;
    }
    throw new SocketException("Already listening");
  }

  @Override
  protected void bind(InetAddress host, int localPort) throws IOException {
    try {
      unbound().bind(new InetSocketAddress(host, localPort));
    } catch (IOException thrown) {
      throw asSocketFailure(thrown);
    }
    address = host;
  }

  @Override
  protected void listen(int backlog) throws IOException {
    ListenerHandle listening;
    try {
      listening = unbound().listen(backlog);
    } catch (IOException thrown) {
      throw asSocketFailure(thrown);
    }
    listener = listening;
    setHandle(listening);
    updateLocalPort();
  }

  @Override
  protected void accept(SocketImpl accepted) throws IOException {
    var _ = handle();
    ListenerHandle listening = listener;
    if (listening == null) {
      throw new SocketException("Not listening");
    }
    accepting.acquire();
    try {
      StreamHandle connected =
          Timeouts.run(
              timeoutMillis(),
              "Accept timed out",
              nanos -> {
                if (nanos != Pollable.Timed.NO_TIMEOUT) {
                  listening.awaitReady(Direction.INPUT, nanos);
                }
                return listening.accept();
              });
      ((StreamEndpoint) accepted).accepted(connected);
    } catch (IOException thrown) {
      throw asSocketFailure(thrown);
    } finally {
      accepting.release();
    }
  }

  @Override
  protected Set<SocketOption<?>> supportedOptions() {
    return JdkOptions.OF_SERVER_SOCKETS;
  }

  @Override
  protected void connect(String host, int remotePort) throws IOException {
    throw new SocketException(NOT_FOR_LISTENERS);
  }

  @Override
  protected void connect(InetAddress host, int remotePort) throws IOException {
    throw new SocketException(NOT_FOR_LISTENERS);
  }

  @Override
  protected void connect(SocketAddress remote, int millis) throws IOException {
    throw new SocketException(NOT_FOR_LISTENERS);
  }

  @Override
  protected InputStream getInputStream() throws IOException {
    throw new SocketException(NOT_FOR_LISTENERS);
  }

  @Override
  protected OutputStream getOutputStream() throws IOException {
    throw new SocketException(NOT_FOR_LISTENERS);
  }

  @Override
  protected int available() throws IOException {
    throw new SocketException(NOT_FOR_LISTENERS);
  }

  @Override
  protected void sendUrgentData(int data) throws IOException {
    throw new SocketException(NOT_FOR_LISTENERS);
  }
}
