package dev.goasync.internal.simulated;

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
import dev.goasync.internal.simulated.local.Pipe;
import dev.goasync.internal.simulated.local.UnixConnector;
import dev.goasync.internal.simulated.local.UnixListener;
import dev.goasync.internal.simulated.resource.NotSimulated;
import dev.goasync.internal.simulated.resource.SocketOptionValues;
import dev.goasync.internal.sys.AbstractAddress;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens the sockets and files of one life of a simulated host. */
final class SimulatedPlatform implements Platform {
  private final HostRun run;

  SimulatedPlatform(HostRun run) {
    this.run = run;
  }

  private static InetSocketAddress checkInternet(SocketAddress address)
      throws UnknownHostException {
    return switch (address) {
      case InetSocketAddress inet when inet.isUnresolved() ->
          throw new UnknownHostException(inet.getHostString());
      case InetSocketAddress inet -> inet;
      case UnixDomainSocketAddress _, AbstractAddress _ ->
          throw NotSimulated.exception("Unix datagrams");
      default -> throw new UnsupportedAddressTypeException();
    };
  }

  private static boolean isUnix(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress || address instanceof AbstractAddress;
  }

  @Override
  public StreamHandle connect(SocketAddress remote, @Nullable SocketAddress local)
      throws IOException {
    if (isUnix(remote)) {
      return UnixConnector.connect(run, run.unixNames, remote);
    }
    InetSocketAddress checked = checkInternet(remote);
    run.checkDescriptors(() -> IoErrors.ofBind(Errno.EMFILE, remote));
    SimulatedUnconnected socket = new SimulatedUnconnected(run, SocketOptionValues.ofStream());
    try {
      if (local != null) {
        socket.bind(checkInternet(local));
      }
      return socket.connect(checked, Pollable.Timed.NO_TIMEOUT);
    } finally {
      socket.close(); // no effect if it is connected
    }
  }

  @Override
  public UnconnectedHandle openTcp(boolean listening) throws IOException {
    run.checkDescriptors(() -> IoErrors.ofSocket(Errno.EMFILE, "a new socket"));
    return new SimulatedUnconnected(
        run, listening ? SocketOptionValues.ofListener() : SocketOptionValues.ofStream());
  }

  @Override
  public ListenerHandle listen(SocketAddress local, int backlog, boolean sharePort)
      throws IOException {
    run.checkDescriptors(() -> IoErrors.ofBind(Errno.EMFILE, local));
    if (isUnix(local)) {
      return new UnixListener(run, run.unixNames, local, backlog);
    }
    InetSocketAddress checked = run.ports.check(checkInternet(local));
    return new SimulatedListener(run, SocketOptionValues.ofListener(), checked, backlog, sharePort);
  }

  @Override
  public DatagramHandle openDatagrams(SocketAddress local, boolean sharePort) throws IOException {
    InetSocketAddress checked = run.ports.check(checkInternet(local));
    run.checkDescriptors(() -> IoErrors.ofBind(Errno.EMFILE, local));
    return new SimulatedDatagrams(run, checked, sharePort);
  }

  @Override
  public FileHandle openFile(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return run.files.openFile(path, options, attributes);
  }

  @Override
  public DirectoryHandle openDirectory(Path path) throws IOException {
    return run.files.openDirectory(path);
  }

  @Override
  public PipeHandle.Standard standardStream(int number, String name) {
    return run.program.streams().open(run, number, name);
  }

  @Override
  public PipeHandle.Ends openPipe() throws IOException {
    return Pipe.open(run);
  }

  @Override
  public WatchHandle openWatch() throws IOException {
    run.checkDescriptors(() -> new IOException("files cannot be watched: too many open files"));
    return new SimulatedWatch(run);
  }

  @Override
  public Pollable.Handle pollable(int fd) {
    throw NotSimulated.exception("descriptors");
  }

  @Override
  public OpenDescriptor openDescriptor(int fd) {
    throw NotSimulated.exception("descriptors");
  }

  @Override
  public SocketAddress abstractAddress(String name) {
    return AbstractAddress.of(name);
  }

  @Override
  public void removeSocketFile(Path file) throws IOException {
    run.unixNames.deleteFile(file);
  }

  @Override
  public ChildHandle launch(LaunchSpec spec) throws IOException {
    return new ProgramLauncher(run, spec).launch();
  }

  @Override
  public TerminalHandle terminal() {
    throw NotSimulated.exception("a terminal");
  }
}
