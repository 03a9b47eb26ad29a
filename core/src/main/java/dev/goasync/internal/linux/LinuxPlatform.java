package dev.goasync.internal.linux;

import dev.goasync.internal.linux.file.LinuxDirectory;
import dev.goasync.internal.linux.file.LinuxFile;
import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.linux.io.LinuxPollable;
import dev.goasync.internal.linux.io.NativeBuffer;
import dev.goasync.internal.linux.net.SocketOpener;
import dev.goasync.internal.linux.process.Launcher;
import dev.goasync.internal.linux.process.LinuxPipes;
import dev.goasync.internal.linux.system.LinuxStandard;
import dev.goasync.internal.linux.system.LinuxTerminal;
import dev.goasync.internal.linux.watch.LinuxWatch;
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
import dev.goasync.internal.sys.AbstractAddress;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.FileModes;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.OpenFlags;
import dev.goasync.internal.sys.PathNames;
import dev.goasync.internal.worker.Workers;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.FileSystems;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens files, sockets and processes by system calls, for both Linux backends. */
public final class LinuxPlatform implements Platform {
  /** For io_uring, where an operation on a non-blocking socket would not wait. */
  public static final LinuxPlatform OF_BLOCKING_SOCKETS = new LinuxPlatform(true);

  /** For epoll, where an operation is attempted before a wait for readiness. */
  public static final LinuxPlatform OF_NON_BLOCKING_SOCKETS = new LinuxPlatform(false);

  private static final int NEW_FILE_MODE = 0666;

  private final boolean blocking;
  private final SocketOpener sockets;

  private LinuxPlatform(boolean blocking) {
    this.blocking = blocking;
    sockets = new SocketOpener(blocking);
  }

  @Override
  public FileHandle openFile(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    OpenFlags flags = OpenFlags.of(options);
    int mode = FileModes.of(NEW_FILE_MODE, attributes);
    byte[] encoded = encode(path);
    LinuxIo io = LinuxIo.acquire();
    NativeBuffer buffer = io.acquireBuffer(encoded.length + 1);
    try {
      long nativePath = buffer.putString(encoded);
      int fd = nativePath == 0 ? -Errno.ENAMETOOLONG : io.openCached(encoded, flags.bits());
      if (fd == -Errno.EAGAIN) {
        fd = io.openat(nativePath, flags.bits(), mode, path);
      }
      if (fd < 0) {
        throw IoErrors.ofFile(-fd, path.toString());
      }
      if (flags.deleteOnClose()) {
        Workers.offLoopUncancellable("the removal of " + path, () -> unlink(nativePath));
      }
      return new LinuxFile(new Descriptor(fd, path), flags);
    } finally {
      io.releaseBuffer(buffer);
      io.release();
    }
  }

  private static int unlink(long nativePath) {
    LinuxIo io = LinuxIo.acquireBlocking();
    try {
      return io.calls().unlinkat(nativePath);
    } finally {
      io.release();
    }
  }

  @Override
  public DirectoryHandle openDirectory(Path path) throws IOException {
    return LinuxDirectory.open(path, encode(path));
  }

  private static byte[] encode(Path path) {
    if (path.getFileSystem() != FileSystems.getDefault()) {
      throw new ProviderMismatchException(path + " is not a path of the default file system");
    }
    return PathNames.encode(path.toString().isEmpty() ? path.resolve(".") : path);
  }

  @Override
  public StreamHandle connect(SocketAddress remote, @Nullable SocketAddress local)
      throws IOException {
    return sockets.connect(remote, local);
  }

  @Override
  public UnconnectedHandle openTcp(boolean listening) throws IOException {
    return sockets.openTcp(listening);
  }

  @Override
  public ListenerHandle listen(SocketAddress local, int backlog, boolean sharePort)
      throws IOException {
    return sockets.listen(local, backlog, sharePort);
  }

  @Override
  public DatagramHandle openDatagrams(SocketAddress local, boolean sharePort) throws IOException {
    return sockets.openDatagrams(local, sharePort);
  }

  @Override
  public PipeHandle.Standard standardStream(int number, String name) throws IOException {
    return LinuxStandard.open(number, name);
  }

  @Override
  public PipeHandle.Ends openPipe() throws IOException {
    return LinuxPipes.open();
  }

  @Override
  public WatchHandle openWatch() throws IOException {
    return LinuxWatch.open();
  }

  @Override
  public Pollable.Handle pollable(int fd) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      int flags = io.calls().getFlags(fd);
      if (flags < 0) {
        throw new IOException("descriptor " + fd + " cannot be polled: " + Errno.describe(-flags));
      }
      return new LinuxPollable(Descriptor.unowned(fd, "descriptor " + fd));
    } finally {
      io.release();
    }
  }

  @Override
  public OpenDescriptor openDescriptor(int fd) {
    return new LinuxOpenDescriptor(fd, blocking);
  }

  @Override
  public SocketAddress abstractAddress(String name) {
    return AbstractAddress.of(name);
  }

  @Override
  public ChildHandle launch(LaunchSpec spec) throws IOException {
    return Launcher.launch(spec);
  }

  @Override
  public @Nullable TerminalHandle terminal() {
    return LinuxTerminal.find();
  }
}
