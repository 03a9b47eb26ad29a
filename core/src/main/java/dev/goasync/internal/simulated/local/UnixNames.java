package dev.goasync.internal.simulated.local;

import dev.goasync.internal.simulated.disk.Disk;
import dev.goasync.internal.simulated.disk.DiskException;
import dev.goasync.internal.simulated.disk.Node;
import dev.goasync.internal.simulated.disk.SocketNode;
import dev.goasync.internal.sys.AbstractAddress;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.SocketAddresses;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The names of the Unix sockets that listen in one life of a simulated host. A name is a file of
 * its disk, which stays after a crash, or one in the abstract namespace. Owned by the thread of the
 * simulation.
 */
public final class UnixNames {
  /** The permissions of a new socket file, with the usual mask. */
  private static final int MODE = 0755;

  private final Supplier<Disk> disk;
  private final Function<Path, String> absolute;
  private final IdentityHashMap<Node, UnixListener> files;
  private final Map<AbstractAddress, UnixListener> names;
  private int autoNames;

  /**
   * Creates the names of a host.
   *
   * @param absolute makes the absolute path that the disk knows
   */
  public UnixNames(Supplier<Disk> disk, Function<Path, String> absolute) {
    this.disk = disk;
    this.absolute = absolute;
    this.files = new IdentityHashMap<>();
    this.names = new HashMap<>();
  }

  /** The same names, as a program with another working directory sees them. */
  public UnixNames(UnixNames host, Function<Path, String> absolute) {
    this.disk = host.disk;
    this.absolute = absolute;
    this.files = host.files;
    this.names = host.names;
  }

  /** Gives a listener its name, and returns what frees the name. */
  Runnable bind(UnixListener listener, SocketAddress local) throws IOException {
    checkLength(local);
    return switch (local) {
      case AbstractAddress name -> bind(listener, name);
      case UnixDomainSocketAddress file when isUnnamed(file) -> bind(listener, nextAutoName());
      case UnixDomainSocketAddress file -> bind(listener, file);
      default -> throw new UnsupportedAddressTypeException();
    };
  }

  private Runnable bind(UnixListener listener, AbstractAddress name) throws IOException {
    if (names.putIfAbsent(name, listener) != null) {
      throw IoErrors.ofBind(Errno.EADDRINUSE, name);
    }
    return () -> names.remove(name);
  }

  private Runnable bind(UnixListener listener, UnixDomainSocketAddress file) throws IOException {
    try {
      SocketNode node = disk.get().createSocket(absolute.apply(file.getPath()), MODE);
      files.put(node, listener);
      return () -> files.remove(node);
    } catch (DiskException failed) {
      int errno = failed.errno() == Errno.EEXIST ? Errno.EADDRINUSE : failed.errno();
      throw IoErrors.ofBind(errno, file);
    }
  }

  private AbstractAddress nextAutoName() {
    AbstractAddress name;
    do {
      name = AbstractAddress.of("%05x".formatted(autoNames++));
    } while (names.containsKey(name));
    return name;
  }

  /** The listener that a connection to an address goes to. */
  UnixListener find(SocketAddress remote) throws IOException {
    checkLength(remote);
    UnixListener found =
        switch (remote) {
          case AbstractAddress name -> names.get(name);
          case UnixDomainSocketAddress file when isUnnamed(file) ->
              throw IoErrors.ofConnect(Errno.EINVAL, remote);
          case UnixDomainSocketAddress file -> findFile(file);
          default -> throw new UnsupportedAddressTypeException();
        };
    if (found == null) {
      throw IoErrors.ofConnect(Errno.ECONNREFUSED, remote);
    }
    return found;
  }

  private @Nullable UnixListener findFile(UnixDomainSocketAddress file) throws IOException {
    try {
      Disk used = disk.get();
      return files.get(used.find(used.root(), absolute.apply(file.getPath()), true, false));
    } catch (DiskException failed) {
      throw IoErrors.ofConnect(failed.errno(), file);
    }
  }

  /** Deletes the file of a socket that was closed, if it is there. */
  public void deleteFile(Path file) throws IOException {
    try {
      disk.get().delete(disk.get().root(), absolute.apply(file), false);
    } catch (DiskException failed) {
      if (failed.errno() != Errno.ENOENT) {
        throw IoErrors.ofFile(failed.errno(), file.toString());
      }
    }
  }

  private static boolean isUnnamed(UnixDomainSocketAddress address) {
    return address.getPath().toString().isEmpty();
  }

  private static void checkLength(SocketAddress address) throws IOException {
    var _ = SocketAddresses.encode(address, ByteBuffer.allocate(SocketAddresses.MAX_BYTES));
  }
}
