package dev.goasync.internal.nio;

import dev.goasync.internal.platform.FileHandle;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.Platform;
import dev.goasync.internal.platform.StreamHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens files and sockets by the JDK's channels. */
final class NioPlatform implements Platform {
  static final NioPlatform INSTANCE = new NioPlatform();

  /**
   * There the option lets a second socket steal the port; elsewhere only what lingers is reused.
   */
  private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

  private NioPlatform() {}

  @Override
  public FileHandle openFile(Path path, Set<? extends OpenOption> options) throws IOException {
    return NioFile.open(path, options);
  }

  @Override
  public StreamHandle connect(InetSocketAddress remote, @Nullable InetSocketAddress local)
      throws IOException {
    checkResolved(remote);
    SocketChannel channel;
    try {
      channel = SocketChannel.open();
    } catch (IOException refused) {
      throw SocketErrors.naming(refused, remote);
    }
    boolean connected = false;
    InetSocketAddress at = remote;
    NioSocket socket = new NioSocket(channel, remote);
    try {
      socket.begin();
      if (local != null) {
        checkResolved(local);
        at = local;
        channel.bind(local);
        at = remote;
      }
      if (!channel.connect(remote)) {
        do {
          socket.await(SelectionKey.OP_CONNECT);
        } while (!channel.finishConnect());
      }
      connected = true;
      return new NioStream(channel, socket, remote);
    } catch (IOException thrown) {
      throw SocketErrors.naming(thrown, at);
    } finally {
      if (!connected) {
        socket.close();
      }
    }
  }

  @Override
  public ListenerHandle listen(InetSocketAddress local, int backlog, boolean sharePort)
      throws IOException {
    checkResolved(local);
    boolean listens = false;
    ServerSocketChannel channel = null;
    try {
      channel = ServerSocketChannel.open(); // of both families, where there are both
      if (!WINDOWS) {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      }
      if (sharePort) {
        sharePort(channel);
      }
      channel.bind(local, backlog);
      NioListener listener =
          new NioListener(channel, new NioSocket(channel, channel.getLocalAddress()));
      listens = true;
      return listener;
    } catch (IOException refused) {
      throw SocketErrors.naming(refused, local);
    } finally {
      if (!listens && channel != null) {
        channel.close();
      }
    }
  }

  private static void sharePort(ServerSocketChannel channel) throws IOException {
    if (!channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
      throw new UnsupportedOperationException(
          System.getProperty("os.name")
              + " cannot share a port between listeners (SO_REUSEPORT); listen once and hand the"
              + " connections out");
    }
    channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
  }

  private static void checkResolved(InetSocketAddress address) throws UnknownHostException {
    if (address.isUnresolved()) {
      throw new UnknownHostException(address.getHostString());
    }
  }
}
