package dev.goasync.internal.sys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.SocketAddress;
import java.util.Arrays;

/** A Unix socket address in the abstract namespace; see {@code unix(7)}. Immutable. */
public final class AbstractAddress extends SocketAddress {
  private static final long serialVersionUID = 1;

  private final byte[] name;

  /**
   * @param name the name, with its leading NUL
   */
  AbstractAddress(byte[] name) {
    this.name = name;
  }

  /** Returns the address of a name. */
  public static AbstractAddress of(String name) {
    return new AbstractAddress(("\0" + name).getBytes(UTF_8));
  }

  byte[] bytes() {
    return name;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AbstractAddress address && Arrays.equals(name, address.name);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(name);
  }

  /** As {@code ss} and {@code netstat} print it. */
  @Override
  public String toString() {
    return "@" + new String(name, 1, name.length - 1, UTF_8);
  }
}
