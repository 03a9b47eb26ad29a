package dev.goasync.internal.sys;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** {@code sockaddr_in} and {@code sockaddr_in6}. */
public final class SocketAddresses {
  /** Bytes of the larger one. */
  public static final int MAX_BYTES = 28;

  private static final int V4_BYTES = 16;
  private static final int PORT_AT = 2;
  private static final int V4_ADDRESS_AT = 4;
  private static final int V6_ADDRESS_AT = 8;
  private static final int V6_SCOPE_AT = 24;

  private SocketAddresses() {}

  /** The address family of a resolved address. */
  public static int family(InetAddress address) {
    return address instanceof Inet6Address ? Linux.AF_INET6 : Linux.AF_INET;
  }

  /** Writes an address into {@code target}; returns its length in bytes. */
  public static int encode(InetAddress address, int port, ByteBuffer target) {
    target.put(0, new byte[MAX_BYTES]);
    target.putShort(0, (short) family(address));
    target.put(PORT_AT, (byte) (port >>> 8)); // in network order, whatever the machine's is
    target.put(PORT_AT + 1, (byte) port);
    byte[] bytes = address.getAddress();
    if (address instanceof Inet6Address v6) {
      target.put(V6_ADDRESS_AT, bytes);
      target.putInt(V6_SCOPE_AT, v6.getScopeId());
      return MAX_BYTES;
    }
    target.put(V4_ADDRESS_AT, bytes);
    return V4_BYTES;
  }

  /** Reads an address; one of IPv4 that came as IPv6 is one of IPv4. */
  public static InetSocketAddress decode(ByteBuffer source) {
    int family = source.getShort(0);
    int port = (source.get(PORT_AT) & 0xFF) << 8 | (source.get(PORT_AT + 1) & 0xFF);
    try {
      if (family == Linux.AF_INET) {
        byte[] bytes = bytes(source, V4_ADDRESS_AT, 4);
        return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
      }
      if (family == Linux.AF_INET6) {
        return new InetSocketAddress(decodeV6(source), port);
      }
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
    throw new IllegalArgumentException("unknown address family " + family);
  }

  private static InetAddress decodeV6(ByteBuffer source) throws UnknownHostException {
    byte[] bytes = bytes(source, V6_ADDRESS_AT, 16);
    int scope = source.getInt(V6_SCOPE_AT);
    InetAddress plain = InetAddress.getByAddress(bytes);
    return plain instanceof Inet6Address && scope != 0
        ? Inet6Address.getByAddress(null, bytes, scope)
        : plain;
  }

  private static byte[] bytes(ByteBuffer source, int at, int count) {
    byte[] bytes = new byte[count];
    source.get(at, bytes);
    return bytes;
  }
}
