package dev.goasync.internal.linux.net;

import dev.goasync.internal.linux.io.Descriptor;
import dev.goasync.internal.linux.io.DescriptorCalls;
import dev.goasync.internal.linux.io.LinuxIo;
import dev.goasync.internal.platform.ListenerHandle;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.platform.UnconnectedHandle;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.Memory;
import dev.goasync.internal.sys.SocketAddresses;
import dev.goasync.internal.sys.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;

/** A stream socket before it is connected or listens. */
final class LinuxUnconnected implements UnconnectedHandle {
  private static final InetAddress ANY_V6;

  static {
    try {
      ANY_V6 = Inet6Address.getByAddress(null, new byte[16], -1);
    } catch (java.net.UnknownHostException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  /** The descriptor's name in messages: its address, as soon as that is known. */
  private static final class Name {
    volatile Object address;

    Name(Object address) {
      this.address = address;
    }

    @Override
    public String toString() {
      return address.toString();
    }
  }

  private final Descriptor descriptor;
  private final Name name;
  private final boolean ofBothFamilies;

  private LinuxUnconnected(int fd, Name name, boolean ofBothFamilies) {
    this.descriptor = new Descriptor(fd, name);
    this.name = name;
    this.ofBothFamilies = ofBothFamilies;
  }

  /** Opens a socket of the address family of {@code remote}. */
  static LinuxUnconnected forFamilyOf(SocketAddress remote, boolean blocking) throws IOException {
    int family = SocketAddresses.family(remote);
    LinuxIo io = LinuxIo.acquire();
    try {
      int fd = io.calls().socket(family, Linux.SOCK_STREAM, blocking);
      if (fd < 0) {
        throw IoErrors.ofSocket(-fd, remote);
      }
      return new LinuxUnconnected(fd, new Name(remote), false);
    } finally {
      io.release();
    }
  }

  /** Opens a TCP socket for both families, or for IPv4 on a machine without IPv6. */
  static LinuxUnconnected ofTcp(boolean blocking) throws IOException {
    LinuxIo io = LinuxIo.acquire();
    try {
      SystemCalls calls = io.calls();
      int fd = calls.socket(Linux.AF_INET6, Linux.SOCK_STREAM, blocking);
      boolean both = fd >= 0;
      if (both) {
        calls.setsockopt(fd, Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY, 0);
      } else if (Sockets.isFamilyMissing(fd)) {
        fd = calls.socket(Linux.AF_INET, Linux.SOCK_STREAM, blocking);
      }
      if (fd < 0) {
        throw IoErrors.ofSocket(-fd, "a new socket");
      }
      return new LinuxUnconnected(fd, new Name("a socket that is not connected"), both);
    } finally {
      io.release();
    }
  }

  Descriptor descriptor() {
    return descriptor;
  }

  private int encode(SocketAddress address, ByteBuffer target) throws IOException {
    return ofBothFamilies && address instanceof InetSocketAddress inet
        ? SocketAddresses.encodeForBoth(inet, target)
        : SocketAddresses.encode(address, target);
  }

  @Override
  public void bind(SocketAddress local) throws IOException {
    int result = -Errno.EADDRNOTAVAIL;
    if (ofBothFamilies
        && local instanceof InetSocketAddress inet
        && !inet.isUnresolved()
        && inet.getAddress().isAnyLocalAddress()) {
      result = tryBind(new InetSocketAddress(ANY_V6, inet.getPort()));
    }
    if (result == -Errno.EADDRNOTAVAIL) {
      result = tryBind(local);
    }
    if (result == -Errno.EAFNOSUPPORT || result == -Errno.EINVAL) {
      throw new BindException(local + " is not an address of the socket's family");
    }
    if (result < 0) {
      throw IoErrors.ofBind(-result, local);
    }
    name.address = local;
  }

  private int tryBind(SocketAddress local) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer encoded = Memory.allocate(arena, SocketAddresses.MAX_BYTES);
      int length = encode(local, encoded);
      return DescriptorCalls.with(
          descriptor, (calls, fd) -> calls.bind(fd, Memory.address(encoded), length));
    }
  }

  @Override
  public StreamHandle connect(SocketAddress remote, long threadTimeoutNanos) throws IOException {
    LinuxIo io = LinuxIo.acquire(threadTimeoutNanos);
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer encoded = Memory.allocate(arena, SocketAddresses.MAX_BYTES);
      int length = encode(remote, encoded);
      name.address = remote;
      int result = io.connect(descriptor, Memory.address(encoded), length);
      if (result < 0) {
        throw IoErrors.ofConnect(-result, remote);
      }
      return new LinuxStream(descriptor, remote);
    } finally {
      io.release();
    }
  }

  @Override
  public ListenerHandle listen(int backlog) throws IOException {
    int result = DescriptorCalls.with(descriptor, (calls, fd) -> calls.listen(fd, backlog));
    if (result < 0) {
      throw IoErrors.ofBind(-result, descriptor);
    }
    name.address = localAddress();
    return new LinuxListener(descriptor);
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return Sockets.localAddress(descriptor);
  }

  @Override
  public <T> void setOption(SocketOption<T> option, T value) throws IOException {
    Sockets.setOption(descriptor, option, value);
  }

  @Override
  public <T> T getOption(SocketOption<T> option) throws IOException {
    return Sockets.getOption(descriptor, option);
  }

  @Override
  public void close() throws IOException {
    DescriptorCalls.close(descriptor);
  }
}
