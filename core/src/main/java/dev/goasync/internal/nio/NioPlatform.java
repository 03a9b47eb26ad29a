package dev.goasync.internal.nio;

import dev.goasync.internal.nio.file.NioDirectory;
import dev.goasync.internal.nio.file.NioFile;
import dev.goasync.internal.nio.io.NioPipeEnd;
import dev.goasync.internal.nio.io.NioSocket;
import dev.goasync.internal.nio.io.SocketErrors;
import dev.goasync.internal.nio.net.NioDatagrams;
import dev.goasync.internal.nio.net.NioListener;
import dev.goasync.internal.nio.net.NioUnconnected;
import dev.goasync.internal.nio.process.NioChild;
import dev.goasync.internal.nio.system.NioStandard;
import dev.goasync.internal.nio.watch.NioWatch;
import dev.goasync.internal.platform.ChildHandle;
import dev.goasync.internal.platform.DatagramHandle;
import dev.goasync.internal.platform.DirectoryHandle;
import dev.goasync.internal.platform.FileHandle;
import dev.goasync.internal.platform.LaunchSpec;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.OpenDescriptor;
import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.platform.Platform;
import dev.goasync.internal.platform.Pollable;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.platform.TerminalHandle;
import dev.goasync.internal.platform.UnconnectedHandle;
import dev.goasync.internal.platform.WatchHandle;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens files and sockets with the JDK's channels. */
final class NioPlatform implements Platform {
  static final NioPlatform INSTANCE = new NioPlatform();

  /**
   * On Windows SO_REUSEADDR lets a second socket take the port; on other systems it only allows to
   * reuse the address of lingering connections.
   */
  private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

  private NioPlatform() {}

  @Override
  public FileHandle openFile(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return NioFile.open(path, options, attributes);
  }

  @Override
  public DirectoryHandle openDirectory(Path path) throws IOException {
    return NioDirectory.open(path);
  }

  @Override
  public StreamHandle connect(SocketAddress remote, @Nullable SocketAddress local)
      throws IOException {
    SocketErrors.checkResolved(remote);
    SocketChannel channel;
    try {
      channel =
          remote instanceof UnixDomainSocketAddress
              ? SocketChannel.open(StandardProtocolFamily.UNIX)
              : SocketChannel.open(); // of both families, where there are both
    } catch (IOException refused) {
      throw SocketErrors.naming(refused, remote);
    }
    boolean connected = false;
    NioUnconnected socket = NioUnconnected.of(channel, remote);
    try {
      if (local != null) {
        socket.bind(local);
      }
      StreamHandle stream = socket.connect(remote, Pollable.Timed.NO_TIMEOUT);
      connected = true;
      return stream;
    } finally {
      if (!connected) {
        socket.close();
      }
    }
  }

  @Override
  public UnconnectedHandle openTcp(boolean listening) throws IOException {
    if (!listening) {
      return NioUnconnected.of(SocketChannel.open(), "a socket that is not connected");
    }
    ServerSocketChannel channel = ServerSocketChannel.open();
    if (!WINDOWS) {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    }
    return NioUnconnected.of(channel);
  }

  @Override
  public ListenerHandle listen(SocketAddress local, int backlog, boolean sharePort)
      throws IOException {
    SocketErrors.checkResolved(local);
    boolean unix = local instanceof UnixDomainSocketAddress;
    boolean listens = false;
    ServerSocketChannel channel = null;
    try {
      channel =
          unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
      if (!WINDOWS && !unix) {
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

  @Override
  public DatagramHandle openDatagrams(SocketAddress local, boolean sharePort) throws IOException {
    SocketErrors.checkResolved(local);
    if (local instanceof UnixDomainSocketAddress) {
      throw new UnsupportedOperationException(
          "the nio backend has no Unix datagram sockets, since the JDK has none; use a Linux"
              + " backend");
    }
    boolean bound = false;
    DatagramChannel channel = null;
    try {
      channel = open(local);
      if (sharePort) {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        sharePort(channel);
      }
      channel.bind(local);
      NioDatagrams datagrams =
          new NioDatagrams(channel, new NioSocket(channel, channel.getLocalAddress()));
      bound = true;
      return datagrams;
    } catch (IOException refused) {
      throw SocketErrors.naming(refused, local);
    } finally {
      if (!bound && channel != null) {
        channel.close();
      }
    }
  }

  /** The JDK joins IPv4 multicast groups only with IPv4 channels. */
  private static DatagramChannel open(SocketAddress local) throws IOException {
    return local instanceof InetSocketAddress inet
            && inet.getAddress() instanceof Inet4Address v4
            && !v4.isAnyLocalAddress()
        ? DatagramChannel.open(StandardProtocolFamily.INET)
        : DatagramChannel.open();
  }

  @Override
  public PipeHandle.Standard standardStream(int number, String name) {
    return new NioStandard(number, name);
  }

  @Override
  public PipeHandle.Ends openPipe() throws IOException {
    return NioPipeEnd.open();
  }

  @Override
  public WatchHandle openWatch() throws IOException {
    return NioWatch.open();
  }

  @Override
  public Pollable.Handle pollable(int fd) {
    throw new UnsupportedOperationException(
        "the nio backend cannot wait for descriptors, since the JDK has no such call; "
            + "wait for a SelectableChannel, or use a Linux backend");
  }

  @Override
  public OpenDescriptor openDescriptor(int fd) {
    throw SocketErrors.noDescriptors("take ownership of");
  }

  @Override
  public SocketAddress abstractAddress(String name) {
    throw new UnsupportedOperationException(
        "the nio backend has no abstract Unix socket addresses, since the JDK has none; "
            + "use a path, or a Linux backend");
  }

  @Override
  public ChildHandle launch(LaunchSpec spec) throws IOException {
    return NioChild.launch(spec);
  }

  @Override
  public TerminalHandle terminal() {
    throw new UnsupportedOperationException(
        "the nio backend has no access to terminals, since the JDK has none; use a Linux backend");
  }

  private static void sharePort(NetworkChannel channel) throws IOException {
    if (!channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
      throw new UnsupportedOperationException(
          System.getProperty("os.name")
              + " cannot share a port between listeners (SO_REUSEPORT); listen once and distribute"
              + " the connections");
    }
    channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
  }
}
