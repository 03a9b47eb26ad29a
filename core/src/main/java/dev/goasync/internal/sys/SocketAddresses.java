package dev.goasync.internal.sys;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.UnsupportedAddressTypeException;

/** Encodes and decodes {@code sockaddr_in}, {@code sockaddr_in6} and {@code sockaddr_un}. */
public final class SocketAddresses {
  /** The size of the largest encoded address, rounded up. */
  public static final int MAX_BYTES = 112;

  private static final int V4_BYTES = 16;
  private static final int V6_BYTES = 28;
  private static final int PORT_AT = 2;
  private static final int V4_ADDRESS_AT = 4;
  private static final int V6_ADDRESS_AT = 8;
  private static final int V6_SCOPE_AT = 24;

  /** The offset of the NUL-terminated path in an encoded Unix socket address. */
  public static final int UNIX_PATH_AT = 2;

  private static final int MAX_NAME_BYTES = 107;

  private SocketAddresses() {}

  /**
   * Returns the address family.
   *
   * @throws UnknownHostException if the address is not resolved
   * @throws UnsupportedAddressTypeException if the address is of another type
   */
  public static int family(SocketAddress address) throws UnknownHostException {
    return switch (address) {
      case InetSocketAddress inet ->
          resolved(inet) instanceof Inet6Address ? Linux.AF_INET6 : Linux.AF_INET;
      case UnixDomainSocketAddress _, AbstractAddress _ -> Linux.AF_UNIX;
      default -> throw new UnsupportedAddressTypeException();
    };
  }

  private static InetAddress resolved(InetSocketAddress address) throws UnknownHostException {
    InetAddress resolved = address.getAddress();
    if (resolved == null) {
      throw new UnknownHostException(address.getHostString());
    }
    return resolved;
  }

  /**
   * Writes an address into {@code target}; returns its length in bytes.
   *
   * @throws UnknownHostException if the address is not resolved
   * @throws SocketException if a path is too long for a socket
   */
  public static int encode(SocketAddress address, ByteBuffer target)
      throws UnknownHostException, SocketException {
    target.put(0, new byte[MAX_BYTES]);
    target.putShort(0, (short) family(address));
    return switch (address) {
      case InetSocketAddress inet -> encode(resolved(inet), inet.getPort(), target);
      case UnixDomainSocketAddress path ->
          encode(PathNames.encode(path.getPath()), 1, path, target);
      case AbstractAddress named -> encode(named.bytes(), 0, named, target);
      default -> throw new UnsupportedAddressTypeException();
    };
  }

  /** Encodes an address for an IPv6 socket that serves both families: IPv4 becomes mapped IPv6. */
  public static int encodeForBoth(InetSocketAddress address, ByteBuffer target)
      throws UnknownHostException, SocketException {
    int length = encode(address, target);
    if (length == V6_BYTES) {
      return length;
    }
    int v4 = target.getInt(V4_ADDRESS_AT);
    target.putShort(0, (short) Linux.AF_INET6);
    target.putInt(V4_ADDRESS_AT, 0);
    target.putShort(V6_ADDRESS_AT + 10, (short) -1); // ::ffff:0:0/96
    target.putInt(V6_ADDRESS_AT + 12, v4);
    return V6_BYTES;
  }

  private static int encode(InetAddress address, int port, ByteBuffer target) {
    target.put(PORT_AT, (byte) (port >>> 8)); // network byte order
    target.put(PORT_AT + 1, (byte) port);
    byte[] bytes = address.getAddress();
    if (address instanceof Inet6Address v6) {
      target.put(V6_ADDRESS_AT, bytes);
      target.putInt(V6_SCOPE_AT, v6.getScopeId());
      return V6_BYTES;
    }
    target.put(V4_ADDRESS_AT, bytes);
    return V4_BYTES;
  }

  private static int encode(byte[] name, int terminator, SocketAddress address, ByteBuffer target)
      throws SocketException {
    if (name.length > MAX_NAME_BYTES) {
      throw new SocketException(
          "the name of a Unix socket has at most "
              + MAX_NAME_BYTES
              + " bytes; this one has "
              + name.length
              + ": "
              + address);
    }
    target.put(UNIX_PATH_AT, name);
    return name.length == 0 ? UNIX_PATH_AT : UNIX_PATH_AT + name.length + terminator;
  }

  /** Decodes the address that {@code getsockname} or {@code getpeername} returned last. */
  public static SocketAddress decode(SystemCalls calls) {
    return decode(calls.scratch(), 0, calls.addressLength());
  }

  /** Decodes an address of {@code length} bytes; mapped IPv6 addresses become IPv4. */
  public static SocketAddress decode(ByteBuffer source, int at, int length) {
    int family = source.getShort(at);
    int port = (source.get(at + PORT_AT) & 0xFF) << 8 | (source.get(at + PORT_AT + 1) & 0xFF);
    try {
      return switch (family) {
        case Linux.AF_INET ->
            new InetSocketAddress(
                InetAddress.getByAddress(bytes(source, at + V4_ADDRESS_AT, 4)), port);
        case Linux.AF_INET6 -> new InetSocketAddress(decodeV6(source, at), port);
        case Linux.AF_UNIX -> decodeName(source, at + UNIX_PATH_AT, length - UNIX_PATH_AT);
        default -> throw new IllegalArgumentException("unknown address family " + family);
      };
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static InetAddress decodeV6(ByteBuffer source, int at) throws UnknownHostException {
    byte[] bytes = bytes(source, at + V6_ADDRESS_AT, 16);
    int scope = source.getInt(at + V6_SCOPE_AT);
    InetAddress plain = InetAddress.getByAddress(bytes);
    return plain instanceof Inet6Address && scope != 0
        ? Inet6Address.getByAddress(null, bytes, scope)
        : plain;
  }

  /** An unnamed socket has the empty path, as in the JDK. */
  private static SocketAddress decodeName(ByteBuffer source, int at, int length) {
    byte[] name = bytes(source, at, Math.max(length, 0));
    if (name.length > 0 && name[0] == 0) {
      return new AbstractAddress(name);
    }
    int end = 0;
    while (end < name.length && name[end] != 0) {
      end++;
    }
    return UnixDomainSocketAddress.of(PathNames.decode(name, end));
  }

  private static byte[] bytes(ByteBuffer source, int at, int count) {
    byte[] bytes = new byte[count];
    source.get(at, bytes);
    return bytes;
  }
}
