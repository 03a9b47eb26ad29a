package dev.goasync.internal.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/** {@code sockaddr_in} and {@code sockaddr_in6}. */
public final class SocketAddresses {
  /** Bytes of the larger one. */
  public static final int MAX_BYTES = 28;

  private static final int V4_BYTES = 16;
  private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  private SocketAddresses() {}

  /** The address family of a resolved address. */
  public static int family(InetAddress address) {
    return address instanceof Inet6Address ? Linux.AF_INET6 : Linux.AF_INET;
  }

  /** Writes an address into {@code target}; returns its length in bytes. */
  public static int encode(InetAddress address, int port, MemorySegment target) {
    target.asSlice(0, MAX_BYTES).fill((byte) 0);
    target.set(JAVA_SHORT, 0, (short) family(address));
    target.set(PORT, 2, (short) port);
    byte[] bytes = address.getAddress();
    if (address instanceof Inet6Address v6) {
      MemorySegment.copy(bytes, 0, target, JAVA_BYTE, 8, bytes.length);
      target.set(JAVA_INT, 24, v6.getScopeId());
      return MAX_BYTES;
    }
    MemorySegment.copy(bytes, 0, target, JAVA_BYTE, 4, bytes.length);
    return V4_BYTES;
  }

  /** Reads an address; one of IPv4 that came as IPv6 is one of IPv4. */
  public static InetSocketAddress decode(MemorySegment source) {
    int family = source.get(JAVA_SHORT, 0);
    int port = source.get(PORT, 2) & 0xFFFF;
    try {
      if (family == Linux.AF_INET) {
        byte[] bytes = source.asSlice(4, 4).toArray(JAVA_BYTE);
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

  private static InetAddress decodeV6(MemorySegment source) throws UnknownHostException {
    byte[] bytes = source.asSlice(8, 16).toArray(JAVA_BYTE);
    int scope = source.get(JAVA_INT, 24);
    InetAddress plain = InetAddress.getByAddress(bytes);
    return plain instanceof Inet6Address && scope != 0
        ? Inet6Address.getByAddress(null, bytes, scope)
        : plain;
  }
}
