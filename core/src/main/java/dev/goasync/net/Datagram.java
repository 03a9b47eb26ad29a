package dev.goasync.net;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A datagram that was received or is to be sent.
 *
 * @param content its bytes, from the position to the limit
 * @param address the sender of a received datagram, the receiver of one to be sent
 */
public record Datagram(ByteBuffer content, SocketAddress address) {
  /** Checks that neither component is null. */
  public Datagram {
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(address, "address");
  }
}
